"""A part of a long recording is what a full decoding has there, and costs no more for the rest."""

from __future__ import annotations

import subprocess
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from numpy.typing import NDArray

from collector.audio.decode import MARGIN_S, Decoded, DecodeLimits, decode, decode_part
from collector.audio.problems import Problem, UnusableAudio
from tests.collector.audio.material import encode, speech_samples, stream, wav

RATE_HZ = 16_000
LENGTH_S = 30.0
PART_S = 2.0
OPUS = ("-ar", "48000", "-c:a", "libopus", "-b:a", "32k")


@pytest.fixture(scope="module")
def sound() -> bytes:
    """Half a minute of speech and noise, in which no two seconds are alike."""
    samples = np.resize(speech_samples()[:, 0], int(LENGTH_S * RATE_HZ))
    noise = np.random.default_rng(0).normal(0, 0.003, len(samples))
    return wav((samples + noise).astype(np.float32))


#: For each: how it is made, how far in time and in amplitude a part may be from the whole.
FORMATS = {
    "wav": (lambda sound: sound, 0.0, 0.0),
    "flac": (lambda sound: encode(sound, ".flac"), 0.0, 0.0),
    "vorbis": (lambda sound: encode(sound, ".ogg", "-c:a", "libvorbis"), 0.003, 1e-4),
    "opus": (lambda sound: encode(sound, ".opus", *OPUS), 0.0, 1e-3),
    "mp3": (lambda sound: encode(sound, ".mp3", "-q:a", "4"), 0.0, 1e-4),
    "aac": (lambda sound: encode(sound, ".m4a", "-c:a", "aac"), 0.0, 0.03),
    "webm": (lambda sound: encode(sound, ".webm", *OPUS), 0.003, 1e-3),
    "live webm": (lambda sound: stream(sound, "webm", *OPUS), 0.003, 1e-3),
}


@pytest.fixture(scope="module")
def made(sound: bytes) -> dict[str, bytes]:
    """The sound in each format."""
    return {name: make(sound) for name, (make, _, _) in FORMATS.items()}


@pytest.fixture(scope="module")
def wholes(made: dict[str, bytes]) -> dict[str, Decoded]:
    """What a full decoding has of each."""
    return {name: decode(data) for name, data in made.items()}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("start_s", [0.0, 0.4, 5.123, 17.777, LENGTH_S - PART_S])
def test_a_part_is_what_the_whole_has_there(
    name: str, start_s: float, made: dict[str, bytes], wholes: dict[str, Decoded]
) -> None:
    _, shift_s, tolerance = FORMATS[name]
    whole, part = wholes[name], decode_part(made[name], start_s, PART_S)
    rate_hz = part.sampling_rate_hz
    assert (rate_hz, part.codec) == (whole.sampling_rate_hz, whole.codec)
    available_s = min(PART_S + MARGIN_S, len(whole.samples) / rate_hz - start_s)
    assert len(part.samples) == pytest.approx(available_s * rate_hz, abs=shift_s * rate_hz + 1)
    at, shift = round(start_s * rate_hz), round(shift_s * rate_hz)
    gaps = [
        _gap(whole.samples[max(0, start) :], part.samples)
        for start in range(at - shift, at + shift + 1)
    ]
    assert min(gaps) <= tolerance


def _gap(whole: NDArray[np.float32], part: NDArray[np.float32]) -> float:
    num_samples = min(len(whole), len(part))
    return float(np.abs(whole[:num_samples] - part[:num_samples]).max())


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("start_s", [LENGTH_S + 0.5, LENGTH_S + 100, 1e300])
def test_after_the_end_there_is_nothing(name: str, start_s: float, made: dict[str, bytes]) -> None:
    try:
        assert len(decode_part(made[name], start_s, PART_S).samples) == 0
    except UnusableAudio as unusable:
        assert unusable.problem is Problem.TOO_SHORT


def test_an_hour_costs_no_more_than_a_minute(sound: bytes, tmp_path: Path) -> None:
    """Decoded as a whole, it would pass the child's limits of time."""
    piece, hour = tmp_path / "piece.opus", tmp_path / "hour.opus"
    piece.write_bytes(encode(sound, ".opus", *OPUS))
    looped = ["-stream_loop", "119", "-i", str(piece), "-c", "copy", str(hour)]
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *looped], check=True)
    late = decode_part(hour, 3590.0, PART_S, DecodeLimits(max_bytes=2_000_000_000))
    assert len(late.samples) == int((PART_S + MARGIN_S) * 48_000)
    assert np.abs(late.samples).max() > 0.1


def test_what_is_missing_from_a_part_is_told(sound: bytes) -> None:
    flac = encode(sound, ".flac")
    cut = flac[: len(flac) // 2]
    assert len(decode_part(cut, 1.0, PART_S).samples) == int((PART_S + MARGIN_S) * RATE_HZ)
    with pytest.raises(UnusableAudio) as caught:
        decode_part(cut, LENGTH_S / 2 - 1, PART_S)
    assert caught.value.problem is Problem.DAMAGED
