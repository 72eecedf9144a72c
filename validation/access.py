"""Which cases a person may reach."""

from __future__ import annotations

import uuid

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from collector.access import Actor, require_role
from collector.errors import NotFound
from collector.models import Campaign, Clip, ClipStatus, Role, User
from validation.models import CaseStatus, Review, ReviewCase


def reviewable_cases(actor: Actor, campaign: Campaign) -> QuerySet[ReviewCase]:
    """Open cases that the actor may be given: never their own voice, never one they judged.

    Raises RoleMissing unless the actor reviews in this campaign.
    """
    user = require_role(actor, campaign, Role.REVIEWER, Role.CURATOR)
    judged = Review.objects.filter(case=OuterRef("pk"), reviewer=user)
    unleased = Q(leased_until__isnull=True) | Q(leased_until__lt=Now())
    cases = ReviewCase.objects.filter(
        unleased | Q(leased_by=user),
        status=CaseStatus.OPEN,
        clip__status=ClipStatus.TRANSCODED,
        clip__participation__campaign=campaign,
    )
    own = Q(clip__participation__speaker__in=actor.speaker_ids())
    return cases.exclude(own).filter(~Exists(judged))


def case_to_judge(actor: Actor, case_id: uuid.UUID) -> tuple[ReviewCase, User]:
    """The case and the account that judges it; NotFound for a stranger's, RoleMissing otherwise."""
    cases = ReviewCase.objects.select_related("clip__participation__campaign", "clip__prompt")
    case = cases.filter(pk=case_id).first()
    if case is None or case.clip.participation.speaker_id in actor.speaker_ids():
        raise NotFound
    campaign = case.clip.participation.campaign
    return case, require_role(actor, campaign, Role.REVIEWER, Role.CURATOR)


def clip_under_review(actor: Actor, clip_id: uuid.UUID) -> Clip:
    """A clip that is leased to the actor at this moment; NotFound otherwise."""
    leased = ReviewCase.objects.filter(
        leased_by=actor.user, leased_until__gte=Now(), clip__status=ClipStatus.TRANSCODED
    )
    case = leased.filter(clip_id=clip_id).select_related("clip").first() if actor.user else None
    if case is None:
        raise NotFound
    return case.clip
