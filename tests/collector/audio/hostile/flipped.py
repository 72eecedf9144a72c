"""Good files with random bits flipped, from fixed seeds: any verdict will do, but one there is."""

from __future__ import annotations

import functools
import random
from collections.abc import Iterator

from collector.audio.problems import Problem
from tests.collector.audio.hostile import isobmff, mpeg, sounds, xiph
from tests.collector.audio.hostile.files import HostileFile

FLIPS = 12


def flipped(data: bytes, seed: int, start: int = 12) -> bytes:
    """The file with some bits turned, all of them behind ``start``."""
    chance = random.Random(seed)
    bad = bytearray(data)
    for _ in range(FLIPS):
        bad[chance.randrange(start, len(bad))] ^= 1 << chance.randrange(8)
    return bytes(bad)


def files() -> Iterator[HostileFile]:
    """Three of each container; what FLAC's checksums see is always told as damage."""
    sources = {
        "clip.wav": sounds.plain_wav,
        "clip.m4a": isobmff.m4a,
        "fragments.mp4": isobmff.fragmented,
        "clip.opus": xiph.opus,
        "clip.webm": lambda: sounds.encoded(".webm", *sounds.OPUS),
        "clip.mp3": mpeg.mp3,
        "clip.aac": mpeg.aac,
    }
    for name, make in sources.items():
        for seed in range(3):
            changed = functools.partial(lambda make, seed: flipped(make(), seed), make, seed)
            yield HostileFile("flipped", f"{seed}-{name}", changed, None)
    for seed in range(5):
        broken = functools.partial(lambda seed: flipped(sounds.flac(), seed, 9_000), seed)
        yield HostileFile("flipped", f"{seed}-frames.flac", broken, Problem.DAMAGED)
