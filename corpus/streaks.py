"""On which days somebody recorded. Pure rules; a pause costs nothing and is not spoken of."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
WEEK_DAYS = 7


def zone_of(name: str) -> tzinfo:
    """The IANA time zone of that name; UTC where it is absent or unknown to us."""
    try:
        return ZoneInfo(name) if name else UTC
    except (KeyError, ValueError, OSError):
        return UTC


def days_of(moments: Iterable[datetime], zone: tzinfo) -> set[date]:
    """The calendar days, in the zone, that the moments fall on."""
    return {moment.astimezone(zone).date() for moment in moments}


def days_in_a_row(days: Collection[date], today: date) -> int:
    """How many days without a gap lead up to today, or to yesterday: today is not over yet."""
    day = today if today in days else today - DAY
    count = 0
    while day in days:
        count += 1
        day -= DAY
    return count


def days_in_last_week(days: Collection[date], today: date) -> int:
    """On how many of the last seven days, today included."""
    return sum(today - day < WEEK_DAYS * DAY for day in days if day <= today)
