"""What happens to a case: opened, handed out, judged, and let go."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from collector.access import Actor
from collector.errors import ClipWithdrawn
from collector.events import announce
from collector.locks import lock_live_clip
from collector.models import Campaign, Clip, EventKind
from collector.services import mark_taken_up
from validation import rules
from validation.access import case_to_judge, reviewable_cases
from validation.errors import AlreadyVoted, CaseDecided, LeaseLost
from validation.models import CaseStatus, PreScore, Review, ReviewCase, Verdict


@transaction.atomic
def open_case(clip_id: uuid.UUID) -> ReviewCase | None:
    """Take a transcoded clip into the validation; the same clip again is the same case."""
    if lock_live_clip(clip_id) is None:
        return None
    case, _ = ReviewCase.objects.get_or_create(clip_id=clip_id)
    mark_taken_up(clip_id)
    return case


@transaction.atomic
def lease_next_case(actor: Actor, campaign: Campaign) -> ReviewCase | None:
    """The next clip for this reviewer, theirs alone for a while; None when nothing waits.

    ``SKIP LOCKED``: reviewers who ask at the same moment get different clips, without waiting.
    """
    cases = reviewable_cases(actor, campaign).select_for_update(of=("self",), skip_locked=True)
    case = cases.order_by("-priority", "created_at").first()
    if case is None:
        return None
    lease = timedelta(seconds=settings.REVIEW_LEASE_S)
    ReviewCase.objects.filter(pk=case.pk).update(leased_by=actor.user, leased_until=Now() + lease)
    case.refresh_from_db()
    return case


@transaction.atomic
def cast_vote(actor: Actor, case_id: uuid.UUID, verdict: Verdict) -> tuple[ReviewCase, bool]:
    """Record a vote and decide the case when it is the last one needed.

    Returns the case and whether the vote is new: the same vote twice is harmless. Raises NotFound,
    RoleMissing, AlreadyVoted (another verdict before), CaseDecided or LeaseLost.
    """
    case, reviewer = case_to_judge(actor, case_id)
    if lock_live_clip(case.clip_id) is None:
        raise ClipWithdrawn
    case = ReviewCase.objects.select_for_update().get(pk=case_id)
    earlier = Review.objects.filter(case=case, reviewer=reviewer).first()
    if earlier is not None:
        if earlier.verdict != verdict:
            raise AlreadyVoted
        return case, False
    if case.status != CaseStatus.OPEN:
        raise CaseDecided
    leased = ReviewCase.objects.filter(pk=case.pk, leased_by=reviewer, leased_until__gte=Now())
    if not leased.exists():
        raise LeaseLost
    Review.objects.create(case=case, reviewer=reviewer, verdict=verdict)
    announce(EventKind.VOTE_CAST, case.clip_id, verdict=verdict)
    _decide(case)
    return case, True


def _decide(case: ReviewCase) -> None:
    status = rules.decide(case.reviews.values_list("verdict", flat=True))
    case.leased_by, case.leased_until = None, None
    case.save(update_fields=["leased_by", "leased_until"])
    if status == CaseStatus.OPEN:
        return
    if ReviewCase.move(case.pk, CaseStatus.OPEN, status, decided_at=Now()):
        announce(EventKind.CASE_DECIDED, case.clip_id, status=status)
    case.refresh_from_db()


def close_case(clip: Clip) -> None:
    """Take a clip out of the review for good: off the queue, out of every lease, unscored."""
    ReviewCase.objects.filter(clip=clip).update(
        status=CaseStatus.CLOSED, leased_by=None, leased_until=None, nudge_at=None
    )
    # What the machine heard is what the speaker said: it goes with the voice.
    PreScore.objects.filter(clip=clip).delete()
