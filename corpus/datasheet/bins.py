"""Counts put into few groups that say nothing of single people. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: Under so many people a group would say who is in it: as in the exports.
SMALLEST_GROUP = 5


@dataclass(frozen=True)
class Range:
    """From ``low`` to below ``high``, and what falls into it."""

    low: float
    high: float
    count: int


def ranges(
    fine: Mapping[float, int], widths: Sequence[float], most: int = 20, tail: float = 0.005
) -> list[Range]:
    """Neighbouring ranges of one width, at most about ``most``; the finest width that allows it.

    ``fine`` counts by the lower end of ranges of the first width. The sparse ends (at most the
    share ``tail`` on either side) go into the outermost ranges, or a single long clip would press
    all others together.
    """
    if not fine:
        return []
    total = sum(fine.values())
    low, high = _quantile(fine, tail * total), _quantile(fine, (1 - tail) * total)
    width = next((w for w in widths if (high - low) / w < most), widths[-1])
    first, last = int(low // width), int(high // width)
    counts = dict.fromkeys(range(first, last + 1), 0)
    for start, count in fine.items():
        counts[min(max(int(start // width), first), last)] += count
    return [Range(n * width, (n + 1) * width, count) for n, count in counts.items()]


def _quantile(fine: Mapping[float, int], rank: float) -> float:
    passed = 0
    for start in sorted(fine):
        passed += fine[start]
        if passed >= rank and passed:
            return start
    return max(fine)


@dataclass(frozen=True)
class Group:
    """People who have something in common, and what they gave."""

    name: str
    clips: int
    speakers: int
    hours: float


def joined_over_time(groups: Sequence[Group]) -> list[Group]:
    """Months joined with those after them until each stands for five people or more.

    What is left at the end goes into the last; where there are under five in all, nothing is told.
    ``speakers`` of joined months is the largest of them: somebody may have spoken in several.
    """
    made: list[Group] = []
    waiting: Group | None = None
    for group in sorted(groups, key=lambda each: each.name):
        waiting = group if waiting is None else _together(waiting, group)
        if waiting.speakers >= SMALLEST_GROUP:
            made.append(waiting)
            waiting = None
    if waiting is not None and made:
        made[-1] = _together(made[-1], waiting)
    return made


def _together(first: Group, then: Group) -> Group:
    return Group(
        then.name,
        first.clips + then.clips,
        max(first.speakers, then.speakers),
        first.hours + then.hours,
    )


def without_small(groups: Sequence[Group]) -> tuple[list[Group], Group | None]:
    """The groups of five people or more, largest first, and all others as one under no name."""
    told = [g for g in groups if g.name and g.speakers >= SMALLEST_GROUP]
    rest = [g for g in groups if g not in told]
    told.sort(key=lambda group: (-group.clips, group.name))
    if not rest:
        return told, None
    untold = rest[0]
    for group in rest[1:]:
        untold = _together(untold, group)
    return told, Group("", untold.clips, 0, untold.hours)
