"""Which clip is heard when, and which ones measure the machine. Pure."""

from __future__ import annotations

import hashlib
import uuid
from typing import Final

#: Ranks of the queue, the first one heard first.
STARTED: Final = 0
MEASURING: Final = 2
EASIEST: Final = 5
#: A speaker with fewer clips than this is fresh: their voice is new to the campaign.
FRESH_CLIPS: Final = 10


def rank(match: float | None, *, num_votes: int = 0, is_fresh: bool, is_blind: bool = False) -> int:
    """When people hear a clip, from 0 (first) to 5.

    What somebody has begun is finished first: one more vote often decides it. Then what the
    machine is least sure of, where a vote is worth most; a fresh speaker's one step earlier. What
    measures the machine would come last by its match, and so never, where much comes in.
    """
    if num_votes > 0:
        return STARTED
    if is_blind:
        return MEASURING
    doubt = 0.5 if match is None else 1.0 - 2.0 * abs(match - 0.5)
    by_doubt = 2 + sum(doubt <= bound for bound in (0.75, 0.5, 0.25))
    return by_doubt - is_fresh


def is_plain(match: float | None, bound: float) -> bool:
    """Whether the machine is as sure as a verdict has to be, either way."""
    return match is not None and not bound < match < 1.0 - bound


def is_drawn(clip_id: uuid.UUID, share: float) -> bool:
    """Whether a clip is among the ``share`` that is drawn: by its id alone, the same for ever."""
    drawn = int.from_bytes(hashlib.sha256(clip_id.bytes).digest()[:8]) / 2**64
    return drawn < share
