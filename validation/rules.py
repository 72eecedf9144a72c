"""The verdict on a clip: a pure function of the votes."""

from __future__ import annotations

from collections.abc import Iterable

from validation.models import CaseStatus, Verdict

AGREEING_VOTES = 2


def decide(votes: Iterable[str]) -> CaseStatus:
    """Two agreeing votes decide; ``unsure`` counts for neither side.

    Votes come one by one and the case closes with the second agreeing one, so both sides cannot
    reach two; if a changed rule lets them, the case stays open for one more person.
    """
    cast = list(votes)
    accepts, rejects = cast.count(Verdict.ACCEPT), cast.count(Verdict.REJECT)
    if accepts >= AGREEING_VOTES > rejects:
        return CaseStatus.ACCEPTED
    if rejects >= AGREEING_VOTES > accepts:
        return CaseStatus.REJECTED
    return CaseStatus.OPEN


def priority(match: float | None) -> float:
    """How early people hear a clip, from 0 to 1: what the machine is least sure of comes first."""
    if match is None:
        return 0.5
    return 1.0 - 2.0 * abs(match - 0.5)
