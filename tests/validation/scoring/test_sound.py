"""Samples are checked and levelled, and clips without speech are found."""

import numpy as np
import pytest

from tests.validation.scoring.conftest import Recording, recordings
from validation.scoring.sound import MIN_SPEECH_S, as_float, prepare, speech_s

SPEECH = recordings("keyword", "sentence")


def noise(duration_s: float, level_dbfs: float) -> np.ndarray:
    rng = np.random.default_rng(0)
    samples = rng.normal(0, 10 ** (level_dbfs / 20), round(duration_s * 16_000))
    return samples.astype(np.float32)


@pytest.mark.parametrize("clip", SPEECH, ids=lambda clip: clip.name)
def test_the_gate_opens_for_speech(clip: Recording) -> None:
    assert speech_s(as_float(clip.samples)) >= MIN_SPEECH_S


@pytest.mark.parametrize("name", ["noise/pink.flac", "noise/fan_and_hum.flac"])
def test_the_gate_stays_closed_for_steady_noise(name: str) -> None:
    (clip,) = [clip for clip in recordings("noise") if clip.name == name]
    samples = as_float(clip.samples)
    assert speech_s(samples) < MIN_SPEECH_S
    assert speech_s(np.pad(samples, 8_000)) < MIN_SPEECH_S, "digital silence is not its floor"


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(0, np.float32),
        np.zeros(100, np.float32),
        np.zeros(48_000, np.float32),
        noise(2, -30),
        noise(2, -80),
        np.repeat(np.float32([1e-4, 0.5, 1e-4]), [16_000, 200, 16_000]),
    ],
    ids=["empty", "tiny", "digital silence", "white noise", "quiet room", "a click"],
)
def test_the_gate_stays_closed_without_speech(samples: np.ndarray) -> None:
    assert speech_s(samples) < MIN_SPEECH_S


@pytest.mark.parametrize("gain", [0.05, 1.0, 3.0])
def test_every_clip_comes_to_the_same_level(gain: float) -> None:
    samples = prepare(np.float32(gain) * as_float(SPEECH[0].samples), margin_s=0.0)
    assert 20 * np.log10(np.sqrt(np.mean(samples**2))) == pytest.approx(-23, abs=0.01)


def test_the_margins_are_digital_silence_on_both_sides() -> None:
    samples = as_float(SPEECH[0].samples)
    padded = prepare(samples, margin_s=0.5)
    assert padded.size == samples.size + 16_000
    assert not padded[:8_000].any()
    assert not padded[-8_000:].any()
    assert padded.dtype == np.float32


def test_silence_is_left_silent() -> None:
    assert not prepare(np.zeros(1_600, np.float32), margin_s=0.1).any()


def test_int16_and_float_mean_the_same() -> None:
    assert as_float(np.array([-32_768, 16_384], np.int16)).tolist() == [-1.0, 0.5]


@pytest.mark.parametrize(
    ("samples", "says"),
    [
        (np.zeros((2, 100), np.float32), "mono"),
        (np.zeros(100, np.float64), "float64"),
        (np.array([0, np.nan], np.float32), "NaN"),
        (np.array([0, np.inf], np.float32), "infinity"),
    ],
)
def test_other_samples_are_refused(samples: np.ndarray, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        as_float(samples)
