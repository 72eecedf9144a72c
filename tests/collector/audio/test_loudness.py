"""Loudness is what ITU-R BS.1770-4 says, and what another implementation of it says."""

from __future__ import annotations

import numpy as np
import pyloudnorm
import pytest
from numpy.typing import NDArray

from collector.audio.loudness import GATE_LUFS, loudness_lufs
from tests.collector.audio.material import speech_samples

SPOKEN = ["an4/0056.flac", "an4/0010.flac", "an4/0022.flac", "librivox/0002.flac", "wwb/0001.flac"]


def tone(dbfs: float, duration_s: float, rate_hz: int = 16_000) -> NDArray[np.float64]:
    times_s = np.arange(round(duration_s * rate_hz)) / rate_hz
    return np.asarray(10 ** (dbfs / 20) * np.sin(2 * np.pi * 997 * times_s))


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 44_100, 48_000])
@pytest.mark.parametrize("dbfs", [0.0, -20.0, -50.0])
def test_a_tone_of_997_hz_is_three_below_its_peak(dbfs: float, rate_hz: int) -> None:
    """BS.1770-4, annex 1: 0 dBFS in one channel is -3.01 LUFS."""
    assert loudness_lufs(tone(dbfs, 3, rate_hz), rate_hz) == pytest.approx(dbfs - 3.01, abs=0.02)


def test_quiet_parts_do_not_count() -> None:
    """As EBU Tech 3341, test case 3: what is 10 LU below the rest is gated out."""
    parts = [tone(-36, 10), tone(-23, 60), tone(-36, 10)]
    assert loudness_lufs(np.concatenate(parts), 16_000) == pytest.approx(-26.01, abs=0.1)


@pytest.mark.parametrize("duration_s", [0.1, 0.25, 0.399, 0.4, 0.41])
def test_even_the_shortest_keyword_has_a_loudness(duration_s: float) -> None:
    assert loudness_lufs(tone(-20, duration_s), 16_000) == pytest.approx(-23.01, abs=0.4)


@pytest.mark.parametrize("num_samples", [0, 1, 16_000])
def test_silence_lies_at_the_gate(num_samples: int) -> None:
    assert loudness_lufs(np.zeros(num_samples), 16_000) == GATE_LUFS


@pytest.mark.parametrize("name", SPOKEN)
def test_real_speech_is_as_loud_as_pyloudnorm_finds_it(name: str) -> None:
    samples = speech_samples(name)[:, 0].astype(np.float64)
    samples = samples[: len(samples) // 1_600 * 1_600]  # of the last block pyloudnorm keeps more
    meter = pyloudnorm.Meter(16_000, filter_class="DeMan")
    assert loudness_lufs(samples, 16_000) == pytest.approx(
        meter.integrated_loudness(samples), abs=0.1
    )
