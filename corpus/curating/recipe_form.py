"""By which rules a release is cut, as a form. What holds and what does not, the recipe decides."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from collector.models import Campaign, PromptKind
from corpus.curating.forms import show_refusal
from corpus.errors import PercentsInvalid, RecipeInvalid
from corpus.recipe import Recipe, ReleasePurpose, SplitRule
from validation.models import ReviewPolicy

SHARES: Final = ("validation_percent", "testing_percent")
_NUMBERS: Final = {
    "snr_db_min": _("Decibels above the noise, at least"),
    "duration_s_min": _("Seconds, at least"),
    "duration_s_max": _("Seconds, at most"),
    "match_min": _("Probability by the machine, at least, 0 to 1"),
    "match_max": _("Probability by the machine, at most: finds hard examples"),
    "agreement_min": _("Share of accepting votes, at least, 0 to 1"),
    "hours_max": _("Hours in all, at most"),
}
_COUNTS: Final = {
    "clips_per_speaker_max": _("Clips of one speaker, at most"),
    "clips_per_prompt_max": _("Clips of one prompt, at most"),
}
_NOTHING: Final[tuple[Any, ...]] = (None, "", [])
#: Lists of speakers are for the API and the command: nobody types pseudonyms into a page.
_SPLIT_RULES: Final = [each for each in SplitRule.choices if each[0] != SplitRule.FIXED]


class RecipeForm(forms.Form):
    """The shares of the split, and all that leaves clips out; empty leaves nothing out."""

    validation_percent = forms.FloatField(label=_("Validation, %"), initial=10)
    testing_percent = forms.FloatField(label=_("Testing, %"), initial=10)
    split_rule = forms.ChoiceField(label=_("How clips come into splits"), choices=_SPLIT_RULES)
    purpose = forms.ChoiceField(
        label=_("What it is cut for"), choices=ReleasePurpose.choices, required=False
    )
    kinds = forms.MultipleChoiceField(
        label=_("Only these kinds of prompts"),
        choices=PromptKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    tags = forms.MultipleChoiceField(
        label=_("Only clips with all of these tags"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    tags_excluded = forms.MultipleChoiceField(
        label=_("No clip with any of these tags"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, campaign: Campaign, *args: Any) -> None:
        super().__init__(*args)
        self.label_suffix = ""
        words = list(ReviewPolicy.of(campaign.pk).vocabulary.in_words.items())
        for name in ("tags", "tags_excluded"):
            self.fields[name].choices = words  # type: ignore[attr-defined]
        for name, label in _NUMBERS.items():
            self.fields[name] = forms.FloatField(label=label, required=False)
        for name, label in _COUNTS.items():
            self.fields[name] = forms.IntegerField(label=label, required=False)

    @property
    def shares(self) -> list[forms.BoundField]:
        """What every release needs."""
        return [self[name] for name in SHARES]

    @property
    def further(self) -> list[forms.BoundField]:
        """What most need not."""
        return [self[name] for name in self.fields if name not in SHARES]

    @property
    def has_further(self) -> bool:
        """Whether any of it was said, or is wrong."""
        said = (name for name in self.fields if name not in SHARES)
        return any(name in self.errors or name in self.changed_data for name in said)

    def recipe(self) -> Recipe | None:
        """The recipe; None, with the reasons beside the fields, where there cannot be one."""
        if not self.is_valid():
            return None
        said = {name: value for name, value in self.cleaned_data.items() if value not in _NOTHING}
        try:
            return Recipe.of(said)
        except RecipeInvalid as error:
            show_refusal(self, error)
        except PercentsInvalid as error:
            self.add_error("testing_percent", str(error))
        return None
