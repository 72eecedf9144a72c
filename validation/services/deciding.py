"""What follows from the votes on a case: decided, and written down with its inputs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from collector.events import announce
from collector.models import EventKind, User
from validation import rules
from validation.models import (
    CaseStatus,
    Decision,
    PolicyName,
    PreScore,
    Review,
    ReviewCase,
    ReviewerStanding,
    ReviewPolicy,
    Verdict,
)
from validation.models.cases import DECIDED, VOTED
from validation.verdicts import Outcome, Policy, Reliability, Vote, decide
from validation.verdicts.reliability import TYPICAL
from validation.verdicts.transcripts import Spoken, settle

CURATOR = {"by": "curator"}
_STATUS = {
    Outcome.ACCEPTED: CaseStatus.ACCEPTED,
    Outcome.REJECTED: CaseStatus.REJECTED,
    Outcome.SET_ASIDE: CaseStatus.SET_ASIDE,
    Outcome.ASK_ONE_MORE: CaseStatus.OPEN,
    Outcome.ADJUDICATE: CaseStatus.ADJUDICATE,
}


def rule_of(policy: ReviewPolicy) -> Policy:
    """The policy as the pure rule knows it. Raises ValueError where it could decide nothing."""
    return Policy(
        name=PolicyName(policy.name),
        error_bound=policy.error_bound,
        set_aside_bound=policy.set_aside_bound,
        max_votes=policy.max_votes,
        needs_person_to_accept=policy.needs_person_to_accept,
        trusts_machine=policy.trusts_machine,
        prior_right=policy.prior_right,
    )


def counted_reviews(case: ReviewCase) -> QuerySet[Review]:
    """The votes that count, as they came: not of reviewers set apart, not from before a reopening.

    A vote whose account is gone still counts.
    """
    since = Q() if case.reopened_at is None else Q(at__gte=case.reopened_at)
    return case.reviews.filter(since, _by_trusted(case.campaign_id)).order_by("at", "id")


def counted_votes(campaign_id: int) -> QuerySet[Review]:
    """All votes of a campaign that count, as ``counted_reviews`` has them of one case."""
    since = Q(case__reopened_at__isnull=True) | Q(at__gte=F("case__reopened_at"))
    return Review.objects.filter(since, _by_trusted(campaign_id), case__campaign=campaign_id)


def _by_trusted(campaign_id: int) -> Q:
    apart = ReviewerStanding.objects.filter(
        campaign=campaign_id, quarantined_at__isnull=False
    ).values("reviewer")
    return Q(reviewer__isnull=True) | ~Q(reviewer__in=apart)


def decide_case(case: ReviewCase) -> bool:
    """Bring a case to where its votes and the policy put it; True when that moved it.

    Call it with the case locked. A curator's own decision stands, and so does a gold clip's.
    """
    if case.status not in VOTED or _decided_by_curator(case):
        return False
    reviews = list(counted_reviews(case))
    policy = ReviewPolicy.of(case.campaign_id)
    status, text, right, inputs = _verdict(case, reviews, policy)
    if status == CaseStatus.OPEN:
        ReviewCase.objects.filter(pk=case.pk).update(rank=rank_of(case, len(reviews)))
    return move_case(case, status, text=text, right=right, inputs=inputs)


def evidence_so_far(case: ReviewCase) -> dict[str, Any]:
    """What a decision would be made from at this moment, as a Decision's inputs."""
    return _verdict(case, list(counted_reviews(case)), ReviewPolicy.of(case.campaign_id))[3]


def _verdict(
    case: ReviewCase, reviews: list[Review], policy: ReviewPolicy
) -> tuple[CaseStatus, str, float | None, dict[str, Any]]:
    prompt = case.clip.prompt.text if case.clip.prompt else ""
    spoken = [Spoken(Verdict(review.verdict), review.transcript) for review in reviews]
    settled = settle(prompt, spoken)
    known = reliabilities(case.campaign_id, [r.reviewer_id for r in reviews if r.reviewer_id])
    votes = [Vote(Verdict(r.verdict), known.get(r.reviewer_id or 0, TYPICAL)) for r in reviews]
    # What measures the machine must not be decided by it.
    match = None if case.is_blind else latest_match(case)
    decision = decide(votes, match, rule_of(policy))
    if settled is None:
        outcome, text, right = decision.outcome, "", decision.right
    else:
        outcome, text, right = settled.outcome, settled.text, None
    if outcome is Outcome.ASK_ONE_MORE and len(reviews) >= policy.max_votes:
        outcome = Outcome.ADJUDICATE
    if outcome is Outcome.SET_ASIDE and case.reopened_at is not None:
        outcome = Outcome.ASK_ONE_MORE  # a curator has asked for people
    inputs = decision.inputs
    for shown, review in zip(inputs["votes"], reviews, strict=True):
        shown |= {"review": review.pk, "transcript": review.transcript}
    return _STATUS[outcome], text, right, inputs


def reliabilities(campaign_id: int, reviewer_ids: Iterable[int]) -> dict[int, Reliability]:
    """What is known of these reviewers."""
    rows = ReviewerStanding.objects.filter(
        campaign=campaign_id, reviewer__in=list(reviewer_ids), sensitivity__isnull=False
    ).values_list("reviewer", "sensitivity", "specificity")
    return {who: Reliability(yes or 0.0, no or 0.0) for who, yes, no in rows}


def latest_match(case: ReviewCase) -> float | None:
    """The newest score's match."""
    scores = PreScore.objects.filter(clip=case.clip_id).order_by("-at")
    return scores.values_list("match", flat=True).first()


def rank_of(case: ReviewCase, num_votes: int, match: float | None = None) -> int:
    """Where a case stands in the queue."""
    if num_votes:
        return rules.STARTED
    siblings = ReviewCase.objects.filter(clip__participation=case.clip.participation_id)
    is_fresh = siblings[: rules.FRESH_CLIPS].count() < rules.FRESH_CLIPS
    seen = latest_match(case) if match is None else match
    return rules.rank(seen, is_fresh=is_fresh, is_blind=case.is_blind)


def move_case(
    case: ReviewCase,
    status: CaseStatus,
    *,
    text: str = "",
    right: float | None = None,
    inputs: dict[str, Any],
    curator: User | None = None,
    note: str = "",
) -> bool:
    """Compare-and-swap of the status with its Decision and its event; False when nothing changed.

    ``case`` is made to say what is in the database.
    """
    if case.status == status and case.accepted_text == text and curator is None:
        return False
    decided_at = Now() if status in DECIDED else None
    fields = {"accepted_text": text, "decided_at": decided_at}
    if not ReviewCase.move(
        case.pk, case.status, status, leased_by=None, leased_until=None, **fields
    ):
        return False
    Decision.objects.create(
        case=case, status=status, right=right, inputs=inputs, decided_by=curator, note=note
    )
    kind = EventKind.CASE_REOPENED if status == CaseStatus.OPEN else EventKind.CASE_DECIDED
    announce(kind, case.clip_id, status=status)
    case.refresh_from_db()
    return True


def _decided_by_curator(case: ReviewCase) -> bool:
    latest = case.decisions.order_by("-id").first()
    return latest is not None and latest.status in DECIDED and latest.inputs == CURATOR
