"""Days in a row, as a calendar counts them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from corpus.streaks import days_in_a_row, days_in_last_week, days_of, zone_of

TODAY = date(2026, 3, 10)


def march(*days: int) -> set[date]:
    return {date(2026, 3, day) for day in days}


@pytest.mark.parametrize(
    ("days", "in_a_row", "last_week"),
    [
        (march(), 0, 0),
        (march(10), 1, 1),
        (march(9), 1, 1),
        (march(8), 0, 1),
        (march(8, 9, 10), 3, 3),
        (march(7, 8, 9), 3, 3),
        (march(6, 8, 9, 10), 3, 4),
        (march(3, 4), 0, 1),
        (march(1, 2, 3), 0, 0),
        (march(*range(1, 11)) | {date(2026, 2, 28)}, 11, 7),
    ],
)
def test_a_row_of_days_ends_today_or_yesterday(days: set[date], in_a_row: int, last_week: int):
    assert (days_in_a_row(days, TODAY), days_in_last_week(days, TODAY)) == (in_a_row, last_week)


def test_a_day_is_the_visitors_own():
    late = datetime(2026, 3, 9, 23, 30, tzinfo=UTC)
    assert days_of([late], UTC) == march(9)
    assert days_of([late], ZoneInfo("Asia/Kathmandu")) == march(10)
    assert days_of([late], ZoneInfo("America/Lima")) == march(9)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "/etc/passwd", "Europe"])
def test_a_zone_that_nobody_knows_is_utc(name: str):
    assert zone_of(name) is UTC
