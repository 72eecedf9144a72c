"""Measurements agree with signals whose values are known, and are always numbers."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from collector.audio.measure import FLOOR_DB, measure, problem_of
from collector.audio.problems import Problem
from tests.collector.audio.material import speech_samples

RATE_HZ = 48_000
KEYWORDS = ["an4/0022.flac", "an4/0071.flac", "an4/0079.flac", "an4/0101.flac", "an4/0118.flac"]
SENTENCES = ["an4/0056.flac", "an4/0010.flac", "librivox/0002.flac", "librivox/0005.flac"]


def tone(duration_s: float = 2.0, amplitude: float = 1.0, hz: float = 997) -> NDArray[np.float32]:
    times_s = np.arange(int(duration_s * RATE_HZ)) / RATE_HZ
    return (amplitude * np.sin(2 * np.pi * hz * times_s)).astype(np.float32)[:, np.newaxis]


def white_noise(duration_s: float, rms: float) -> NDArray[np.float32]:
    noise = np.random.default_rng(3).normal(0, rms, int(duration_s * RATE_HZ))
    return noise.astype(np.float32)[:, np.newaxis]


def test_a_full_scale_tone_has_its_known_levels() -> None:
    measured = measure(tone(), RATE_HZ)
    assert measured.peak_dbfs == pytest.approx(0.0, abs=0.01)
    assert measured.rms_dbfs == pytest.approx(-3.01, abs=0.01)


def test_levels_follow_the_amplitude() -> None:
    measured = measure(tone(amplitude=0.1), RATE_HZ)
    assert measured.peak_dbfs == pytest.approx(-20.0, abs=0.01)
    assert measured.rms_dbfs == pytest.approx(-23.01, abs=0.01)


def test_length_rate_and_channels_are_told() -> None:
    measured = measure(np.repeat(tone(1.5), 2, axis=1), RATE_HZ)
    assert (measured.num_samples, measured.channels) == (72_000, 2)
    assert (measured.sampling_rate_hz, measured.duration_s) == (RATE_HZ, 1.5)


def test_two_alike_channels_measure_as_one() -> None:
    one = measure(tone(amplitude=0.2), RATE_HZ).as_dict()
    two = measure(np.repeat(tone(amplitude=0.2), 2, axis=1), RATE_HZ).as_dict()
    assert {**two, "channels": 1} == pytest.approx(one)


def test_a_constant_offset_is_told_and_kept_out_of_the_power() -> None:
    measured = measure(tone(amplitude=0.1) + np.float32(0.05), RATE_HZ)
    assert measured.dc_offset == pytest.approx(0.05, abs=1e-4)
    assert measured.rms_dbfs == pytest.approx(-23.01, abs=0.01)


def test_clipped_tops_are_counted_and_whole_ones_not() -> None:
    whole = tone(1.0, amplitude=0.95, hz=100)
    clipped = np.clip(whole, -0.8, 0.8)
    assert measure(whole, RATE_HZ).clipped_runs == 0
    assert measure(clipped, RATE_HZ).clipped_runs == 200
    assert measure(np.repeat(clipped, 2, axis=1), RATE_HZ).clipped_runs == 400


def test_the_share_of_clipped_samples_is_that_above_the_limit() -> None:
    """A sine is above 0.8 of its clipped height for acos(0.8 / 0.95) / (pi / 2) of the time."""
    clipped = np.clip(tone(1.0, amplitude=0.95, hz=100), -0.8, 0.8)
    share = 2 / math.pi * math.acos(0.8 / 0.95)
    assert measure(clipped, RATE_HZ).clipped_share == pytest.approx(share, abs=0.01)
    assert measure(np.repeat(clipped, 2, axis=1), RATE_HZ).clipped_share == pytest.approx(
        share, abs=0.01
    )
    assert measure(tone(1.0, amplitude=0.95, hz=100), RATE_HZ).clipped_share == 0


def test_real_speech_that_is_driven_too_hard_is_clipped() -> None:
    samples = speech_samples("librivox/0002.flac")
    driven = np.clip(samples * 20, -1, 1).astype(np.float32)
    assert measure(samples, 16_000).clipped_runs == 0
    assert measure(driven, 16_000).clipped_runs > 50


@pytest.mark.parametrize("name", KEYWORDS + SENTENCES)
def test_real_speech_has_no_problem_and_is_not_clipped(name: str) -> None:
    measured = measure(speech_samples(name), 16_000)
    assert problem_of(measured) is None
    assert (measured.clipped_runs, measured.clipped_share) == (0, 0.0)


@pytest.mark.parametrize(
    ("rms_dbfs", "problem"),
    [
        (FLOOR_DB, Problem.SILENT),
        (-90.0, Problem.SILENT),
        (-85.01, Problem.SILENT),
        (-85.0, None),
        (-75.0, None),
        (-20.0, None),
        (0.0, None),
    ],
)
def test_only_silence_is_a_problem_by_itself(rms_dbfs: float, problem: Problem | None) -> None:
    assert problem_of(replace(measure(tone(), RATE_HZ), rms_dbfs=rms_dbfs)) is problem


def test_a_very_quiet_room_is_no_silence() -> None:
    assert problem_of(measure(white_noise(2.0, rms=0.0001), RATE_HZ)) is None


def test_silence_measures_the_floor() -> None:
    measured = measure(np.zeros((RATE_HZ, 1), np.float32), RATE_HZ)
    assert (measured.peak_dbfs, measured.rms_dbfs) == (FLOOR_DB, FLOOR_DB)


@settings(max_examples=60, deadline=None)
@given(
    arrays(
        np.float32,
        st.tuples(st.integers(800, 4_000), st.integers(1, 2)),
        elements=st.floats(-2.0, 2.0, width=32),
    ),
    st.sampled_from([8_000, 16_000, 44_100, 192_000]),
)
def test_whatever_the_samples_all_is_finite_json(
    samples: NDArray[np.float32], sampling_rate_hz: int
) -> None:
    answer = measure(samples, sampling_rate_hz).as_dict()
    assert all(math.isfinite(value) for value in answer.values())
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer


def test_the_loudest_float_is_still_a_number() -> None:
    samples = np.full((8_000, 1), np.finfo(np.float32).max, np.float32)
    samples[::2] *= -1
    assert all(math.isfinite(value) for value in measure(samples, 8_000).as_dict().values())
