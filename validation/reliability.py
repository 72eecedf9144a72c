"""The reliability diagram (Murphy and Winkler 1977): pure geometry, for a page to draw."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from validation.scoring.recalibrate import Bin

#: The diagram's side, in the units of its view box; a match of 1 is all across it.
SIDE = 100.0
MIN_RADIUS, MAX_RADIUS = 1.5, 5.0


@dataclass(frozen=True)
class Dot:
    """One bin: as a dot of the diagram and as a line of the table beside it."""

    x: float
    y: float
    """From the top, as SVG counts."""
    radius: float
    lowest_percent: int
    highest_percent: int
    count: int
    expected_percent: float
    observed_percent: float


def dots(bins: Iterable[Bin]) -> list[Dot]:
    """A dot for each bin; its area grows with the clips in it."""
    known = list(bins)
    most = max((each.count for each in known), default=1)
    return [
        Dot(
            x=round(SIDE * each.expected, 2),
            y=round(SIDE * (1 - each.observed), 2),
            radius=round(max(MIN_RADIUS, MAX_RADIUS * math.sqrt(each.count / most)), 2),
            lowest_percent=round(100 * each.lowest),
            highest_percent=round(100 * each.highest),
            count=each.count,
            expected_percent=100 * each.expected,
            observed_percent=100 * each.observed,
        )
        for each in known
    ]
