"""The verdict on a clip, as a pure function of the votes, the machine and the campaign's policy.

Three policies:

``two-votes``       Common Voice's: the first side with two votes wins.
``three-quarters``  Mycroft's: two votes or more, and over 75 % of them on one side.
``evidence``        Bayes' rule: the machine's calibrated probability, and each vote weighed by how
                    reliable its reviewer is, until the chance of an error is below the campaign's
                    bound (Wald's sequential probability ratio test, 1945, with unequal witnesses).

Every decision carries what it was made from, so that it can be explained on the clip's page and
made again when the policy changes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final

from validation.models import PolicyName, Verdict
from validation.verdicts.reliability import TYPICAL, Reliability

AGREEING_VOTES: Final = 2
MAJORITY: Final = 0.75
#: No person counts for more than a hundred to one, no machine for more than a thousand to one:
#: nobody is beyond error, and few errors are seen where few are made.
MAX_VOTE_LOG_ODDS: Final = math.log(100.0)
MAX_MACHINE_LOG_ODDS: Final = math.log(1000.0)


class Outcome(StrEnum):
    """What follows from the votes so far."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SET_ASIDE = "set_aside"  # by the machine alone, as plainly wrong
    ASK_ONE_MORE = "ask_one_more"
    ADJUDICATE = "adjudicate"  # people cannot agree: the curator decides


@dataclass(frozen=True)
class Policy:
    """A campaign's rule and its numbers.

    ``error_bound`` is the chance of a wrong verdict that the campaign takes, for either side.
    ``set_aside_bound`` is the far smaller one below which the machine may set a clip aside alone;
    0 forbids it. ``prior_right`` is the share of right clips expected where the machine has no
    opinion, or is not trusted any more (``trusts_machine``).
    """

    name: PolicyName = PolicyName.EVIDENCE
    error_bound: float = 0.05
    set_aside_bound: float = 0.002
    max_votes: int = 7
    needs_person_to_accept: bool = True
    trusts_machine: bool = True
    prior_right: float = 0.85

    def __post_init__(self) -> None:
        """Refuse numbers with which no clip could ever be decided."""
        if not 0.0 < self.error_bound < 0.5:
            raise ValueError("error_bound must lie between 0 and 0.5: try 0.05.")
        if not 0.0 <= self.set_aside_bound <= self.error_bound:
            raise ValueError("set_aside_bound must lie between 0 and error_bound.")
        if not 0.0 < self.prior_right < 1.0:
            raise ValueError("prior_right must lie between 0 and 1: try 0.85.")
        if self.max_votes < AGREEING_VOTES:
            raise ValueError("max_votes must be at least 2, so that a disagreement can be settled.")


@dataclass(frozen=True)
class Vote:
    """One person's verdict, and how reliable that person has proved to be."""

    verdict: Verdict
    reliability: Reliability = TYPICAL


@dataclass(frozen=True)
class Decision:
    """An outcome, the probability that the clip is right, and everything it was made from."""

    outcome: Outcome
    right: float
    inputs: dict[str, Any] = field(default_factory=dict)


def decide(votes: Sequence[Vote], match: float | None, policy: Policy) -> Decision:
    """What follows from ``votes`` (in the order they came) and the machine's ``match``.

    ``match`` is the calibrated probability that the clip is right, None where no model heard it.
    ``unsure`` counts for neither side, but as one of the people who were asked.
    """
    right = posterior(votes, match, policy)
    outcome = _RULES[policy.name](votes, right, policy)
    if outcome is Outcome.ASK_ONE_MORE and len(votes) >= policy.max_votes:
        outcome = Outcome.ADJUDICATE
    return Decision(outcome, right, _inputs(votes, match, policy))


def posterior(votes: Sequence[Vote], match: float | None, policy: Policy) -> float:
    """The probability that the clip is right, after the machine and all votes were heard."""
    before = policy.prior_right if match is None or not policy.trusts_machine else match
    log_odds = _bounded(_logit(before), MAX_MACHINE_LOG_ODDS) + sum(
        vote_log_odds(vote) for vote in votes
    )
    return 1.0 / (1.0 + math.exp(-log_odds))


def vote_log_odds(vote: Vote) -> float:
    """By how much a vote moves the log-odds of "right"; 0 for ``unsure``."""
    who = vote.reliability
    if vote.verdict == Verdict.ACCEPT:
        return _bounded(math.log(who.sensitivity / (1.0 - who.specificity)), MAX_VOTE_LOG_ODDS)
    if vote.verdict == Verdict.REJECT:
        return _bounded(math.log((1.0 - who.sensitivity) / who.specificity), MAX_VOTE_LOG_ODDS)
    return 0.0


def _by_two_votes(votes: Sequence[Vote], right: float, policy: Policy) -> Outcome:
    accepts, rejects = _counts(votes)
    if accepts >= AGREEING_VOTES > rejects:
        return Outcome.ACCEPTED
    if rejects >= AGREEING_VOTES > accepts:
        return Outcome.REJECTED
    return Outcome.ASK_ONE_MORE


def _by_three_quarters(votes: Sequence[Vote], right: float, policy: Policy) -> Outcome:
    accepts, rejects = _counts(votes)
    cast = accepts + rejects
    if cast >= AGREEING_VOTES and accepts > MAJORITY * cast:
        return Outcome.ACCEPTED
    if cast >= AGREEING_VOTES and rejects > MAJORITY * cast:
        return Outcome.REJECTED
    return Outcome.ASK_ONE_MORE


def _by_evidence(votes: Sequence[Vote], right: float, policy: Policy) -> Outcome:
    # That somebody was unsure does not count as having heard it: they could not tell.
    heard = any(_counts(votes))
    if right >= 1.0 - policy.error_bound and (heard or not policy.needs_person_to_accept):
        return Outcome.ACCEPTED
    if right <= policy.error_bound and heard:
        return Outcome.REJECTED
    if not votes and right <= policy.set_aside_bound:
        return Outcome.SET_ASIDE
    return Outcome.ASK_ONE_MORE


_RULES = {
    PolicyName.TWO_VOTES: _by_two_votes,
    PolicyName.THREE_QUARTERS: _by_three_quarters,
    PolicyName.EVIDENCE: _by_evidence,
}


def _counts(votes: Sequence[Vote]) -> tuple[int, int]:
    verdicts = [vote.verdict for vote in votes]
    return verdicts.count(Verdict.ACCEPT), verdicts.count(Verdict.REJECT)


def _inputs(votes: Sequence[Vote], match: float | None, policy: Policy) -> dict[str, Any]:
    return {
        "policy": {**asdict(policy), "name": str(policy.name)},
        "match": match,
        "votes": [{"verdict": str(vote.verdict), **asdict(vote.reliability)} for vote in votes],
    }


def _logit(probability: float) -> float:
    tiny = 1e-12
    held = min(max(probability, tiny), 1.0 - tiny)
    return math.log(held / (1.0 - held))


def _bounded(log_odds: float, limit: float) -> float:
    return min(max(log_odds, -limit), limit)
