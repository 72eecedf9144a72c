"""A master holds what was said, to the last bit where that is possible."""

from __future__ import annotations

import hashlib
import io

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from collector.audio.decode import decode
from collector.audio.master import MASTER_RATE_HZ, make_master, read_master
from tests.collector.audio.material import AUDIO, speech, speech_samples

CLIPS = sorted(str(path.relative_to(AUDIO)) for path in AUDIO.glob("*/*.flac"))


def tone(sampling_rate_hz: int, hz: float = 440, seconds: float = 1.0) -> NDArray[np.float32]:
    times_s = np.arange(int(seconds * sampling_rate_hz)) / sampling_rate_hz
    return (0.5 * np.sin(2 * np.pi * hz * times_s)).astype(np.float32)[:, np.newaxis]


@pytest.mark.parametrize("name", CLIPS)
def test_a_16_khz_16_bit_mono_source_comes_through_bit_for_bit(name: str) -> None:
    original, _ = soundfile.read(AUDIO / name, dtype="int16")
    decoded = decode(speech(name))
    master = make_master(decoded.samples, decoded.sampling_rate_hz)
    assert np.array_equal(read_master(master.flac), original)
    assert master.num_samples == len(original)


@settings(max_examples=40, deadline=None)
@given(arrays(np.int16, st.integers(1, 3_000)))
def test_any_16_bit_samples_come_through(steps: NDArray[np.int16]) -> None:
    samples = (steps / np.float32(32_768)).astype(np.float32)[:, np.newaxis]
    assert np.array_equal(read_master(make_master(samples, MASTER_RATE_HZ).flac), steps)


def test_two_alike_channels_stay_exact() -> None:
    samples = speech_samples()
    stereo = make_master(np.repeat(samples, 2, axis=1), MASTER_RATE_HZ)
    assert stereo.flac == make_master(samples, MASTER_RATE_HZ).flac


def test_two_channels_are_averaged() -> None:
    samples = np.array([[0.5, 0.25], [-0.5, 0.5], [1.0, 1.0]], np.float32)
    steps = read_master(make_master(samples, MASTER_RATE_HZ).flac)
    assert steps.tolist() == [12_288, 0, 32_767]


def test_too_loud_samples_stop_at_full_scale_and_do_not_wrap() -> None:
    samples = np.array([[1.5], [-1.5], [1.0], [-1.0], [9e9]], np.float32)
    steps = read_master(make_master(samples, MASTER_RATE_HZ).flac)
    assert steps.tolist() == [32_767, -32_768, 32_767, -32_768, 32_767]


def test_samples_are_rounded_to_the_nearest_step() -> None:
    samples = np.array([[0.6], [-0.6], [1.4], [-1.4]], np.float32) / np.float32(32_768)
    assert read_master(make_master(samples, MASTER_RATE_HZ).flac).tolist() == [1, -1, 1, -1]


@pytest.mark.parametrize("sampling_rate_hz", [8_000, 22_050, 44_100, 48_000, 96_000, 192_000])
def test_other_rates_keep_length_and_sound(sampling_rate_hz: int) -> None:
    master = make_master(tone(sampling_rate_hz), sampling_rate_hz)
    assert abs(master.num_samples - MASTER_RATE_HZ) <= 1
    steps = read_master(master.flac)[1_000:15_000] / 32_768
    expected = tone(MASTER_RATE_HZ)[1_000:15_000, 0]
    assert np.abs(steps - expected).max() < 0.001


def test_what_16_khz_cannot_hold_is_filtered_not_folded_back() -> None:
    steps = read_master(make_master(tone(48_000, hz=12_000), 48_000).flac)
    assert np.abs(steps[1_000:15_000]).max() <= 1


def test_the_same_samples_give_the_same_bytes_and_their_hash() -> None:
    samples = np.repeat(speech_samples(), 3, axis=0)
    first, second = make_master(samples, 48_000), make_master(samples, 48_000)
    assert first == second
    assert first.sha256 == hashlib.sha256(first.flac).hexdigest()
    assert first.sampling_rate_hz == 16_000


def test_what_is_no_master_is_refused() -> None:
    file = io.BytesIO()
    soundfile.write(file, tone(48_000), 48_000, format="FLAC")
    with pytest.raises(ValueError, match="48000 Hz"):
        read_master(file.getvalue())
