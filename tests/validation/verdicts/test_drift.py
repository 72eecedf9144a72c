"""When the machine is beyond its bound, as a table."""

from __future__ import annotations

import pytest

from validation.verdicts.drift import MIN_CLIPS, drifts


@pytest.mark.parametrize(
    ("match", "num_right", "num_clips", "bound", "is_beyond"),
    [
        (0.98, 98, 100, 0.05, False),  # it means what it says
        (0.98, 80, 100, 0.05, True),
        (0.98, 92, 100, 0.05, False),  # off, but chance may explain it
        (0.98, 1840, 2000, 0.05, False),  # surely off, by less than is allowed
        (0.98, 1840, 2000, 0.02, True),
        (0.98, 10, MIN_CLIPS - 1, 0.05, False),  # too few to say
        (0.02, 2, 100, 0.05, False),
        (0.02, 30, 100, 0.05, True),  # what it calls wrong is often right
    ],
)
def test_the_bound(match: float, num_right: int, num_clips: int, bound: float, is_beyond: bool):
    judged = [(match, n < num_right) for n in range(num_clips)]
    (drift,) = drifts(judged)
    assert (drift.num_clips, drift.expected) == (num_clips, pytest.approx(match))
    assert drift.is_beyond(bound) is is_beyond


def test_errors_at_one_end_do_not_hide_those_at_the_other():
    too_sure = [(0.98, n % 5 > 0) for n in range(100)]
    too_unsure = [(0.02, n % 5 == 0) for n in range(100)]
    low, high = drifts(too_sure + too_unsure)
    assert low.is_beyond(0.05) and high.is_beyond(0.05)
    assert drifts([]) == []
