"""Mutated recordings without end: ``python -m tests.collector.audio.hostile.fuzz --files 5000``.

Each file follows from its number alone, so that a failure can be made again with ``--first``.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable

from collector.audio.decode import decode
from collector.audio.measure import measure, problem_of
from collector.audio.problems import UnusableAudio
from tests.collector.audio.hostile import ebml, isobmff, mpeg, sounds, xiph

SOURCES: tuple[Callable[[], bytes], ...] = (
    sounds.plain_wav,
    sounds.flac,
    xiph.opus,
    isobmff.m4a,
    isobmff.fragmented,
    ebml.webm,
    mpeg.mp3,
    mpeg.aac,
    lambda: sounds.encoded(".webm", *sounds.OPUS),
    lambda: sounds.encoded(".ogg", *sounds.VORBIS),
)
HEAD_BYTES = 2_000  # where the structure is: half of all changes are made there
ODD_NUMBERS = (
    b"\0" * 4,
    b"\xff" * 4,
    b"\x7f\xff\xff\xff",
    b"\x80\0\0\0",
    b"\xff\xff\xff\x7f",
    b"\1",
)


def mutated(number: int) -> bytes:
    """The mutated file with this number."""
    chance = random.Random(number)
    data = bytearray(chance.choice(SOURCES)())
    for _ in range(chance.choice((1, 1, 2, 4, 16, 64))):
        _change(data, chance)
    return bytes(data)


def _change(data: bytearray, chance: random.Random) -> None:
    """Flip a bit, plant an odd number, take out, double or swap in a piece."""
    reach = min(len(data), HEAD_BYTES) if chance.random() < 0.5 else len(data)
    at, length = chance.randrange(max(1, reach)), chance.choice((1, 4, 32, 700))
    kind = chance.randrange(5)
    if kind == 0 and data:
        data[min(at, len(data) - 1)] ^= 1 << chance.randrange(8)
    elif kind == 1:
        odd = chance.choice(ODD_NUMBERS)
        data[at : at + len(odd)] = odd
    elif kind == 2:
        del data[at : at + length]
    elif kind == 3:
        data[at:at] = data[at : at + length]
    else:
        other = chance.choice(SOURCES)()
        start = chance.randrange(len(other))
        data[at : at + length] = other[start : start + length]


def verdict(data: bytes) -> str:
    """One word on a file; any exception but UnusableAudio comes through."""
    try:
        decoded = decode(data)
    except UnusableAudio as unusable:
        return unusable.problem.value
    problem = problem_of(measure(decoded.samples, decoded.sampling_rate_hz))
    return problem.value if problem else "taken"


def main() -> None:
    """Decode so many mutated files, and print what became of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=5_000)
    parser.add_argument("--first", type=int, default=0)
    asked = parser.parse_args()
    verdicts: Counter[str] = Counter()
    slowest_s, slowest = 0.0, asked.first
    for number in range(asked.first, asked.first + asked.files):
        data = mutated(number)
        began_s = time.monotonic()
        try:
            verdicts[verdict(data)] += 1
        except Exception:
            print(f"file {number}:", flush=True)
            raise
        took_s = time.monotonic() - began_s
        if took_s > slowest_s:
            slowest_s, slowest = took_s, number
    print(f"{asked.files} files: {dict(verdicts.most_common())}")
    print(f"slowest: file {slowest}, {slowest_s:.2f} s")


if __name__ == "__main__":
    main()
