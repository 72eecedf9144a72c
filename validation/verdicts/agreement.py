"""How far people agree: percent, Cohen's kappa and Krippendorff's alpha. Pure.

Kappa (Cohen 1960) compares two who judged the same clips; alpha (Krippendorff 2004, "Content
Analysis", chapter 11; nominal) any number of people of whom each judged some. Both are 1 for full
agreement and 0 for what chance alone gives; None where there is nothing to compare.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

Pair = tuple[Hashable, Hashable]


@dataclass(frozen=True)
class Answer:
    """What one person said of one clip."""

    clip: Hashable
    reviewer: Hashable
    value: Hashable


def percent(pairs: Sequence[Pair]) -> float | None:
    """The share of equal pairs, 0 to 100."""
    return 100.0 * sum(a == b for a, b in pairs) / len(pairs) if pairs else None


def cohens_kappa(pairs: Sequence[Pair]) -> float | None:
    """Two raters over the same clips: agreement beyond what their own habits give by chance."""
    if not pairs:
        return None
    n = len(pairs)
    observed = sum(a == b for a, b in pairs) / n
    left, right = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    by_chance = sum(left[value] * right[value] for value in left) / n**2
    return None if by_chance == 1.0 else (observed - by_chance) / (1.0 - by_chance)


def krippendorffs_alpha(answers: Iterable[Answer]) -> float | None:
    """Any number of raters with gaps: one less observed over expected disagreement (nominal)."""
    units = [values for values in _by_clip(answers).values() if len(values) > 1]
    totals: Counter[Hashable] = Counter()
    disagreeing = 0.0
    for values in units:
        counts = Counter(values)
        totals.update(values)
        unequal = len(values) ** 2 - sum(count**2 for count in counts.values())
        disagreeing += unequal / (len(values) - 1)
    n = totals.total()
    expected = n**2 - sum(count**2 for count in totals.values())
    return None if expected == 0 else 1.0 - (n - 1) * disagreeing / expected


def pairs_of(answers: Iterable[Answer], reviewer: Hashable) -> list[Pair]:
    """What the reviewer said beside what each other one said of the same clip."""
    by_clip: dict[Hashable, list[Answer]] = defaultdict(list)
    for answer in answers:
        by_clip[answer.clip].append(answer)
    return [
        (mine.value, other.value)
        for same in by_clip.values()
        for mine in same
        if mine.reviewer == reviewer
        for other in same
        if other.reviewer != reviewer
    ]


def agreeing_pairs(answers: Iterable[Answer]) -> list[Pair]:
    """Every two answers on the same clip, once."""
    return [
        (values[i], values[j])
        for values in _by_clip(answers).values()
        for i in range(len(values))
        for j in range(i + 1, len(values))
    ]


def _by_clip(answers: Iterable[Answer]) -> dict[Hashable, list[Hashable]]:
    by_clip: dict[Hashable, list[Hashable]] = defaultdict(list)
    for answer in answers:
        by_clip[answer.clip].append(answer.value)
    return by_clip
