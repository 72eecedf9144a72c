"""Pages for taking back: by the speaker, by a curator for a letter, and the receipt of both."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie

from collector.access import actor_of, campaign_by_slug, require_role
from collector.models import Campaign, Clip, Participation, Role
from collector.models.clip import GONE
from collector.selectors import latest_consent
from corpus.models import ReasonCode
from corpus.services import withdraw_by_letter
from corpus.tombstones import Receipt, foreseen, num_files_erased, receipt_of, request_by_id


@ensure_csrf_cookie
def take_back(request: HttpRequest) -> HttpResponse:
    """Where a speaker takes back, or pauses, more than one clip."""
    context = {"has_speaker": bool(actor_of(request).speaker_ids())}
    return render(request, "corpus/take_back.html", context)


@never_cache
def receipt(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """What became of a withdrawal, for whoever has its address: live, and to print."""
    found = request_by_id(request_id)
    told = receipt_of(found)
    context = {
        "receipt": told,
        "is_unsettled": _is_being_erased(told),
        "controller": settings.CONTROLLER_EMAIL,
        "request_": found,
        "num_files": num_files_erased(found),
        "address": request.build_absolute_uri(request.path),
    }
    response = render(request, "corpus/withdrawal.html", context)
    # The address is a secret: it goes into no search engine, and along with no link.
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _is_being_erased(told: Receipt) -> bool:
    """Whether something happens without anybody's doing; a hold may stand for years."""
    left = told["num_clips"] - told["num_erased"]
    waits_for_holds = told["num_held"] == left > 0
    return told["completed_at"] is None and not waits_for_holds


@never_cache
def letters(request: HttpRequest, slug: str) -> HttpResponse:
    """Where a curator takes clips back for somebody who wrote a letter: looked at, then done."""
    actor = actor_of(request)
    campaign = campaign_by_slug(actor, slug)
    require_role(actor, campaign, Role.CURATOR)
    form = LetterForm(campaign, request.POST or None)
    context: dict[str, Any] = {"campaign": campaign, "form": form}
    if form.is_valid():
        said = form.cleaned_data
        if "confirm" in request.POST:
            made = withdraw_by_letter(
                actor,
                campaign,
                said["clips"],
                letter=said["letter"],
                voices=said["voices"],
                reason_code=ReasonCode(said["reason_code"]),
                reason=said["reason"],
            )
            return redirect("withdrawal", made.pk)
        context["foreseen"] = foreseen(said["clips"])
        context["is_whole_voice"] = said["voices"].exists()
    return render(request, "corpus/letters.html", context)


class LetterForm(forms.Form):
    """What a letter asks for: a voice by its pseudonym, or clips by their ids."""

    whose = forms.CharField(
        label=_("Which clips"),
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_(
            "The voice's pseudonym, for all of its clips in this campaign and the end of its "
            "consent; or the clips' ids, one a line. Both are in every release."
        ),
    )
    letter = forms.CharField(
        label=_("Where the letter is filed"),
        max_length=120,
        help_text=_("Your file number, not a name: it is kept."),
    )
    reason_code = forms.ChoiceField(
        label=_("What the public list says"),
        choices=[(each.value, each.label) for each in (ReasonCode.WITHDRAWN, ReasonCode.LEGAL)],
    )
    reason = forms.CharField(
        label=_("A note on the reason"), max_length=500, required=False, help_text=_("No names.")
    )

    def __init__(self, campaign: Campaign, data: Any) -> None:
        super().__init__(data)
        self.campaign = campaign

    def clean(self) -> dict[str, Any]:
        """With ``clips`` that are meant and still there, and the ``voices`` meant as a whole."""
        said = super().clean() or {}
        words = said.get("whose", "").split()
        voices = Participation.objects.filter(campaign=self.campaign, pseudonym__in=words)
        clips = self._meant(words).exclude(status__in=GONE)
        if "whose" in said and not clips.exists() and not any(map(latest_consent, voices)):
            self.add_error("whose", _("This campaign has no such clips, or they are gone already."))
        return {**said, "clips": clips, "voices": voices}

    def _meant(self, words: list[str]) -> QuerySet[Clip]:
        clips = Clip.objects.filter(participation__campaign=self.campaign)
        try:
            return clips.filter(pk__in=[uuid.UUID(word) for word in words])
        except ValueError:
            return clips.filter(participation__pseudonym__in=words)
