"""Which split a clip falls into: pure functions, so that a withdrawal moves nobody else.

The unit of a split (a speaker, or a text) is in one of them, with all its clips.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from corpus.models import Split

# The ceiling of the original: 2**27 - 1 files a class.
_MAX_FILES = 2**27 - 1


def split_percent(unit: str) -> float:
    """The speaker's (or the text's) place between 0 and 100.

    The rule of Speech Commands (``which_set`` in P. Warden's data set, arXiv:1804.03209): the
    SHA-1 of the speaker's id, folded to 27 bits. SHA-1 is for compatibility here, not a safeguard.
    """
    digest = hashlib.sha1(unit.encode(), usedforsecurity=False).hexdigest()
    return (int(digest, 16) % (_MAX_FILES + 1)) * (100.0 / _MAX_FILES)


def split_of(unit: str, validation_percent: float, testing_percent: float) -> Split:
    """The split of all clips of a speaker (or of a text)."""
    return _at(split_percent(unit), validation_percent, testing_percent)


def _at(percent: float, validation_percent: float, testing_percent: float) -> Split:
    if percent < validation_percent:
        return Split.VALIDATION
    if percent < validation_percent + testing_percent:
        return Split.TESTING
    return Split.TRAINING


def by_hash(
    units: Iterable[str], validation_percent: float, testing_percent: float
) -> Iterator[tuple[str, Split]]:
    """Each unit by its own hash: the same split in every release. Per cent of the units."""
    for unit in units:
        yield unit, split_of(unit, validation_percent, testing_percent)


def by_amount(
    amounts: Mapping[str, int], validation_percent: float, testing_percent: float
) -> Iterator[tuple[str, Split]]:
    """Speakers in the order of their hashes, until each split has its per cent of the audio.

    ``amounts`` are samples by speaker. A split misses its per cent by less than one speaker. Who
    comes in later may move the borders, so a speaker can be elsewhere in the next release.
    """
    total, so_far = sum(amounts.values()), 0
    for unit in sorted(amounts, key=lambda unit: (split_percent(unit), unit)):
        # By the middle of what they said: so a border falls to the side that is nearer.
        middle = 100.0 * (so_far + amounts[unit] / 2) / total if total else 100.0
        yield unit, _at(middle, validation_percent, testing_percent)
        so_far += amounts[unit]


def by_lists(
    units: Iterable[str], validation: Iterable[str], testing: Iterable[str]
) -> Iterator[tuple[str, Split]]:
    """Those in the lists where these say; all others are for training."""
    listed = dict.fromkeys(validation, Split.VALIDATION) | dict.fromkeys(testing, Split.TESTING)
    for unit in units:
        yield unit, listed.get(unit, Split.TRAINING)
