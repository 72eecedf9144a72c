"""How a campaign judges: rule, numbers, guidelines, tags and questions, as a form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from collector.access import actor_of, campaign_by_slug, require_role
from collector.models import Role
from validation import services
from validation.errors import PolicyInvalid
from validation.models import ReviewPolicy
from validation.selectors import latest_redecision, num_voted
from validation.views.lines import QuestionLines, TagLines
from validation.vocabulary import MYCROFT, QUALITY, Vocabulary

_LABELS = {
    "name": gettext_lazy("Rule"),
    "mode_default": gettext_lazy("How the desk asks"),
    "error_bound": gettext_lazy("Chance of a wrong verdict"),
    "max_votes": gettext_lazy("People asked at most"),
    "set_aside_bound": gettext_lazy("The machine alone sets aside below"),
    "blind_share": gettext_lazy("Share judged without the machine, to measure it"),
    "drift_bound": gettext_lazy("The machine may be off by"),
    "prior_right": gettext_lazy("Share of right clips, where the machine has no say"),
    "gold_share": gettext_lazy("Share of gold clips"),
    "needs_person_to_accept": gettext_lazy("No clip is accepted that no person has heard"),
    "trusts_machine": gettext_lazy("The machine has a say"),
    "hides_machine": gettext_lazy("Reviewers do not see what the machine thinks"),
    "guidelines": gettext_lazy("What reviewers are told"),
}


_GROUPS = (
    (
        gettext_lazy("How a clip is decided"),
        ("name", "error_bound", "max_votes", "prior_right", "needs_person_to_accept"),
    ),
    (
        gettext_lazy("What the machine may do"),
        ("set_aside_bound", "blind_share", "drift_bound", "trusts_machine", "hides_machine"),
    ),
    (
        gettext_lazy("What reviewers are told and asked"),
        ("mode_default", "gold_share", "guidelines", "tags", "questions"),
    ),
)


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """All that a curator sets. The service checks it as a whole."""

    tags = TagLines(
        required=False,
        label=gettext_lazy("Tags, one a line, in the order of the keys 1 to 9"),
        help_text=gettext_lazy("A known code, or one of your own with its label: echo = Echo."),
    )
    questions = QuestionLines(
        required=False,
        label=gettext_lazy("Questions, in their order, each with its answers"),
        help_text=gettext_lazy(
            "A known code, or a question of your own, with a line for each answer that begins "
            "with a dash. Reviewers answer them one on each card."
        ),
    )

    class Meta:
        model = ReviewPolicy
        fields = tuple(_LABELS)
        labels = _LABELS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in _LABELS:
            self.fields[name].help_text = ""  # the label says it
        self.fields["guidelines"].widget.attrs["rows"] = 4
        self.fields["questions"].widget.attrs["rows"] = 8
        self.fields["tags"].initial = self.instance.tags
        self.fields["questions"].initial = self.instance.questions

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [(title, [self[name] for name in names]) for title, names in _GROUPS]

    def changes(self) -> dict[str, Any]:
        """What differs from the policy in force, as the service takes it."""
        before = ReviewPolicy.of(self.instance.campaign_id)
        fields = self.cleaned_data.items()
        return {name: value for name, value in fields if getattr(before, name) != value}

    def _post_clean(self) -> None:
        """Nothing: the service checks the whole policy, with what it is not told."""


@login_required
@never_cache
def policy(request: HttpRequest, slug: str) -> HttpResponse:
    """The campaign's review policy; for its curators."""
    actor = actor_of(request)
    campaign = campaign_by_slug(actor, slug)
    require_role(actor, campaign, Role.CURATOR)
    found = ReviewPolicy.of(campaign.pk)
    asked = request.POST.copy() if request.method == "POST" else None
    is_preset = asked is not None and "preset" in asked
    if asked is not None and is_preset:
        asked["questions"] = "\n".join(MYCROFT)
    form = PolicyForm(asked, instance=found)
    if form.is_valid() and not is_preset:
        try:
            services.set_policy(actor, campaign, **form.changes())
        except PolicyInvalid as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved. It holds for every vote from now on."))
            return redirect("policy", slug)
    context = {
        "campaign": campaign, "form": form, "policy": found,
        "redecision": latest_redecision(campaign), "num_cases": num_voted(campaign),
        "known_tags": QUALITY.items(), "known_questions": Vocabulary.of([], MYCROFT).questions,
    }  # fmt: skip
    return render(request, "validation/policy.html", context)


@require_POST
@login_required
def redecide(request: HttpRequest, slug: str) -> HttpResponse:
    """Earlier cases are brought to the rules of today; for the campaign's curators."""
    actor = actor_of(request)
    services.ask_redecision(actor, campaign_by_slug(actor, slug))
    messages.success(request, _("Earlier clips are being judged anew."))
    return redirect("policy", slug)
