"""The bandwidth is where the sound ends, whatever rate it was blown up to."""

from __future__ import annotations

import numpy as np
import pytest
import soxr
from numpy.typing import NDArray

from collector.audio.spectrum import bandwidth_hz
from tests.collector.audio.material import speech_samples

SPOKEN = ["an4/0010.flac", "an4/0022.flac", "an4/0056.flac", "librivox/0005.flac", "wwb/0001.flac"]


def steps_of(samples: NDArray[np.floating]) -> NDArray[np.int16]:
    return np.clip(np.rint(samples * 32_768), -32_768, 32_767).astype(np.int16)


@pytest.mark.parametrize("hz", [300, 1_100, 2_300, 5_200, 7_900])
def test_a_tone_ends_in_its_own_band(hz: int) -> None:
    tone = 0.1 * np.sin(2 * np.pi * hz * np.arange(32_000) / 16_000)
    assert hz <= bandwidth_hz(steps_of(tone)) <= hz + 500


@pytest.mark.parametrize("name", SPOKEN)
def test_wideband_speech_is_told_from_telephone_speech(name: str) -> None:
    wide = speech_samples(name)[:, 0]
    narrow = soxr.resample(soxr.resample(wide, 16_000, 8_000), 8_000, 16_000)
    assert bandwidth_hz(steps_of(wide)) >= 6_500
    assert 3_000 <= bandwidth_hz(steps_of(narrow)) <= 4_250


@pytest.mark.parametrize("num_samples", [0, 1, 100, 511, 512, 513, 16_000])
def test_silence_has_no_bandwidth(num_samples: int) -> None:
    assert bandwidth_hz(np.zeros(num_samples, np.int16)) == 0.0
