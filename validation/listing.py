"""What curators look through: lists of cases, the campaign's reviewers, voices set apart."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from collector.models import Campaign, ClipStatus, Role, User
from validation.agreement import campaign_agreement
from validation.models import (
    ClipReport,
    PreScore,
    ReportOutcome,
    ReviewCase,
    ReviewerStanding,
    ReviewPolicy,
    SpeakerQuarantine,
)
from validation.models.cases import DECIDED
from validation.selectors import cases_for_curator, hard_cases


class CaseList(models.TextChoices):
    """A way to look through a campaign's cases."""

    WAITING = "waiting", _("Waiting for you")
    HARD = "hard", _("Hard examples")
    DECIDED = "decided", _("Decided")
    GOLD = "gold", _("Gold clips")


def cases_of_list(campaign: Campaign, which: CaseList) -> QuerySet[ReviewCase]:
    """The list's cases with all that a row shows."""
    newest = PreScore.objects.filter(clip=OuterRef("clip")).order_by("-at")
    reported = ClipReport.objects.filter(case=OuterRef("pk"), status=ReportOutcome.WAITING)
    return (
        _cases(campaign, which)
        .filter(clip__status=ClipStatus.TRANSCODED)
        .annotate(
            match=Subquery(newest.values("match")[:1]),
            heard=Subquery(newest.values("heard")[:1]),
            is_reported=Exists(reported),
        )
        .select_related("clip__prompt", "clip__participation", "gold")
        .prefetch_related("reviews")
    )


def _cases(campaign: Campaign, which: CaseList) -> QuerySet[ReviewCase]:
    if which == CaseList.WAITING:
        return cases_for_curator(campaign)
    if which == CaseList.HARD:
        return hard_cases(campaign)
    if which == CaseList.GOLD:
        return ReviewCase.objects.filter(gold__campaign=campaign).order_by("gold__pinned_at")
    decided = ReviewCase.objects.filter(campaign=campaign, status__in=DECIDED)
    return decided.order_by("-decided_at", "pk")


def list_counts(campaign: Campaign) -> dict[CaseList, int]:
    """How many wait, and how many are gold: what a curator should see without looking."""
    return {
        CaseList.WAITING: cases_of_list(campaign, CaseList.WAITING).count(),
        CaseList.GOLD: cases_of_list(campaign, CaseList.GOLD).count(),
    }


def people_of(campaign: Campaign, only: User | None = None) -> list[dict[str, Any]]:
    """Who reviews in a campaign, or ``only`` one of them, each with what is known of them."""
    users = User.objects.filter(
        memberships__campaign=campaign, memberships__role__in=[Role.REVIEWER, Role.CURATOR]
    ).distinct()
    if only is not None:
        users = users.filter(pk=only.pk)
    standings = ReviewerStanding.objects.filter(campaign=campaign)
    by_user = {standing.reviewer_id: standing for standing in standings}
    return [{"user": user, "standing": by_user.get(user.pk)} for user in users.order_by("email")]


def agreement_shown(campaign: Campaign) -> dict[str, Any]:
    """The campaign's agreement, and that on each tag in the campaign's own words."""
    found = campaign_agreement(campaign)
    labels = ReviewPolicy.of(campaign.pk).vocabulary.in_words
    by_tag: Any = found["tags"]
    tags = [{"label": labels.get(code, code), **figures} for code, figures in by_tag.items()]
    return {"campaign": found["campaign"], "tags": tags}


def voices_apart(campaign: Campaign) -> QuerySet[SpeakerQuarantine]:
    """The speakers who are set apart."""
    apart = SpeakerQuarantine.objects.filter(participation__campaign=campaign)
    return apart.select_related("participation", "by").order_by("at")
