"""The forms of a curator's pages. What holds and what does not, the services decide."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from collector.errors import ChoirError
from collector.models import Campaign, CampaignStatus, PromptKind, Purpose, Role
from collector.models.campaign import QUOTAS, RECORDING_RANGES
from collector.models.consent import BASE_PURPOSE
from collector.purposes import WORDINGS
from corpus.services.importing import PUBLIC_DOMAIN

LARGEST_LIST_NUM_BYTES: Final = 10_000_000
ABOUT: Final = ("name", "description", "language", "licence", "goal_clips")
RECORDING: Final = (*RECORDING_RANGES, "keeps_room_tone", "show_heard", "accepts_devices")

_LABELS: Final = {
    "slug": _("Short name, in addresses"),
    "name": _("Name"),
    "description": _("What it is for, for those who would speak"),
    "language": _("Language"),
    "licence": _("Licence of what is published"),
    "goal_clips": _("How many clips it hopes for"),
    "wanted_takes": _("Takes of each prompt"),
    "keyword_takes_per_speaker": _("How often one speaker says a keyword"),
    "sentence_takes_per_speaker": _("How often one speaker reads a sentence"),
    "room_tone_s": _("Seconds of quiet before a set"),
    "silence_keyword_s": _("Seconds of silence that end a keyword"),
    "silence_sentence_s": _("Seconds of silence that end a sentence"),
    "longest_take_s": _("Longest take, in seconds"),
    "prompts_per_set": _("Prompts in a set"),
    "keeps_room_tone": _("Keep the quiet before a set as a noise recording"),
    "show_heard": _("Show speakers what the machine heard"),
    "accepts_devices": _("Take recordings from linked devices"),
}
#: Where the label says it all.
_NO_HELP: Final = (*RECORDING_RANGES, "keeps_room_tone", "show_heard", "accepts_devices")


def show_refusal(form: forms.BaseForm, refused: ChoirError) -> None:
    """Put what the service said beside the fields."""
    for name, sentences in refused.extra["fields"].items():
        form.add_error(name if name in form.fields else None, sentences)


class CampaignForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a campaign is, how much it wants of what, and how it is recorded."""

    class Meta:
        model = Campaign
        fields = (*ABOUT, *QUOTAS, *RECORDING)
        labels = _LABELS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)
        self.fields["description"].widget.attrs["rows"] = 3
        for name in _NO_HELP:
            self.fields[name].help_text = ""
        if self.instance.status != CampaignStatus.DRAFT:
            for name in ("language", "licence"):
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Fixed since the campaign opened.")

    @property
    def parts(self) -> list[tuple[str, Any, list[forms.BoundField]]]:
        """The fields in their groups: a name for each, its title, and what is in it."""
        groups = (
            ("about", _("What it is"), ABOUT),
            ("wanted", _("How much of each prompt"), QUOTAS),
            ("recorded", _("How it is recorded"), RECORDING),
        )
        return [(key, title, [self[name] for name in names]) for key, title, names in groups]

    def _post_clean(self) -> None:
        """Nothing: the service checks the whole campaign, as it is in the database."""


class NewCampaignForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a campaign cannot begin without."""

    class Meta:
        model = Campaign
        fields = ("name", "slug", "description", "language", "licence")
        labels = _LABELS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)
        self.fields["description"].widget.attrs["rows"] = 3

    def _post_clean(self) -> None:
        """Nothing: the service checks it."""


class PromptListForm(forms.Form):
    """Texts to read, pasted or as a file, and where they come from."""

    texts = forms.CharField(
        label=_("Texts, one a line"),
        required=False,
        max_length=1_000_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    file = forms.FileField(
        label=_("Or a file of them"),
        required=False,
        help_text=_("Lines of text, or TSV with columns such as text, kind, topic, source."),
    )
    kind = forms.ChoiceField(
        label=_("What they are"),
        choices=[(each.value, each.label) for each in (PromptKind.KEYWORD, PromptKind.SENTENCE)],
    )
    source = forms.CharField(
        label=_("Where they come from"),
        max_length=200,
        help_text=_("A book, a corpus, or “our own”."),
    )
    licence = forms.ChoiceField(label=_("Their licence"))

    def __init__(self, campaign: Campaign, *args: Any) -> None:
        super().__init__(*args)
        self.label_suffix = ""
        licences = dict.fromkeys((campaign.licence, *PUBLIC_DOMAIN))
        self.fields["licence"].choices = [(each, each) for each in licences]  # type: ignore[attr-defined]
        self.fields["texts"].widget.attrs.update(lang=campaign.language, dir="auto")

    def clean(self) -> dict[str, Any]:
        """One of the two, and a file of a size that a page can take."""
        said = super().clean() or {}
        file = said.get("file")
        if file is not None and file.size > LARGEST_LIST_NUM_BYTES:
            self.add_error(
                "file", _("Over 10 MB. Use manage.py import_prompts for so long a list.")
            )
        elif bool(file) == bool((said.get("texts") or "").strip()):
            self.add_error("texts", _("Paste texts or choose a file: one of the two."))
        return said

    @property
    def content(self) -> bytes:
        """What was given, as a file holds it."""
        file = self.cleaned_data["file"]
        return file.read() if file else str(self.cleaned_data["texts"]).encode()


class ConsentTextForm(forms.Form):
    """What speakers agree to, and what they may tick besides."""

    body = forms.CharField(
        label=_("The text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 12})
    )
    purposes = forms.MultipleChoiceField(
        label=_("What may be ticked besides"),
        choices=[(each, WORDINGS[each]) for each in Purpose if each != BASE_PURPOSE],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class TermsForm(forms.Form):
    """What researchers promise."""

    body = forms.CharField(
        label=_("The terms"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 8})
    )


class MemberForm(forms.Form):
    """Somebody with an account, and what they may do."""

    email = forms.EmailField(label=_("Their e-mail address"))
    role = forms.ChoiceField(label=_("What they do"), choices=Role.choices)
