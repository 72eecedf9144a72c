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

from collector.access import actor_of, campaign_by_slug, require_role
from collector.models import Role
from validation import services
from validation.errors import PolicyInvalid
from validation.models import ReviewPolicy
from validation.vocabulary import MYCROFT, QUALITY, QUESTIONS

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


class TagLines(forms.CharField):
    """Tags, one a line: a known code, or a code and a label of one's own."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """What is stored, as lines."""
        if not isinstance(value, list):
            return value
        return "\n".join(
            tag if isinstance(tag, str) else f"{tag['code']} = {tag['label']}" for tag in value
        )

    def to_python(self, value: Any) -> Any:
        """Lines, as they are stored."""
        lines = [line.strip() for line in (value or "").splitlines() if line.strip()]
        pairs = [[part.strip() for part in line.split("=", 1)] for line in lines]
        return [pair[0] if len(pair) == 1 else dict(zip(("code", "label"), pair, strict=True))
                for pair in pairs]  # fmt: skip


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """All that a curator sets. The service checks it as a whole."""

    tags = TagLines(
        required=False,
        label=gettext_lazy("Tags, one a line, in the order of the keys 1 to 9"),
        help_text=gettext_lazy("A known code, or one of your own with its label: echo = Echo."),
    )
    asks_mycroft = forms.BooleanField(
        required=False,
        label=gettext_lazy("Ask five questions about wake words, as Mycroft did"),
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
        self.fields["tags"].initial = self.instance.tags
        self.fields["asks_mycroft"].initial = bool(self.instance.questions)

    def changes(self) -> dict[str, Any]:
        """What differs from the policy in force, as the service takes it."""
        fields = dict(self.cleaned_data)
        asks = fields.pop("asks_mycroft")
        # Questions of a campaign's own are set by the API, and stay while questions are asked.
        fields["questions"] = (self.initial.get("questions") or list(MYCROFT)) if asks else []
        before = ReviewPolicy.of(self.instance.campaign_id)
        return {name: value for name, value in fields.items() if getattr(before, name) != value}

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
    initial = {"questions": found.questions}
    form = PolicyForm(request.POST or None, instance=found, initial=initial)
    if form.is_valid():
        try:
            services.set_policy(actor, campaign, **form.changes())
        except PolicyInvalid as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved. It holds for every vote from now on."))
            return redirect("policy", slug)
    context = {
        "campaign": campaign, "form": form, "policy": found,
        "known_tags": QUALITY.items(), "known_questions": QUESTIONS,
    }  # fmt: skip
    return render(request, "validation/policy.html", context)
