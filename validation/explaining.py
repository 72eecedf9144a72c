"""Why a clip was decided as it was: a Decision's stored inputs, step by step. Pure.

The steps are those of ``validation.verdicts.decide``, made again from what was stored: so what is
shown is what the rule did, and the last step says the same as the stored probability.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from validation.models import PolicyName, Verdict
from validation.verdicts import Policy, Reliability, Vote, decide
from validation.verdicts.policies import posterior, vote_log_odds


@dataclass(frozen=True)
class Step:
    """One vote, by how much it weighs, and what was likely after it."""

    verdict: Verdict
    transcript: str
    weight: float
    """How many times likelier this vote is from this reviewer if the clip is as they say."""
    right_percent: float


@dataclass(frozen=True)
class Explanation:
    """From the start to the outcome; percentages say how likely the clip is right."""

    policy: Policy
    is_from_machine: bool
    start_percent: float
    steps: tuple[Step, ...]
    right_percent: float
    outcome: str

    @property
    def accept_percent(self) -> float:
        """From here on ``evidence`` accepts."""
        return 100.0 * (1.0 - self.policy.error_bound)

    @property
    def reject_percent(self) -> float:
        """Up to here it rejects."""
        return 100.0 * self.policy.error_bound


def explain(inputs: Mapping[str, Any]) -> Explanation | None:
    """The inputs of a Decision, told; None where no rule decided, but a person."""
    if "policy" not in inputs:
        return None
    policy = Policy(**{**inputs["policy"], "name": PolicyName(inputs["policy"]["name"])})
    votes = [_vote(stored) for stored in inputs["votes"]]
    match = inputs["match"]
    steps = tuple(
        Step(vote.verdict, stored.get("transcript", ""), math.exp(abs(vote_log_odds(vote))),
             100.0 * posterior(votes[: n + 1], match, policy))
        for n, (vote, stored) in enumerate(zip(votes, inputs["votes"], strict=True))
    )  # fmt: skip
    made = decide(votes, match, policy)
    return Explanation(
        policy,
        match is not None and policy.trusts_machine,
        100.0 * posterior([], match, policy),
        steps,
        100.0 * made.right,
        str(made.outcome),
    )


def _vote(stored: Mapping[str, Any]) -> Vote:
    known = Reliability(stored["sensitivity"], stored["specificity"])
    return Vote(Verdict(stored["verdict"]), known)
