"""Good files cut at the borders of their parts: boxes, elements, pages, chunks, frames."""

from __future__ import annotations

import functools
import re
import struct
from collections.abc import Callable, Iterator

from collector.audio.problems import Problem
from tests.collector.audio.hostile import ebml, isobmff, mpeg, sounds, xiph
from tests.collector.audio.hostile.files import HostileFile, Sound

SHORTEST = 12  # bytes by which a container is known


def riff_borders(data: bytes) -> Iterator[tuple[str, int]]:
    """Where each chunk's head and body begin."""
    yield from {"riff": 4, "length": 8}.items()
    start = 12
    while start + 8 <= len(data):
        name, length = struct.unpack_from("<4sI", data, start)
        label = name.decode().strip()
        yield from {f"{label}-head": start, f"{label}-body": start + 8}.items()
        yield f"{label}-middle", start + 8 + length // 2
        start += 8 + length


def flac_borders(data: bytes) -> Iterator[tuple[str, int]]:
    """Where each metadata block and the first frame begin."""
    start, last = 4, False
    while not last:
        yield f"block-{data[start] & 0x7F}-head", start
        yield f"block-{data[start] & 0x7F}-body", start + 4
        last = bool(data[start] & 0x80)
        start += 4 + int.from_bytes(data[start + 1 : start + 4], "big")
    yield "first-frame", start
    yield "first-frame-head", start + 6


def ogg_borders(data: bytes) -> Iterator[tuple[str, int]]:
    """Where each page's head, table and body begin."""
    for number, (start, _end) in enumerate(xiph.pages(data)):
        yield f"page-{number}", start
        yield f"page-{number}-table", start + 27
        yield f"page-{number}-body", start + 27 + data[start + 26]


def mp4_borders(data: bytes) -> Iterator[tuple[str, int]]:
    """Where each box begins."""
    for name, start, end in isobmff.boxes(data):
        yield f"{name.decode()}-{start}", start
        if name == b"mdat":
            yield f"mdat-{start}-middle", (start + end) // 2


def ebml_borders(data: bytes) -> Iterator[tuple[str, int]]:
    """Where each element's head and body begin, down to the blocks."""
    yield from _elements(data, 0, len(data))


def _elements(data: bytes, start: int, end: int) -> Iterator[tuple[str, int]]:
    while start < end:
        name_bytes = 9 - data[start].bit_length()
        name = int.from_bytes(data[start : start + name_bytes], "big")
        size_at = start + name_bytes
        size_bytes = 9 - data[size_at].bit_length()
        size = int.from_bytes(data[size_at : size_at + size_bytes], "big") & (
            (1 << 7 * size_bytes) - 1
        )
        body = size_at + size_bytes
        unknown = size == (1 << 7 * size_bytes) - 1
        yield f"{name:x}-{start}", start
        yield f"{name:x}-{start}-body", body
        if name in ebml.HOLDERS:
            yield from _elements(data, body, end if unknown else body + size)
        start = end if unknown else body + size


def mp3_borders(data: bytes) -> Iterator[tuple[str, int]]:
    """In the tag, in the Xing header, and between frames."""
    info = max(data.find(b"Xing"), data.find(b"Info"))
    yield from {"tag-head": 10, "tag-body": 30, "xing": info, "xing-counts": info + 8}.items()


def adts_borders(data: bytes) -> Iterator[tuple[str, int]]:
    """Between frames, and in one."""
    start = 0
    for number in range(4):
        yield f"frame-{number}", start
        start += (data[start + 3] & 3) << 11 | data[start + 4] << 3 | data[start + 5] >> 5
    yield "frame-4-head", start + 4
    yield "frame-4-middle", start + 60


SOURCES: dict[str, tuple[Callable[[], bytes], Callable[[bytes], Iterator[tuple[str, int]]]]] = {
    "clip.wav": (sounds.plain_wav, riff_borders),
    "clip.flac": (sounds.flac, flac_borders),
    "clip.opus": (xiph.opus, ogg_borders),
    "index-last.m4a": (lambda: sounds.encoded(".m4a"), mp4_borders),
    "index-first.m4a": (isobmff.m4a, mp4_borders),
    "fragmented.mp4": (isobmff.fragmented, mp4_borders),
    "known-length.webm": (lambda: sounds.encoded(".webm", *sounds.OPUS), ebml_borders),
    "live.webm": (lambda: sounds.streamed("webm", *sounds.OPUS), ebml_borders),
    "clip.mp3": (mpeg.mp3, mp3_borders),
    "clip.aac": (mpeg.aac, adts_borders),
}
SHORTER_AT_48_KHZ = Sound(
    sounds.NUM_SAMPLES_AT_48_KHZ // 2, 48_000, tolerance_samples=sounds.NUM_SAMPLES_AT_48_KHZ // 2
)
SHORTER = Sound(sounds.NUM_SAMPLES // 2, tolerance_samples=sounds.NUM_SAMPLES // 2 + 2048)
FIRST_FRAGMENT = ("moof-692",)
MOST_CUTS = 14  # of one source, spread evenly


def cuts(data: bytes, borders: Iterator[tuple[str, int]]) -> list[tuple[str, int]]:
    """Some borders, each once, and always just before the end."""
    found = {offset: label for label, offset in borders if SHORTEST < offset < len(data) - 1}
    every = max(1, -(-len(found) // MOST_CUTS))
    some = [(found[offset], offset) for offset in sorted(found)[::every]]
    return [*some, ("last-byte", len(data) - 1)]


def files() -> Iterator[HostileFile]:
    """Each source cut at some borders."""
    for name, (make, borders) in SOURCES.items():
        data = make()
        stem, suffix = name.split(".")
        for label, offset in cuts(data, borders(data)):
            whole = functools.partial(bytes.__getitem__, data, slice(offset))
            path = f"{stem}-{suffix}-{label}.{suffix}"
            yield HostileFile("truncated", path, whole, verdict(name, label))


def verdict(name: str, label: str) -> Problem | Sound | None:
    """What a cut must give.

    A fragmented MP4, bare AAC frames and Ogg name no length, so that a cut between two parts
    gives a shorter recording; that nothing was lost on the way is what the upload's hash is for.
    """
    if name == "fragmented.mp4" and label.startswith(("moof", "mfra")):
        return Problem.EMPTY if label in FIRST_FRAGMENT else SHORTER
    if name == "clip.aac" and label.startswith("frame") and not label.endswith("middle"):
        return Problem.TOO_SHORT if label == "frame-1" else SHORTER
    if name == "clip.opus" and re.fullmatch(r"page-[2-9]", label):
        return SHORTER_AT_48_KHZ
    if (name, label) == ("clip.mp3", "last-byte"):
        return mpeg.MP3_WHOLE
    return Problem.DAMAGED
