"""The second that is cut out is the loudest, and always a whole one."""

from __future__ import annotations

import io
import subprocess
import sys
import wave

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from collector.audio.cut import cut_second, loudest_second_offset, whole_wav
from collector.audio.master import make_master, read_master
from collector.audio.speech import Span, Speech
from tests.collector.audio.material import speech, speech_samples


def samples_of(wav: bytes) -> NDArray[np.int16]:
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (16_000, 2, 1)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.int16)


def master_of(steps: NDArray[np.int16]) -> bytes:
    samples = (steps / np.float32(32_768)).astype(np.float32)[:, np.newaxis]
    return make_master(samples, 16_000).flac


@settings(max_examples=80, deadline=None)
@given(arrays(np.int16, st.integers(0, 60)), st.integers(1, 20))
def test_the_offset_is_that_of_a_plain_search(steps: NDArray[np.int16], rate: int) -> None:
    sums = [
        sum(abs(int(step)) for step in steps[start : start + rate])
        for start in range(max(1, len(steps) - rate + 1))
    ]
    assert loudest_second_offset(steps, None, rate) == sums.index(max(sums))


def test_a_minute_at_full_scale_does_not_overflow() -> None:
    steps = np.full(960_000, -32_768, np.int16)
    steps[:400_000] = 0
    assert loudest_second_offset(steps) == 400_000


@settings(max_examples=200, deadline=None)
@given(arrays(np.int16, st.integers(1, 60)), st.integers(1, 20), st.data())
def test_the_speech_stays_inside_the_second_or_the_second_inside_the_speech(
    steps: NDArray[np.int16], rate: int, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(steps) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(steps))))
    found = loudest_second_offset(steps, Speech((span,), 1.0), rate)
    allowed = [
        begin
        for begin in range(max(1, len(steps) - rate + 1))
        if len(steps) <= rate
        or (begin <= span.start_sample and span.end_sample <= begin + rate)
        or (span.start_sample <= begin and begin + rate <= span.end_sample)
    ]
    sums = {begin: np.abs(steps[begin : begin + rate].astype(int)).sum() for begin in allowed}
    assert found == max(allowed, key=lambda begin: (sums[begin], -begin))


def test_a_door_that_slams_does_not_push_the_word_out() -> None:
    steps = np.zeros(48_000, np.int16)
    steps[8_000:12_000] = 1_000
    steps[40_000:44_000] = 30_000
    word = Speech((Span(8_000, 12_000),), 0.99)
    assert loudest_second_offset(steps) == 28_000
    assert loudest_second_offset(steps, word) == 0


def test_a_cut_at_a_given_sample_is_that_second() -> None:
    steps = np.arange(40_000).astype(np.int16)
    assert np.array_equal(samples_of(cut_second(master_of(steps), 7)), steps[7:16_007])


@pytest.mark.parametrize("name", ["wwb/0001.flac", "wwb/0025.flac", "wwb/0049.flac"])
def test_real_keywords_are_cut_around_the_word(name: str) -> None:
    flac = speech(name)
    steps, second = read_master(flac), samples_of(cut_second(flac))
    start = loudest_second_offset(steps)
    assert np.array_equal(second, steps[start : start + 16_000])
    powers = np.square(steps[: len(steps) // 1_600 * 1_600].astype(float)).reshape(-1, 1_600).sum(1)
    loudest_tenth = int(powers.argmax()) * 1_600
    assert start - 1_600 <= loudest_tenth < start + 16_000


@pytest.mark.parametrize("num_samples", [1, 2, 1_601, 15_999, 16_000, 16_001, 48_007])
def test_every_cut_has_the_same_size(num_samples: int) -> None:
    steps = np.arange(num_samples).astype(np.int16) + 1
    assert len(cut_second(master_of(steps))) == 32_044


@pytest.mark.parametrize("num_samples", [1, 1_601, 15_999])
def test_a_short_clip_lies_in_the_middle_of_silence(num_samples: int) -> None:
    steps = np.full(num_samples, 1_000, np.int16)
    second = samples_of(cut_second(master_of(steps)))
    before = (16_000 - num_samples) // 2
    assert np.array_equal(np.flatnonzero(second), np.arange(before, before + num_samples))


def test_a_clip_of_one_second_is_left_as_it_is() -> None:
    steps = (speech_samples()[:16_000, 0] * 32_768).astype(np.int16)
    assert np.array_equal(samples_of(cut_second(master_of(steps))), steps)


def test_a_whole_clip_as_wav_keeps_every_sample() -> None:
    flac = speech()
    data = whole_wav(flac)
    assert np.array_equal(samples_of(data), read_master(flac))
    assert len(data) == 44 + 2 * len(read_master(flac))


def test_pydub_is_imported_without_a_word_and_needs_no_ffmpeg() -> None:
    ask = "import collector.audio.cut"
    quiet = subprocess.run(
        [sys.executable, "-W", "error", "-c", ask],
        capture_output=True,
        check=True,
        env={"PATH": ""},
    )
    assert quiet.stderr == b""
