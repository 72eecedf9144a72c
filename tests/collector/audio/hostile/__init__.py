"""Broken, hostile and odd files, made in a moment from the clips in tests/audio.

``python -m tests.collector.audio.hostile FOLDER`` writes them all, with what is expected of each.
"""

from __future__ import annotations

from tests.collector.audio.hostile import (
    ebml,
    flipped,
    foreign,
    isobmff,
    mpeg,
    playlists,
    riff,
    truncated,
    xiph,
)
from tests.collector.audio.hostile.files import NO_BAIT, Bait, HostileFile, Sound

__all__ = ["NO_BAIT", "Bait", "HostileFile", "Sound", "corpus"]


def corpus(bait: Bait = NO_BAIT) -> list[HostileFile]:
    """All files, in a fixed order; their references point at the bait."""
    return [
        *riff.files(),
        *isobmff.files(bait),
        *ebml.files(),
        *xiph.files(),
        *mpeg.files(),
        *playlists.files(bait),
        *foreign.files(),
        *truncated.files(),
        *flipped.files(),
    ]
