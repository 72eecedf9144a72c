"""The clip that everything here is made of, in every container, each encoded once a run.

The audio is a committed clip and ffmpeg is told to be bit-exact, so that every run makes the same
bytes with the same ffmpeg.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from tests.collector.audio.material import encode, speech, speech_samples, stream, wav

CLIP = "an4/0022.flac"  # "yes", 0.9 s
RATE_HZ = 16_000
NUM_SAMPLES = len(speech_samples(CLIP))
EXACT = ("-fflags", "+bitexact", "-flags:a", "+bitexact", "-map_metadata", "-1")
AT_48_KHZ = ("-ar", "48000")
NUM_SAMPLES_AT_48_KHZ = NUM_SAMPLES * 3
OPUS = (*AT_48_KHZ, "-c:a", "libopus")
VORBIS = ("-c:a", "libvorbis")
FAST_START = ("-movflags", "+faststart")
FRAGMENTED = (
    "-movflags",
    "+frag_keyframe+empty_moov+default_base_moof",
    "-frag_duration",
    "200000",
)
PICTURE = ("-f", "lavfi", "-i", "testsrc=size=64x64:rate=25:duration=0.04")
VIDEO = ("-f", "lavfi", "-i", "testsrc=size=64x64:rate=10:duration=1", "-t", "1")


def samples() -> NDArray[np.float32]:
    """The clip's samples, float32 (num_samples,)."""
    return speech_samples(CLIP)[:, 0]


def pcm16() -> bytes:
    """The clip as 16-bit little-endian samples."""
    return np.round(samples() * 32_768).astype("<i2").tobytes()


def flac() -> bytes:
    """The clip as it is committed."""
    return speech(CLIP)


def plain_wav() -> bytes:
    """The clip as an ordinary WAV file with a 44-byte header."""
    return wav(samples())


@functools.cache
def encoded(suffix: str, *options: str) -> bytes:
    """The clip as a finished file with this suffix."""
    return encode(plain_wav(), suffix, *options, *EXACT)


@functools.cache
def streamed(container: str, *options: str) -> bytes:
    """The clip as a live recorder sends it in this container."""
    return stream(plain_wav(), container, *options, *EXACT)
