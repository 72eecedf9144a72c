"""Which split a speaker falls into: a pure function, so that a withdrawal moves nobody else."""

from __future__ import annotations

import hashlib

from corpus.models import Split

# The ceiling of the original: 2**27 - 1 files a class.
_MAX_FILES = 2**27 - 1


def split_percent(pseudonym: str) -> float:
    """The speaker's place between 0 and 100.

    The rule of Speech Commands (``which_set`` in P. Warden's data set, arXiv:1804.03209): the
    SHA-1 of the speaker's id, folded to 27 bits. SHA-1 is for compatibility here, not a safeguard.
    """
    digest = hashlib.sha1(pseudonym.encode(), usedforsecurity=False).hexdigest()
    return (int(digest, 16) % (_MAX_FILES + 1)) * (100.0 / _MAX_FILES)


def split_of(pseudonym: str, validation_percent: float, testing_percent: float) -> Split:
    """The split of all clips of a speaker."""
    percent = split_percent(pseudonym)
    if percent < validation_percent:
        return Split.VALIDATION
    if percent < validation_percent + testing_percent:
        return Split.TESTING
    return Split.TRAINING
