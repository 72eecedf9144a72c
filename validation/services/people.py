"""Reviewers and speakers: how reliable they are, and set apart by an action that can be undone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable
from typing import Any, cast

from django.db import transaction
from django.utils import timezone

from collector.access import Actor, require_role
from collector.errors import NotFound
from collector.events import announce
from collector.models import Campaign, EventKind, Participation, Role, User
from validation.models import (
    GoldVote,
    PreScore,
    Review,
    ReviewCase,
    ReviewerStanding,
    ReviewPolicy,
    SpeakerQuarantine,
    Verdict,
)
from validation.models.cases import DECIDED
from validation.services.curating import hold_or_release
from validation.services.redeciding import redecide
from validation.verdicts import Judgement, Reliability, estimate_reliability
from validation.verdicts.agreement import Answer, cohens_kappa, pairs_of, percent

#: The newest votes that reviewers are rated by: what somebody was years ago says little.
MAX_JUDGEMENTS = 200_000


def estimate_standings(campaign: Campaign) -> int:
    """Rate every reviewer of a campaign by gold clips and agreement; how many were rated.

    What was decided stays decided by the ratings of its time, until ``redecide``.
    """
    votes, gold_votes = _votes(campaign), _gold_votes(campaign)
    known = _reliabilities(campaign, votes, gold_votes)
    answers = [Answer(case, who, verdict) for who, case, verdict in votes]
    decided = _decided(campaign)
    num_gold = Counter(who for who, *_ in gold_votes)
    mine: dict[int, list[tuple[Any, str]]] = defaultdict(list)
    for who, case, verdict in votes:
        mine[who].append((case, verdict))
    for who, reliability in known.items():
        agreed = percent(pairs_of(answers, who))
        against = [(verdict, decided[case]) for case, verdict in mine[who] if case in decided]
        fields = {
            "sensitivity": reliability.sensitivity,
            "specificity": reliability.specificity,
            "num_judged": len(mine[who]),
            "num_gold": num_gold[who],
            "agreement": None if agreed is None else agreed / 100,
            "kappa": cohens_kappa(against),
            "estimated_at": timezone.now(),
        }
        ReviewerStanding.objects.update_or_create(
            campaign=campaign, reviewer_id=who, defaults=fields
        )
    return len(known)


def _reliabilities(
    campaign: Campaign,
    votes: list[tuple[int, Any, str]],
    gold_votes: list[tuple[int, int, str, bool]],
) -> dict[int, Reliability]:
    judgements = [Judgement(who, case, verdict == Verdict.ACCEPT) for who, case, verdict in votes]
    judgements += [
        Judgement(who, ("gold", gold), verdict == Verdict.ACCEPT)
        for who, gold, verdict, _ in gold_votes
    ]
    gold: dict[Hashable, bool] = {("gold", gold): is_right for _, gold, _, is_right in gold_votes}
    known = estimate_reliability(judgements, _priors(campaign, votes) | gold, gold)
    return {cast("int", who): reliability for who, reliability in known.items()}


def _votes(campaign: Campaign) -> list[tuple[int, Any, str]]:
    given = Review.objects.filter(case__campaign=campaign, reviewer__isnull=False)
    told = given.exclude(verdict=Verdict.UNSURE).order_by("-at")[:MAX_JUDGEMENTS]
    return [
        (who or 0, case, verdict)
        for who, case, verdict in told.values_list("reviewer", "case", "verdict")
    ]


def _gold_votes(campaign: Campaign) -> list[tuple[int, int, str, bool]]:
    # Training clips teach; what somebody got wrong there is what they came to learn.
    given = GoldVote.objects.filter(
        gold__campaign=campaign,
        gold__is_training=False,
        verdict__in=[Verdict.ACCEPT, Verdict.REJECT],
    )
    return list(given.values_list("reviewer", "gold", "verdict", "gold__is_right"))


def _priors(campaign: Campaign, votes: list[tuple[int, Any, str]]) -> dict[Any, float]:
    """What the machine thought of each clip, where it is trusted; else the campaign's share."""
    policy = ReviewPolicy.of(campaign.pk)
    priors = {case: policy.prior_right for _, case, _ in votes}
    if policy.trusts_machine:
        scores = PreScore.objects.filter(
            clip__review_case__campaign=campaign, match__isnull=False
        ).order_by("at")
        for case, match in scores.values_list("clip__review_case", "match"):
            if case in priors:
                # No machine is beyond error, or one vote against it would stamp a person a liar.
                priors[case] = min(max(match or 0.0, 0.01), 0.99)
    return priors


def _decided(campaign: Campaign) -> dict[Any, str]:
    cases = ReviewCase.objects.filter(campaign=campaign, status__in=DECIDED)
    said = {"accepted": Verdict.ACCEPT}
    return {
        pk: said.get(status, Verdict.REJECT) for pk, status in cases.values_list("pk", "status")
    }


@transaction.atomic
def quarantine_reviewer(actor: Actor, campaign: Campaign, reviewer_id: int) -> int:
    """Their votes count no more, and they are given no clips; how many cases that moved.

    Undone by ``release_reviewer``. Raises RoleMissing unless the actor is a curator, NotFound.
    """
    curator = require_role(actor, campaign, Role.CURATOR)
    standing = _standing(campaign, reviewer_id)
    if standing.quarantined_at is not None:
        return 0
    standing.quarantined_at, standing.quarantined_by = timezone.now(), curator
    standing.save()
    ReviewCase.objects.filter(campaign=campaign, leased_by=reviewer_id).update(
        leased_by=None, leased_until=None
    )
    announce(EventKind.REVIEWER_QUARANTINED, campaign=campaign.slug, reviewer=reviewer_id)
    return _redecide_judged_by(campaign, reviewer_id)


@transaction.atomic
def release_reviewer(actor: Actor, campaign: Campaign, reviewer_id: int) -> int:
    """Their votes count again; how many cases that moved."""
    require_role(actor, campaign, Role.CURATOR)
    standing = _standing(campaign, reviewer_id)
    if standing.quarantined_at is None:
        return 0
    standing.quarantined_at, standing.quarantined_by = None, None
    standing.save()
    announce(EventKind.REVIEWER_RELEASED, campaign=campaign.slug, reviewer=reviewer_id)
    return _redecide_judged_by(campaign, reviewer_id)


@transaction.atomic
def quarantine_speaker(actor: Actor, campaign: Campaign, pseudonym: str, reason: str = "") -> int:
    """Take all of a speaker's clips out of circulation; how many that were.

    Undone by ``release_speaker``. Raises RoleMissing unless the actor is a curator, NotFound.
    """
    curator = require_role(actor, campaign, Role.CURATOR)
    participation = _participation(campaign, pseudonym)
    SpeakerQuarantine.objects.get_or_create(
        participation=participation, defaults={"by": curator, "reason": reason}
    )
    announce(EventKind.SPEAKER_QUARANTINED, campaign=campaign.slug, speaker=pseudonym)
    return hold_or_release(ReviewCase.objects.filter(clip__participation=participation))


@transaction.atomic
def release_speaker(actor: Actor, campaign: Campaign, pseudonym: str) -> int:
    """Their clips are in circulation again, but for those that somebody reported."""
    require_role(actor, campaign, Role.CURATOR)
    participation = _participation(campaign, pseudonym)
    SpeakerQuarantine.objects.filter(participation=participation).delete()
    announce(EventKind.SPEAKER_RELEASED, campaign=campaign.slug, speaker=pseudonym)
    return hold_or_release(ReviewCase.objects.filter(clip__participation=participation))


def _standing(campaign: Campaign, reviewer_id: int) -> ReviewerStanding:
    if not User.objects.filter(pk=reviewer_id, memberships__campaign=campaign).exists():
        raise NotFound
    found, _ = ReviewerStanding.objects.get_or_create(campaign=campaign, reviewer_id=reviewer_id)
    return ReviewerStanding.objects.select_for_update(of=("self",)).get(pk=found.pk)


def _participation(campaign: Campaign, pseudonym: str) -> Participation:
    found = Participation.objects.filter(campaign=campaign, pseudonym=pseudonym).first()
    if found is None:
        raise NotFound
    return found


def _redecide_judged_by(campaign: Campaign, reviewer_id: int) -> int:
    return redecide(campaign, ReviewCase.objects.filter(reviews__reviewer=reviewer_id))
