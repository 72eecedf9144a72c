"""WAV files (RIFF, little-endian chunks) whose headers are odd, or lie."""

from __future__ import annotations

import functools
import struct
from collections.abc import Iterator

import numpy as np

from collector.audio.problems import Problem
from tests.collector.audio.hostile import sounds
from tests.collector.audio.hostile.files import HostileFile, Sound, family
from tests.collector.audio.material import wav

PCM, FLOAT, MULAW, MP3_TAG, EXTENSIBLE = 1, 3, 7, 0x55, 0xFFFE
SECOND = Sound(sounds.NUM_SAMPLES)
KSDATAFORMAT_TAIL = bytes.fromhex("000000001000800000aa00389b71")


def chunk(name: bytes, body: bytes, claimed_bytes: int | None = None) -> bytes:
    """A chunk; ``claimed_bytes`` is what its header says instead of the truth."""
    length = len(body) if claimed_bytes is None else claimed_bytes
    return name + struct.pack("<I", length & 0xFFFF_FFFF) + body + b"\0" * (len(body) % 2)


def riff(*chunks: bytes, kind: bytes = b"RIFF", claimed_bytes: int | None = None) -> bytes:
    """A whole WAVE file."""
    return chunk(kind, b"WAVE" + b"".join(chunks), claimed_bytes)


def fmt(
    tag: int = PCM,
    channels: int = 1,
    rate_hz: int = sounds.RATE_HZ,
    bits: int = 16,
    block_bytes: int | None = None,
    extra: bytes = b"",
) -> bytes:
    """The ``fmt `` chunk."""
    block = channels * bits // 8 if block_bytes is None else block_bytes
    fields = (tag, channels, rate_hz, rate_hz * block & 0xFFFF_FFFF, block & 0xFFFF, bits)
    return chunk(b"fmt ", struct.pack("<HHIIHH", *fields) + extra)


def data(body: bytes | None = None, claimed_bytes: int | None = None) -> bytes:
    """The ``data`` chunk, with the clip in it unless something else is named."""
    return chunk(b"data", sounds.pcm16() if body is None else body, claimed_bytes)


def with_fmt(**fields: int) -> bytes:
    """The clip under another ``fmt ``."""
    return riff(fmt(**fields), data())  # type: ignore[arg-type]


def extensible(sub_tag: int, channels: int = 1, mask: int = 4) -> bytes:
    """The clip under WAVE_FORMAT_EXTENSIBLE."""
    extra = struct.pack("<HHIH", 22, 16, mask, sub_tag) + KSDATAFORMAT_TAIL
    return riff(fmt(EXTENSIBLE, channels, extra=extra), data())


def rf64(data_bytes: int, with_sizes: bool = True) -> bytes:
    """RF64 (EBU Tech 3306): the true lengths are 64-bit numbers in ``ds64``."""
    sizes = chunk(b"ds64", struct.pack("<QQQI", data_bytes + 72, data_bytes, data_bytes // 2, 0))
    chunks = [sizes] if with_sizes else []
    return riff(*chunks, fmt(), data(claimed_bytes=-1), kind=b"RF64", claimed_bytes=-1)


def with_sample(value: float, kind: str = "FLOAT", everywhere: bool = False) -> bytes:
    """A float WAV with one sample, or all of them, of this value."""
    changed = sounds.samples().astype(np.float64)
    changed[:: 1 if everywhere else 5_000] = value
    return wav(changed, kind=kind)


def channels(count: int, rate_hz: int = sounds.RATE_HZ) -> bytes:
    """The clip on several channels."""
    return wav(np.repeat(sounds.samples()[:, np.newaxis], count, axis=1), rate_hz)


def huge_claims() -> Iterator[HostileFile]:
    """Lengths, rates and counts that no file could hold."""
    whole = len(sounds.pcm16())
    yield from family(
        "wav-claims",
        {
            "data-4-gb.wav": (lambda: riff(fmt(), data(claimed_bytes=-1)), SECOND),
            "data-2-gb.wav": (lambda: riff(fmt(), data(claimed_bytes=0x8000_0000)), SECOND),
            "data-a-bit-less-than-2-gb.wav": (
                lambda: riff(fmt(), data(claimed_bytes=0x7FFF_EFFE)),
                Problem.DAMAGED,
            ),
            "data-zero-means-streamed.wav": (lambda: riff(fmt(), data(claimed_bytes=0)), SECOND),
            "data-two-bytes-too-many.wav": (
                lambda: riff(fmt(), data(claimed_bytes=whole + 2)),
                Problem.DAMAGED,
            ),
            "riff-4-gb.wav": (lambda: riff(fmt(), data(), claimed_bytes=-1), SECOND),
            "riff-zero.wav": (lambda: riff(fmt(), data(), claimed_bytes=0), SECOND),
            "list-4-gb.wav": (
                lambda: riff(fmt(), chunk(b"LIST", b"INFO", -1), data()),
                Problem.DAMAGED,
            ),
            "fmt-4-gb.wav": (
                lambda: riff(chunk(b"fmt ", fmt()[8:], -1), data()),
                Problem.DAMAGED,
            ),
            "fact-2-to-the-31-samples.wav": (
                lambda: riff(fmt(), chunk(b"fact", struct.pack("<I", 1 << 31)), data()),
                SECOND,
            ),
            "rf64-2-to-the-63-bytes.wav": (lambda: rf64((1 << 63) - 2), Problem.DAMAGED),
            "rf64-2-to-the-32-samples.wav": (lambda: rf64(1 << 33), Problem.DAMAGED),
            "rf64-true.wav": (lambda: rf64(whole), SECOND),
            "rf64-without-sizes.wav": (lambda: rf64(whole, with_sizes=False), Problem.DAMAGED),
            "rate-10-to-the-9-hz.wav": (lambda: with_fmt(rate_hz=10**9), Problem.TOO_LARGE),
            "rate-2-to-the-32-hz.wav": (lambda: with_fmt(rate_hz=2**32 - 1), Problem.DAMAGED),
            "rate-0-hz.wav": (lambda: with_fmt(rate_hz=0), Problem.DAMAGED),
            "rate-1-hz.wav": (lambda: with_fmt(rate_hz=1), Problem.RATE_TOO_LOW),
            "rate-384-khz.wav": (lambda: with_fmt(rate_hz=384_000), Problem.TOO_LARGE),
            "channels-0.wav": (lambda: with_fmt(channels=0, block_bytes=2), Problem.DAMAGED),
            "channels-65535.wav": (
                lambda: with_fmt(channels=65_535, block_bytes=2),
                Problem.DAMAGED,
            ),
            "bits-0.wav": (lambda: with_fmt(bits=0, block_bytes=2), Problem.NOT_AUDIO),
            "bits-1.wav": (
                lambda: with_fmt(bits=1, block_bytes=2),  # read as 8 bits
                Sound(sounds.NUM_SAMPLES * 2),
            ),
            "bits-65535.wav": (lambda: with_fmt(bits=65_535, block_bytes=2), Problem.NOT_AUDIO),
            "block-0.wav": (lambda: with_fmt(block_bytes=0), SECOND),
            "block-65535.wav": (lambda: with_fmt(block_bytes=65_535), SECOND),
            "chunks-10000.wav": (lambda: riff(fmt(), chunk(b"junk", b"") * 10_000, data()), SECOND),
            "chunks-3-million.wav": (
                lambda: riff(fmt(), chunk(b"junk", b"") * 3_000_000, data()),
                Problem.DAMAGED,
            ),
            "info-2-mb.wav": (
                lambda: riff(
                    fmt(), chunk(b"LIST", b"INFO" + chunk(b"INAM", b"n" * 2_000_000)), data()
                ),
                SECOND,
            ),
        },
    )


def wrong_structure() -> Iterator[HostileFile]:
    """Chunks that are missing, doubled, in the wrong order, or of another kind."""
    yield from family(
        "wav-structure",
        {
            "no-fmt.wav": (lambda: riff(data()), Problem.DAMAGED),
            "no-data.wav": (lambda: riff(fmt()), Problem.DAMAGED),
            "data-before-fmt.wav": (lambda: riff(data(), fmt()), SECOND),
            "fmt-of-no-bytes.wav": (lambda: riff(chunk(b"fmt ", b""), data()), Problem.DAMAGED),
            "fmt-twice-other-rate.wav": (
                lambda: riff(fmt(), fmt(rate_hz=48_000), data()),
                SECOND,
            ),
            "data-twice.wav": (lambda: riff(fmt(), data(), data()), SECOND),
            "data-then-text.wav": (lambda: riff(fmt(), data()) + b"#!/bin/sh\nid\n" * 99, SECOND),
            "riff-in-riff.wav": (
                lambda: riff(fmt(), data(sounds.plain_wav())),
                Sound(sounds.NUM_SAMPLES + 22),
            ),
            "half-a-sample.wav": (lambda: riff(fmt(), data(sounds.pcm16()[:-1])), Problem.DAMAGED),
            "odd-length-unpadded.wav": (
                lambda: riff(
                    fmt(bits=8), b"data" + struct.pack("<I", 9_999) + b"\x70\x90\x80" * 3_333
                ),
                Sound(9_999),
            ),
            "no-samples.wav": (lambda: riff(fmt(), data(b"")), Problem.EMPTY),
            "one-sample.wav": (lambda: riff(fmt(), data(b"\1\1")), Problem.TOO_SHORT),
            "rifx.wav": (lambda: b"RIFX" + sounds.plain_wav()[4:], Problem.NOT_AUDIO),
            "tag-unknown.wav": (lambda: with_fmt(tag=0x1234), Problem.NOT_AUDIO),
            "tag-mp3-holds-pcm.wav": (lambda: with_fmt(tag=MP3_TAG), Problem.DAMAGED),
            "extensible-pcm.wav": (lambda: extensible(PCM), SECOND),
            "extensible-unknown.wav": (lambda: extensible(0x4321), Problem.NOT_AUDIO),
            "extensible-mask-of-32-speakers.wav": (
                lambda: extensible(PCM, 1, -1 & 0xFFFF_FFFF),
                SECOND,
            ),
            "samples-nan.wav": (lambda: with_sample(np.nan), Problem.DAMAGED),
            "samples-infinite.wav": (lambda: with_sample(np.inf), Problem.DAMAGED),
            "samples-minus-infinite.wav": (lambda: with_sample(-np.inf), Problem.DAMAGED),
            "samples-10-to-the-30.wav": (lambda: with_sample(1e30), Problem.DAMAGED),
            "samples-all-nan.wav": (lambda: with_sample(np.nan, everywhere=True), Problem.DAMAGED),
            "samples-f64-beyond-f32.wav": (lambda: with_sample(1e300, "DOUBLE"), Problem.DAMAGED),
            "samples-denormal.wav": (
                lambda: with_sample(1e-42, everywhere=True),
                Problem.SILENT,
            ),
        },
    )


def odd_but_good() -> Iterator[HostileFile]:
    """Forms that a person's device or editor may write."""
    kinds = {"u8": "PCM_U8", "s24": "PCM_24", "s32": "PCM_32", "f32": "FLOAT", "f64": "DOUBLE"}
    for name, kind in kinds.items():
        make = functools.partial(wav, sounds.samples(), kind=kind)
        yield HostileFile("wav-odd", f"{name}.wav", make, SECOND)
    for rate_hz in (8_000, 11_025, 22_050, 44_100, 96_000, 192_000):
        make = functools.partial(wav, np.tile(sounds.samples(), 4), rate_hz)
        sound = Sound(sounds.NUM_SAMPLES * 4, rate_hz)
        yield HostileFile("wav-odd", f"rate-{rate_hz}.wav", make, sound)
    for count in (3, 6, 8, 64):
        make = functools.partial(channels, count)
        yield HostileFile("wav-odd", f"channels-{count}.wav", make, Problem.TOO_MANY_CHANNELS)
    yield from family(
        "wav-odd",
        {
            "stereo.wav": (lambda: channels(2), Sound(sounds.NUM_SAMPLES, channels=2)),
            "mu-law.wav": (lambda: sounds.encoded(".wav", "-c:a", "pcm_mulaw"), SECOND),
            "a-law.wav": (lambda: sounds.encoded(".wav", "-c:a", "pcm_alaw"), SECOND),
            "rate-7999.wav": (lambda: with_fmt(rate_hz=7_999), Problem.RATE_TOO_LOW),
            "broadcast.wav": (
                lambda: sounds.encoded(".wav", "-write_bext", "1", "-metadata", "originator=us"),
                SECOND,
            ),
            "peak-chunk-at-the-end.wav": (
                lambda: riff(fmt(), data(), chunk(b"PEAK", bytes(16)), chunk(b"LIST", b"INFO")),
                SECOND,
            ),
        },
    )


def files() -> Iterator[HostileFile]:
    """Every WAV file of the corpus but the truncated ones."""
    yield from huge_claims()
    yield from wrong_structure()
    yield from odd_but_good()
