"""MP3 (with ID3 tags) and ADTS AAC: no header, so almost anything may stand between frames."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from collector.audio.problems import Problem
from tests.collector.audio.hostile import sounds
from tests.collector.audio.hostile.files import HostileFile, Sound, family

MP3_WHOLE = Sound(sounds.NUM_SAMPLES, tolerance_samples=1200)
FRAMES_WHOLE = Sound(sounds.NUM_SAMPLES, tolerance_samples=2400)  # nothing says what is padding
AAC_WHOLE = Sound(sounds.NUM_SAMPLES + 1024, tolerance_samples=1024)
NO_XING = ("-write_xing", "0", "-id3v2_version", "0")


def mp3(*options: str) -> bytes:
    """The clip as MP3."""
    return sounds.encoded(".mp3", *options)


def aac(*options: str) -> bytes:
    """The clip as ADTS AAC."""
    return sounds.encoded(".aac", *options)


def id3(body: bytes, claimed_bytes: int | None = None, flags: int = 0) -> bytes:
    """An ID3v2.4 tag; its length is written in four times seven bits."""
    length = len(body) if claimed_bytes is None else claimed_bytes
    seven_bits = bytes(length >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\4\0" + bytes([flags]) + seven_bits + body


def frame(name: bytes, body: bytes) -> bytes:
    """An ID3v2.4 frame."""
    length = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return name + length + b"\0\0" + body


def xing(num_frames: int) -> bytes:
    """The clip with another number of frames in its Xing header."""
    data = mp3()
    at = max(data.find(b"Xing"), data.find(b"Info"))
    return data[: at + 8] + struct.pack(">I", num_frames) + data[at + 12 :]


def patched_aac(offset: int, new: bytes) -> bytes:
    """The clip as AAC with bytes of the first frame's header replaced."""
    return aac()[:offset] + new + aac()[offset + len(new) :]


def mp3_files() -> Iterator[HostileFile]:
    """MP3 files."""
    plain = mp3(*NO_XING)
    picture = frame(b"APIC", b"\0image/png\0\3\0" + bytes(2_000_000))
    yield from family(
        "mp3",
        {
            "plain.mp3": (lambda: plain, FRAMES_WHOLE),
            "whole.mp3": (mp3, MP3_WHOLE),
            "id3-of-20-mb.mp3": (
                lambda: id3(frame(b"TIT2", b"\3" + b"n" * 20_000_000)) + mp3(),
                MP3_WHOLE,
            ),
            "id3-beyond-the-end.mp3": (lambda: id3(b"", (1 << 28) - 1) + plain, Problem.DAMAGED),
            "id3-thousand-times.mp3": (lambda: id3(b"") * 1_000 + plain, FRAMES_WHOLE),
            "id3-unsynchronised.mp3": (
                lambda: id3(b"\xff\0" * 500, flags=0x80) + plain,
                FRAMES_WHOLE,
            ),
            "id3-compressed-bomb.mp3": (
                lambda: id3(b"TIT2\0\0\0\x20\0\x08" + b"\xff" * 32) + plain,
                FRAMES_WHOLE,
            ),
            "id3-picture-of-zeros.mp3": (lambda: id3(picture) + plain, FRAMES_WHOLE),
            "id3-then-text.mp3": (lambda: id3(b"") + b"no sound at all\n" * 200, Problem.DAMAGED),
            "id3-only.mp3": (lambda: id3(bytes(500)), Problem.DAMAGED),
            "xing-2-to-the-31-frames.mp3": (lambda: xing(1 << 31), Problem.DAMAGED),
            "xing-0-frames.mp3": (lambda: xing(0), MP3_WHOLE),
            "xing-fewer-frames.mp3": (lambda: xing(2), MP3_WHOLE),
            "noise-in-the-middle.mp3": (
                lambda: plain[: len(plain) // 2] + b"\x00\xff\xfb" * 400 + plain[len(plain) // 2 :],
                Problem.DAMAGED,
            ),
            "free-format.mp3": (lambda: b"\xff\xfb\x00\x64" + plain[4:], FRAMES_WHOLE),
            "bad-rate.mp3": (lambda: b"\xff\xfb\x9c\x64" * 900, Problem.DAMAGED),
            "only-sync.mp3": (lambda: b"\xff\xfb\x90\x64" * 900, Problem.DAMAGED),
            "rate-changes.mp3": (lambda: plain + mp3(*NO_XING, "-ar", "44100"), Problem.DAMAGED),
            "channels-change.mp3": (lambda: plain + mp3(*NO_XING, "-ac", "2"), Problem.DAMAGED),
            "page-behind.mp3": (lambda: plain + b"<script>alert(1)</script>" * 9, Problem.DAMAGED),
            "page-in-front-after-a-tag.mp3": (
                lambda: id3(frame(b"COMM", b"<html><script>1</script></html>")) + mp3(),
                MP3_WHOLE,
            ),
            "rate-8000.mp3": (
                lambda: mp3("-ar", "8000"),
                Sound(sounds.NUM_SAMPLES // 2, 8_000, tolerance_samples=1200),
            ),
        },
    )


def aac_files() -> Iterator[HostileFile]:
    """ADTS AAC files."""
    yield from family(
        "aac",
        {
            "whole.aac": (aac, AAC_WHOLE),
            "frame-of-length-0.aac": (lambda: patched_aac(3, b"\x40\x00\x1f"), AAC_WHOLE),
            "frame-of-8-kb.aac": (lambda: patched_aac(3, b"\x43\xff\xff"), Problem.DAMAGED),
            "rate-index-15.aac": (lambda: patched_aac(2, b"\x7c"), Problem.DAMAGED),
            "rate-changes.aac": (lambda: aac() + aac("-ar", "44100"), Problem.DAMAGED),
            "surround.aac": (lambda: aac("-ac", "6"), Problem.TOO_MANY_CHANNELS),
            "noise-between.aac": (
                lambda: aac() + bytes(3_000) + aac(),
                Sound(2 * AAC_WHOLE.num_samples, tolerance_samples=2100),
            ),
            "only-sync.aac": (lambda: b"\xff\xf1\x60\x40" * 900, Problem.DAMAGED),
        },
    )


def files() -> Iterator[HostileFile]:
    """Every MP3 and AAC file of the corpus but the truncated ones."""
    yield from mp3_files()
    yield from aac_files()
