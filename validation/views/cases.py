"""Single clips for those who decide on them: lists, and each one's page with its reasons."""

from __future__ import annotations

import json
import uuid
from typing import Final

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from collector.access import Actor, actor_of, campaign_by_slug, require_role, roles
from collector.models import Campaign, Role
from validation import services
from validation.access import case_to_see
from validation.explaining import explain
from validation.listing import CaseList, cases_of_list, list_counts
from validation.models import CaseStatus, ReportOutcome, Review, ReviewCase, ReviewPolicy
from validation.views.acting import Action, act

PAGE_LENGTH: Final = 25


@login_required
@never_cache
def cases(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits for a curator, what is hard, what was decided, and what is gold."""
    actor = actor_of(request)
    campaign = campaign_by_slug(actor, slug)
    require_role(actor, campaign, Role.CURATOR)
    asked = request.GET.get("list", "")
    shown = CaseList(asked) if asked in CaseList.values else CaseList.WAITING
    counts = list_counts(campaign)
    context = {
        "campaign": campaign,
        "list": shown,
        "lists": [(each, counts.get(each)) for each in CaseList],
        "page": Paginator(cases_of_list(campaign, shown), PAGE_LENGTH).get_page(
            request.GET.get("page")
        ),
    }
    return render(request, "validation/cases.html", context)


@login_required
@never_cache
def case(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """A clip's case: what everybody made of it, why it was decided so, and what can be done."""
    actor = actor_of(request)
    found = case_to_see(actor, case_id)
    if request.method == "POST":
        return act(request, _actions(actor, found))
    latest = found.decisions.order_by("-id").first()
    is_open = found.status == CaseStatus.OPEN
    inputs = services.evidence_so_far(found) if is_open else latest.inputs if latest else {}
    context = {
        "case": found,
        "campaign": found.campaign,
        "is_curator": Role.CURATOR in roles(actor, found.campaign),
        "latest": latest,
        "is_open": is_open,
        "why": explain(inputs),
        "score": found.clip.pre_scores.order_by("-at").first(),
        "votes": _votes(found),
        "stored": json.dumps(latest.inputs, indent=1) if latest and not is_open else "",
        "reports": found.reports.order_by("at"),
        "waits": found.reports.filter(status=ReportOutcome.WAITING).exists(),
        "is_apart": hasattr(found.clip.participation, "quarantine"),
        "gold": getattr(found, "gold", None),
    }
    return render(request, "validation/case.html", context)


def _votes(case: ReviewCase) -> list[tuple[Review, list[str]]]:
    """Each vote, with its tags in words; one that is no longer used here as its code."""
    words = ReviewPolicy.of(case.campaign_id).vocabulary.in_words
    votes = case.reviews.order_by("at", "id")
    return [(vote, [words.get(tag, tag) for tag in vote.tags]) for vote in votes]


def _actions(actor: Actor, case: ReviewCase) -> dict[str, Action]:
    return {
        "accept": lambda request: _decide(actor, case, CaseStatus.ACCEPTED, request),
        "reject": lambda request: _decide(actor, case, CaseStatus.REJECTED, request),
        "send-back": lambda request: _send_back(actor, case, request),
        "pin-right": lambda request: _pin(actor, case, True, request),
        "pin-wrong": lambda request: _pin(actor, case, False, request),
        "unpin": lambda request: _unpin(actor, case),
        "uphold": lambda request: _settle(actor, case, ReportOutcome.UPHELD),
        "dismiss": lambda request: _settle(actor, case, ReportOutcome.DISMISSED),
        "hide-speaker": lambda request: _hide(actor, case, request),
        "show-speaker": lambda request: _show(actor, case),
    }


def _decide(
    actor: Actor, case: ReviewCase, status: CaseStatus, request: HttpRequest
) -> str | Promise:
    text, note = _posted(request, "text", 2_000), _posted(request, "note", 500)
    is_accepted = status == CaseStatus.ACCEPTED
    services.decide_as_curator(actor, case.pk, status, text if is_accepted else "", note)
    return _("Accepted.") if is_accepted else _("Rejected.")


def _send_back(actor: Actor, case: ReviewCase, request: HttpRequest) -> str | Promise:
    services.send_back(actor, case.pk, _posted(request, "note", 500))
    return _("It is with the reviewers again. Earlier votes count no more.")


def _pin(actor: Actor, case: ReviewCase, is_right: bool, request: HttpRequest) -> str | Promise:
    services.pin_gold(
        actor, case.pk, is_right=is_right, is_training="is_training" in request.POST,
        explanation=_posted(request, "explanation", 500),
    )  # fmt: skip
    return _("It is a gold clip now.")


def _unpin(actor: Actor, case: ReviewCase) -> str | Promise:
    services.unpin_gold(actor, case.pk)
    return _("It is no gold clip any more. Your verdict on it stands.")


def _settle(actor: Actor, case: ReviewCase, outcome: ReportOutcome) -> str | Promise:
    services.settle_clip_reports(actor, case.pk, outcome)
    if outcome == ReportOutcome.UPHELD:
        return _("The clip is rejected.")
    return _("The clip is in circulation again.")


def _hide(actor: Actor, case: ReviewCase, request: HttpRequest) -> str | Promise:
    part = case.clip.participation
    note = _posted(request, "note", 500)
    services.quarantine_speaker(actor, _campaign(case), part.pseudonym, note)
    return _("This voice is out of the queue and out of new releases.")


def _show(actor: Actor, case: ReviewCase) -> str | Promise:
    services.release_speaker(actor, _campaign(case), case.clip.participation.pseudonym)
    return _("This voice is in circulation again.")


def _campaign(case: ReviewCase) -> Campaign:
    return case.campaign


def _posted(request: HttpRequest, name: str, longest: int) -> str:
    return request.POST.get(name, "").strip()[:longest]
