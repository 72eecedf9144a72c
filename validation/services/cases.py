"""What happens to a case: opened, judged, taken back, passed on, and let go."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now, TruncDay
from django.utils import timezone

from collector.access import Actor
from collector.errors import ClipWithdrawn, NotFound
from collector.events import announce
from collector.locks import lock_live_clip
from collector.models import Clip, EventKind, User
from collector.services import mark_taken_up
from validation.access import case_to_judge
from validation.errors import (
    AlreadyVoted,
    CaseDecided,
    LeaseLost,
    NotHeard,
    TagUnknown,
    TooLate,
    TranscriptMissing,
)
from validation.models import (
    CaseStatus,
    ClipReport,
    Decision,
    GoldClip,
    GoldVote,
    PreScore,
    Review,
    ReviewCase,
    ReviewPolicy,
    Skip,
    Verdict,
)
from validation.services.curating import hold_or_release
from validation.services.deciding import decide_case, move_case
from validation.services.leasing import require_standing

UNDO: Final = timedelta(seconds=60)
SKIPPED_FOR: Final = timedelta(days=1)


@dataclass(frozen=True)
class Ballot:
    """What a reviewer says of a clip."""

    verdict: Verdict
    tags: list[str] = field(default_factory=list)
    transcript: str = ""
    heard_s: float | None = None
    played_to_end: bool = False


@dataclass(frozen=True)
class Cast:
    """A vote that counts: whether it is new, and what a training clip answers."""

    case: ReviewCase
    is_new: bool
    can_undo_until: datetime
    training: GoldClip | None = None


@transaction.atomic
def open_case(clip_id: uuid.UUID) -> ReviewCase | None:
    """Take a transcoded clip into the validation; the same clip again is the same case."""
    if lock_live_clip(clip_id) is None:
        return None
    case, is_new = ReviewCase.objects.get_or_create(clip_id=clip_id)
    if is_new:
        hold_or_release(ReviewCase.objects.filter(pk=case.pk))
    mark_taken_up(clip_id)
    return case


@transaction.atomic
def cast_vote(actor: Actor, case_id: uuid.UUID, ballot: Ballot | Verdict) -> Cast:
    """Record a vote and decide the case when it is the last one needed.

    The same vote twice is harmless. Raises NotFound, OwnClip, RoleMissing, SetApart, TagUnknown,
    NotHeard, TranscriptMissing, ClipWithdrawn, AlreadyVoted (another verdict before), CaseDecided
    or LeaseLost.
    """
    if isinstance(ballot, Verdict):
        ballot = Ballot(ballot, played_to_end=True)
    case, reviewer = case_to_judge(actor, case_id)
    require_standing(reviewer, case.campaign)
    if lock_live_clip(case.clip_id) is None:
        raise ClipWithdrawn
    case = ReviewCase.objects.select_for_update(of=("self",)).get(pk=case_id)
    gold = _gold_in_hand(case, reviewer)
    if gold is not None:
        return _judge_gold(case, gold, ballot)
    earlier = Review.objects.filter(case=case, reviewer=reviewer).first()
    if earlier is not None:
        if earlier.verdict != ballot.verdict:
            raise AlreadyVoted
        return Cast(case, False, earlier.at + UNDO)
    if case.status != CaseStatus.OPEN or case.is_held:
        raise CaseDecided
    if not _holds(case, reviewer):
        raise LeaseLost
    _check(case, ballot)
    review = Review.objects.create(
        case=case,
        reviewer=reviewer,
        verdict=ballot.verdict,
        tags=sorted(set(ballot.tags)),
        transcript=ballot.transcript.strip(),
        heard_s=ballot.heard_s,
    )
    announce(EventKind.VOTE_CAST, case.clip_id, verdict=ballot.verdict)
    _release(case)
    decide_case(case)
    case.refresh_from_db()
    return Cast(case, True, review.at + UNDO)


def _check(case: ReviewCase, ballot: Ballot) -> None:
    unknown = ReviewPolicy.of(case.campaign_id).vocabulary.unknown(ballot.tags)
    if unknown:
        raise TagUnknown(tags=unknown)
    if ballot.verdict != Verdict.ACCEPT:
        return
    if not ballot.played_to_end:
        raise NotHeard
    if case.clip.prompt_id is None and not ballot.transcript.strip():
        raise TranscriptMissing


def _holds(case: ReviewCase, reviewer: User) -> bool:
    mine = ReviewCase.objects.filter(pk=case.pk, leased_by=reviewer, leased_until__gte=Now())
    return mine.exists()


def _release(case: ReviewCase) -> None:
    case.leased_by, case.leased_until = None, None
    case.save(update_fields=["leased_by", "leased_until"])


def _gold_in_hand(case: ReviewCase, reviewer: User) -> GoldVote | None:
    votes = GoldVote.objects.select_related("gold").filter(gold__case=case, reviewer=reviewer)
    return votes.select_for_update(of=("self",)).first()


def _judge_gold(case: ReviewCase, vote: GoldVote, ballot: Ballot) -> Cast:
    training = vote.gold if vote.gold.is_training else None
    if vote.verdict:
        if vote.verdict != ballot.verdict:
            raise AlreadyVoted
        return Cast(_as_if_open(case), False, (vote.at or timezone.now()) + UNDO, training)
    if vote.leased_until is None or vote.leased_until < timezone.now():
        raise LeaseLost
    _check(case, ballot)
    vote.verdict, vote.tags, vote.at = ballot.verdict, sorted(set(ballot.tags)), timezone.now()
    vote.leased_until = None
    vote.save()
    announce(EventKind.VOTE_CAST, case.clip_id, verdict=ballot.verdict)
    return Cast(_as_if_open(case), True, vote.at + UNDO, training)


def _as_if_open(case: ReviewCase) -> ReviewCase:
    """A gold clip answers like any other that waits for one more person."""
    case.status = CaseStatus.OPEN
    return case


@transaction.atomic
def take_back_vote(actor: Actor, case_id: uuid.UUID) -> ReviewCase:
    """Undo one's last vote on a case: it is leased to the reviewer again, and undecided.

    Raises TooLate after a minute, or when somebody else has judged or holds the case since, and
    for training clips, whose answer has been seen; ClipWithdrawn, NotFound, OwnClip, RoleMissing.
    """
    case, reviewer = case_to_judge(actor, case_id)
    if lock_live_clip(case.clip_id) is None:
        raise ClipWithdrawn
    case = ReviewCase.objects.select_for_update(of=("self",)).get(pk=case_id)
    gold = _gold_in_hand(case, reviewer)
    if gold is not None:
        return _take_back_gold(case, gold)
    review = Review.objects.filter(case=case, reviewer=reviewer).first()
    if review is None:
        raise NotFound
    if not _may_undo(case, review):
        raise TooLate
    review.delete()
    announce(EventKind.VOTE_TAKEN_BACK, case.clip_id, verdict=review.verdict)
    move_case(case, CaseStatus.OPEN, inputs={"by": "undo"})
    until = timezone.now() + timedelta(seconds=settings.REVIEW_LEASE_S)
    ReviewCase.objects.filter(pk=case.pk).update(leased_by=reviewer, leased_until=until)
    case.refresh_from_db()
    return case


def _may_undo(case: ReviewCase, review: Review) -> bool:
    if timezone.now() - review.at > UNDO or case.is_held:
        return False
    others = case.reviews.filter(at__gte=review.at).exclude(pk=review.pk)
    in_other_hands = case.leased_by_id not in (None, review.reviewer_id)
    by_curator = case.decisions.filter(at__gte=review.at, decided_by__isnull=False)
    return not (others.exists() or in_other_hands or by_curator.exists())


def _take_back_gold(case: ReviewCase, vote: GoldVote) -> ReviewCase:
    if not vote.verdict:
        raise NotFound
    if vote.gold.is_training or vote.at is None or timezone.now() - vote.at > UNDO:
        raise TooLate
    vote.verdict, vote.at, vote.tags = "", None, []
    vote.leased_until = timezone.now() + timedelta(seconds=settings.REVIEW_LEASE_S)
    vote.save()
    announce(EventKind.VOTE_TAKEN_BACK, case.clip_id)
    return case


@transaction.atomic
def skip_case(actor: Actor, case_id: uuid.UUID) -> None:
    """Give the lease back; the case is not offered to this reviewer for a day. Again is harmless.

    Raises NotFound, OwnClip or RoleMissing.
    """
    case, reviewer = case_to_judge(actor, case_id)
    Skip.objects.update_or_create(
        case=case, reviewer=reviewer, defaults={"until": timezone.now() + SKIPPED_FOR}
    )
    ReviewCase.objects.filter(pk=case.pk, leased_by=reviewer).update(
        leased_by=None, leased_until=None
    )
    GoldVote.objects.filter(gold__case=case, reviewer=reviewer, verdict="").update(
        leased_until=None
    )


def close_case(clip: Clip) -> None:
    """Take a clip out of the review for good: off the queue, out of every lease, unscored."""
    close_cases(Clip.objects.filter(pk=clip.pk))


def close_cases(clips: QuerySet[Clip]) -> None:
    """The same for many clips at once. Call it with the clips locked.

    Votes stay, as votes. What was said of the voice goes with it: what people and the machine
    heard in it, how they described it, what they told a curator, and what a verdict was made of.
    Of the times the days stay: a case is as old as its upload, to which a device's or a speaker's
    own times could be compared.
    """
    cases = ReviewCase.objects.filter(clip__in=clips)
    list(cases.order_by("pk").select_for_update().values_list("pk", flat=True))
    cases.update(
        status=CaseStatus.CLOSED,
        leased_by=None,
        leased_until=None,
        nudge_at=None,
        accepted_text="",
        **{name: _day_of(name) for name in ("created_at", "decided_at", "reopened_at")},
    )
    GoldClip.objects.filter(case__in=cases).delete()
    Review.objects.filter(case__in=cases).update(transcript="", tags=[], heard_s=None)
    Decision.objects.filter(case__in=cases).update(inputs={}, right=None, note="", at=_day_of("at"))
    ClipReport.objects.filter(case__in=cases).delete()
    Skip.objects.filter(case__in=cases).delete()
    PreScore.objects.filter(clip__in=clips).delete()


def _day_of(name: str) -> TruncDay:
    return TruncDay(name, tzinfo=UTC)
