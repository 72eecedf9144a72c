"""Verdicts: what follows for a clip from the votes on it. Pure: no database, no web."""

from validation.models import PolicyName
from validation.verdicts.policies import (
    Decision,
    Outcome,
    Policy,
    Vote,
    decide,
)
from validation.verdicts.reliability import Judgement, Reliability, estimate_reliability

__all__ = [
    "Decision",
    "Judgement",
    "Outcome",
    "Policy",
    "PolicyName",
    "Reliability",
    "Vote",
    "decide",
    "estimate_reliability",
]
