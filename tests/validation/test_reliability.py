"""The reliability diagram's geometry."""

from __future__ import annotations

from validation.reliability import MAX_RADIUS, MIN_RADIUS, dots
from validation.scoring.recalibrate import Bin


def test_a_dot_stands_where_word_and_verdict_meet():
    (dot,) = dots([Bin(lowest=0.2, highest=0.3, count=4, expected=0.25, observed=0.75)])
    assert (dot.x, dot.y, dot.radius) == (25.0, 25.0, MAX_RADIUS)
    assert (dot.lowest_percent, dot.highest_percent, dot.count) == (20, 30, 4)
    assert (dot.expected_percent, dot.observed_percent) == (25.0, 75.0)


def test_area_grows_with_clips_and_the_smallest_can_be_seen():
    counts = [100, 25, 1]
    bins = [Bin(0.1 * n, 0.1 * n + 0.1, count, 0.5, 0.5) for n, count in enumerate(counts)]
    assert [dot.radius for dot in dots(bins)] == [MAX_RADIUS, MAX_RADIUS / 2, MIN_RADIUS]
    assert dots([]) == []
