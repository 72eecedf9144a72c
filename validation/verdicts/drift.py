"""Whether the machine still means what it says: its matches against blind verdicts.

Only verdicts count in which the machine had no part: those on the clips that are drawn for it and
shown to people blind. The two ends of the scale are looked at apart, as errors of one would hide
those of the other. The machine is beyond its bound only where chance does not explain it: where
Wilson's interval of the observed share (1927, 95 %) lies further from the mean match than that.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MIN_CLIPS: Final = 20
Z: Final = 1.96


@dataclass(frozen=True)
class Drift:
    """One end of the scale: how many clips, what the machine said, and what people found."""

    num_clips: int
    expected: float
    observed: float
    lowest: float
    """The interval of the observed share."""
    highest: float

    def is_beyond(self, bound: float) -> bool:
        """Whether the machine is off by more than ``bound``, chance left aside."""
        off = max(self.lowest - self.expected, self.expected - self.highest)
        return self.num_clips >= MIN_CLIPS and off > bound


def drifts(judged: Sequence[tuple[float, bool]]) -> list[Drift]:
    """The lower and the upper end, where there are clips; ``judged``: match, and is it right."""
    ends = ([j for j in judged if j[0] < 0.5], [j for j in judged if j[0] >= 0.5])
    return [_drift(end) for end in ends if end]


def _drift(judged: Sequence[tuple[float, bool]]) -> Drift:
    n = len(judged)
    expected = math.fsum(match for match, _ in judged) / n
    observed = sum(is_right for _, is_right in judged) / n
    centre = (observed + Z**2 / (2 * n)) / (1 + Z**2 / n)
    reach = Z * math.sqrt(observed * (1 - observed) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    return Drift(n, expected, observed, max(0.0, centre - reach), min(1.0, centre + reach))
