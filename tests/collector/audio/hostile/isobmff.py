"""MP4 files (ISO 14496-12 boxes) with odd indexes, lying counts and references to elsewhere."""

from __future__ import annotations

import functools
import struct
from collections.abc import Iterator

from collector.audio.problems import Problem
from tests.collector.audio.hostile import sounds
from tests.collector.audio.hostile.files import Bait, HostileFile, Sound, family

# AAC comes in frames of 1,024 and the encoder's start-up is cut off by an edit list.
WHOLE = Sound(sounds.NUM_SAMPLES, tolerance_samples=1024)
WITH_START_UP = Sound(sounds.NUM_SAMPLES + 1024, tolerance_samples=1024)
HOLDERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"dinf", b"edts", b"moof", b"traf", b"mvex")


def box(name: bytes, *bodies: bytes, claimed_bytes: int | None = None) -> bytes:
    """A box; ``claimed_bytes`` is what its header says instead of the truth."""
    body = b"".join(bodies)
    length = 8 + len(body) if claimed_bytes is None else claimed_bytes
    return struct.pack(">I4s", length, name) + body


def m4a() -> bytes:
    """The clip as AAC, index first."""
    return sounds.encoded(".m4a", *sounds.FAST_START)


def fragmented() -> bytes:
    """The clip as AAC in fragments, as a live recorder writes it."""
    return sounds.streamed("mp4", *sounds.FRAGMENTED)


def boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of every box, those in boxes too, in the file's order."""
    end = len(data) if end is None else end
    while start + 8 <= end:
        length, name = struct.unpack_from(">I4s", data, start)
        yield name, start, start + length
        if name in HOLDERS:
            yield from boxes(data, start + 8, start + length)
        start += max(length, 8)


def patched(data: bytes, name: bytes, offset: int, new: bytes) -> bytes:
    """The file with some bytes of one box's body replaced."""
    start = next(begin for found, begin, _ in boxes(data) if found == name) + 8 + offset
    assert start + len(new) <= len(data)
    return data[:start] + new + data[start + len(new) :]


def without(data: bytes, name: bytes) -> bytes:
    """The file with one box hidden under a name that means nothing."""
    start = next(begin for found, begin, _ in boxes(data) if found == name)
    return data[: start + 4] + b"free" + data[start + 8 :]


def number(value: int) -> bytes:
    """A 32-bit number as boxes hold it."""
    return struct.pack(">I", value)


def reference_to(bait: Bait, entry: bytes) -> bytes:
    """A track whose samples lie in another file (``dref``), where the clip's own would fit."""
    location = bait.file_url.encode() + b"\0"
    dref = box(b"dref", bytes(4), number(1), box(entry, bytes(4), location))
    data = m4a()
    start, end = next((begin, stop) for name, begin, stop in boxes(data) if name == b"dref")
    grown = data[:start] + dref + data[end:]
    for holder in (b"dinf", b"minf", b"mdia", b"trak", b"moov"):
        at = next(begin for name, begin, _ in boxes(data) if name == holder)
        length = struct.unpack_from(">I", grown, at)[0] + len(dref) - (end - start)
        grown = grown[:at] + number(length) + grown[at + 4 :]
    return grown


def reference_movie(bait: Bait) -> bytes:
    """QuickTime's "the movie is over there"."""
    url = bait.http_url.encode()
    there = box(b"rdrf", bytes(4), b"url ", number(len(url)), url)
    return box(b"ftyp", b"qt  ", bytes(4)) + box(b"moov", box(b"rmra", box(b"rmda", there)))


def nested(name: bytes, depth: int) -> bytes:
    """Boxes in boxes."""
    data = b""
    for _ in range(depth):
        data = box(name, data)
    return box(b"ftyp", b"M4A ", bytes(4)) + data


def references(bait: Bait) -> Iterator[HostileFile]:
    """Sound that is said to lie elsewhere."""
    yield from family(
        "mp4-references",
        {
            "url.m4a": (lambda: reference_to(bait, b"url "), Problem.DAMAGED),
            "alias.m4a": (lambda: reference_to(bait, b"alis"), Problem.DAMAGED),
            "reference-movie.mov": (lambda: reference_movie(bait), Problem.DAMAGED),
        },
    )


def lies() -> Iterator[HostileFile]:
    """Counts, times and lengths that are wrong."""
    big = number(0xFFFF_FFFF)
    everything = number(1 << 31)
    yield from family(
        "mp4-claims",
        {
            "stsz-4-billion-samples.m4a": (
                lambda: patched(m4a(), b"stsz", 8, big),
                Problem.DAMAGED,
            ),
            "stsz-each-of-2-gb.m4a": (
                lambda: patched(m4a(), b"stsz", 4, everything),
                Problem.DAMAGED,
            ),
            "stts-2-to-the-31-samples.m4a": (lambda: patched(m4a(), b"stts", 8, everything), WHOLE),
            "stts-4-billion-entries.m4a": (
                lambda: patched(m4a(), b"stts", 4, big),
                Problem.DAMAGED,
            ),
            "stsc-4-billion-entries.m4a": (
                lambda: patched(m4a(), b"stsc", 4, big),
                Problem.DAMAGED,
            ),
            "stco-beyond-the-end.m4a": (lambda: patched(m4a(), b"stco", 8, big), Problem.DAMAGED),
            "stco-4-billion-entries.m4a": (lambda: patched(m4a(), b"stco", 4, big), WHOLE),
            "timescale-0.m4a": (lambda: patched(m4a(), b"mvhd", 12, number(0)), Problem.DAMAGED),
            "media-timescale-0.m4a": (
                lambda: patched(m4a(), b"mdhd", 12, number(0)),
                Problem.DAMAGED,
            ),
            "media-timescale-10-to-the-9.m4a": (
                lambda: patched(m4a(), b"mdhd", 12, number(10**9)),
                WITH_START_UP,
            ),
            "duration-of-days.m4a": (lambda: patched(m4a(), b"mvhd", 16, everything), WHOLE),
            "channels-65535.m4a": (lambda: patched(m4a(), b"stsd", 32, b"\xff\xff"), WHOLE),
            "rate-0.m4a": (lambda: patched(m4a(), b"stsd", 40, number(0)), WHOLE),
            "esds-broken.m4a": (lambda: patched(m4a(), b"stsd", 70, b"\xff" * 20), WHOLE),
            "box-of-length-1.m4a": (lambda: m4a() + number(1) + b"free", WHOLE),
            "box-of-length-7.m4a": (lambda: m4a() + number(7) + b"free", WHOLE),
            "box-of-2-to-the-63.m4a": (
                lambda: m4a() + struct.pack(">I4sQ", 1, b"free", 1 << 63),
                Problem.DAMAGED,
            ),
            "free-of-4-gb.m4a": (
                lambda: m4a() + box(b"free", claimed_bytes=0xFFFF_FFFF),
                Problem.DAMAGED,
            ),
            "boxes-10000.m4a": (lambda: m4a() + box(b"free") * 10_000, WHOLE),
            "boxes-3-million.m4a": (lambda: m4a() + box(b"free") * 3_000_000, Problem.DAMAGED),
            "trun-4-billion-samples.mp4": (
                lambda: patched(fragmented(), b"trun", 4, big),
                Problem.DAMAGED,
            ),
            "tfhd-other-track.mp4": (
                lambda: patched(fragmented(), b"tfhd", 4, number(77)),
                Problem.DAMAGED,
            ),
        },
    )


def structure() -> Iterator[HostileFile]:
    """Boxes that are missing, nested without end, or hold something else."""
    cases = {
        f"without-{name.decode()}.m4a": (functools.partial(without, m4a(), name), Problem.DAMAGED)
        for name in (b"moov", b"trak", b"stsz", b"stco")
    }
    yield from family(
        "mp4-structure",
        {
            **cases,
            "without-stbl.m4a": (lambda: without(m4a(), b"stbl"), Problem.NOT_AUDIO),
            "without-stsd.m4a": (lambda: without(m4a(), b"stsd"), Problem.NOT_AUDIO),
            # The index names places in the file, not in a box: the sound is all there.
            "sound-in-a-free-box.m4a": (lambda: without(m4a(), b"mdat"), WHOLE),
            "moov-5000-deep.m4a": (lambda: nested(b"moov", 5_000), Problem.DAMAGED),
            "udta-100000-deep.m4a": (lambda: nested(b"udta", 50_000), Problem.DAMAGED),
            "only-ftyp.m4a": (lambda: box(b"ftyp", b"M4A ", bytes(4)), Problem.DAMAGED),
            "whole.m4a": (lambda: sounds.encoded(".m4a"), WHOLE),
            "index-first.m4a": (m4a, WHOLE),
            "fragmented.mp4": (fragmented, WITH_START_UP),
            "edits-hidden.m4a": (lambda: without(m4a(), b"edts"), WITH_START_UP),
            "edit-starts-after-the-end.m4a": (
                lambda: patched(m4a(), b"elst", 12, number(0x7FFF_FFFF)),
                Problem.EMPTY,
            ),
            "edit-of-negative-rate.m4a": (
                lambda: patched(m4a(), b"elst", 16, b"\xff\xff\0\0"),
                WHOLE,
            ),
            "edits-4-billion.m4a": (lambda: patched(m4a(), b"elst", 4, b"\xff" * 4), WHOLE),
            "opus.mp4": (
                lambda: sounds.encoded(".mp4", *sounds.OPUS),
                Sound(sounds.NUM_SAMPLES_AT_48_KHZ, 48_000, tolerance_samples=960),
            ),
            "flac.mp4": (lambda: sounds.encoded(".mp4", "-c:a", "flac"), Sound(sounds.NUM_SAMPLES)),
            "two-tracks.m4a": (
                lambda: sounds.encoded(".m4a", "-map", "0:a", "-map", "0:a"),
                WHOLE,
            ),
            "cover.m4a": (
                lambda: sounds.encoded(
                    ".m4a",
                    *sounds.PICTURE,
                    "-map",
                    "0",
                    "-map",
                    "1",
                    "-c:v",
                    "png",
                    "-disposition:v",
                    "attached_pic",
                ),
                WHOLE,
            ),
            "film.mp4": (lambda: sounds.encoded(".mp4", *sounds.VIDEO), Problem.HAS_VIDEO),
            "film.mov": (
                lambda: sounds.encoded(".mov", *sounds.VIDEO, "-c:v", "mjpeg"),
                Problem.HAS_VIDEO,
            ),
            "surround.m4a": (
                lambda: sounds.encoded(".m4a", "-ac", "8", *sounds.AT_48_KHZ),
                Problem.TOO_MANY_CHANNELS,
            ),
        },
    )


def files(bait: Bait) -> Iterator[HostileFile]:
    """Every MP4 of the corpus but the truncated ones."""
    yield from references(bait)
    yield from lies()
    yield from structure()
