"""When a new list is due."""

from __future__ import annotations

from datetime import datetime, timedelta

#: So close after one list there is no other: what comes in between waits for the sweep.
QUIET = timedelta(seconds=10)


def is_due(now: datetime, newest: tuple[datetime, datetime] | None, *, has_waiting: bool) -> bool:
    """Whether to make a list now, by the newest one's ``this_update`` and ``next_update``.

    At once where there is none; soon where something waits; and otherwise when half of the newest
    one's time is over, so that a site that is down for a while still renews it in time.
    """
    if newest is None:
        return True
    this_update, next_update = newest
    if has_waiting and now >= this_update + QUIET:
        return True
    return now >= this_update + (next_update - this_update) / 2


def time_of_list(now: datetime, newest: datetime | None) -> datetime:
    """A list's ``this_update``, to the second: never before that of the list before it.

    A clock that was set back must not make lists that look older than those they follow.
    """
    return max(now, newest or now).replace(microsecond=0)
