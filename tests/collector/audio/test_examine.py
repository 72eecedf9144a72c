"""Whatever the samples, what is measured of them is JSON; and silence is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from collector.audio.examine import examine
from collector.audio.master import make_master, read_master
from collector.audio.problems import Problem, UnusableAudio
from tests.collector.audio.material import speech_samples


def test_silence_is_refused() -> None:
    with pytest.raises(UnusableAudio) as refused:
        examine(np.zeros((48_000, 1), np.float32), 48_000)
    assert refused.value.problem is Problem.SILENT


def test_the_master_is_the_same_as_by_itself() -> None:
    samples = speech_samples()
    examined = examine(samples, 16_000)
    assert examined.master == make_master(samples, 16_000)
    assert np.array_equal(read_master(examined.master.flac), examined.steps)


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
    assume(np.square(samples - samples.mean(axis=0)).mean() > 1e-8)
    measured = examine(samples, sampling_rate_hz).measurements
    assert json.loads(json.dumps(measured, allow_nan=False))["num_samples"] == len(samples)
