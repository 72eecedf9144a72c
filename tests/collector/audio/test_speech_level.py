"""How speech stands in a recording: constructed signals with known answers, and real speech."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from collector.audio.speech import Span, Speech, find_speech
from collector.audio.speech_level import SnrMethod, measure_speech
from tests.collector.audio.material import speech_samples

RATE_HZ = 16_000
KEYWORDS = ["an4/0022.flac", "an4/0071.flac", "an4/0079.flac", "an4/0101.flac", "an4/0118.flac"]
SENTENCES = ["an4/0056.flac", "an4/0010.flac", "librivox/0002.flac", "librivox/0005.flac"]
NOISES = ["noise/pink.flac", "noise/fan_and_hum.flac"]
NOBODY = Speech((), 0.0)


def noise(duration_s: float, dbfs: float) -> NDArray[np.int16]:
    drawn = np.random.default_rng(3).normal(0, 10 ** (dbfs / 20), round(duration_s * RATE_HZ))
    return np.rint(drawn * 32_768).astype(np.int16)


def said(start_s: float, end_s: float) -> Speech:
    return Speech((Span(round(start_s * RATE_HZ), round(end_s * RATE_HZ)),), 0.99)


def steps(name: str) -> NDArray[np.int16]:
    return (speech_samples(name)[:, 0] * 32_768).astype(np.int16)


def test_snr_is_how_far_speech_stands_above_the_room() -> None:
    samples = np.concatenate([noise(1, -60), noise(1, -20), noise(1, -60)])
    levels = measure_speech(samples, said(1, 2))
    assert levels.snr_method == SnrMethod.SPEECH_SPANS
    assert levels.noise_floor_dbfs == pytest.approx(-60, abs=0.5)
    assert levels.speech_level_dbfs == pytest.approx(-20, abs=0.2)
    assert levels.snr_db == pytest.approx(40, abs=0.5)


def test_a_click_beside_the_speech_is_no_noise() -> None:
    samples = np.concatenate([noise(1, -60), noise(1, -20), noise(1, -60)])
    samples[4_000:4_100:2], samples[4_001:4_100:2] = 20_000, -20_000
    assert measure_speech(samples, said(1, 2)).snr_db == pytest.approx(40, abs=0.5)


def test_what_lies_close_to_speech_is_not_taken_for_the_room() -> None:
    samples = np.concatenate([noise(0.5, -60), noise(1.09, -20), noise(0.5, -60)])
    assert measure_speech(samples, said(0.5, 1.5)).snr_db == pytest.approx(40, abs=0.5)


@pytest.mark.parametrize(
    ("room_s", "method"),
    [
        (0.0, SnrMethod.PERCENTILES),
        (0.29, SnrMethod.PERCENTILES),
        (0.31, SnrMethod.SPEECH_SPANS),
        (2.0, SnrMethod.SPEECH_SPANS),
    ],
)
def test_without_enough_room_the_percentiles_answer(room_s: float, method: SnrMethod) -> None:
    samples = np.concatenate([noise(1, -20), noise(room_s, -60)])
    assert measure_speech(samples, said(0, 1)).snr_method == method
    assert measure_speech(samples, NOBODY).snr_method == SnrMethod.PERCENTILES


def test_padding_with_digital_silence_does_not_flatter_the_room() -> None:
    padded = np.concatenate([np.zeros(RATE_HZ, np.int16), noise(1, -40)])
    assert measure_speech(padded, NOBODY).noise_floor_dbfs == pytest.approx(-40, abs=1)
    spoken = np.concatenate([padded, noise(1, -10)])
    assert measure_speech(spoken, said(2, 3)).noise_floor_dbfs == pytest.approx(-40, abs=1)


def test_margins_are_what_is_left_beside_the_speech() -> None:
    levels = measure_speech(noise(3, -40), said(0.5, 2.25))
    assert (levels.leading_silence_s, levels.trailing_silence_s) == (0.5, 0.75)
    assert levels.speech_spans_s == [(0.5, 2.25)]
    assert levels.speech_s == 1.75


def test_edges_are_told_against_the_speech() -> None:
    samples = np.concatenate([noise(0.2, -50), noise(1, -20), noise(0.2, -30)])
    levels = measure_speech(samples, said(0.2, 1.2))
    assert levels.start_edge_below_speech_db == pytest.approx(30, abs=1)
    assert levels.end_edge_below_speech_db == pytest.approx(10, abs=1)


@pytest.mark.parametrize("num_samples", [0, 1, 319, 320, 16_000])
def test_silence_measures_nothing_and_nothing_breaks(num_samples: int) -> None:
    levels = measure_speech(np.zeros(num_samples, np.int16), NOBODY)
    assert (levels.snr_db, levels.noise_floor_dbfs) == (0.0, -120.0)
    assert levels.speech_level_dbfs is None and levels.leading_silence_s is None
    assert levels.start_edge_below_speech_db is None and levels.end_edge_below_speech_db is None


@pytest.mark.parametrize("name", KEYWORDS + SENTENCES)
def test_real_speech_stands_clear_of_its_room(name: str) -> None:
    samples = steps(name)
    assert measure_speech(samples, find_speech(samples)).snr_db > 15


@pytest.mark.parametrize("name", NOISES)
def test_noise_has_a_low_snr(name: str) -> None:
    samples = steps(name)
    assert measure_speech(samples, find_speech(samples)).snr_db < 20


@pytest.mark.parametrize("name", ["wwb/0001.flac", "wwb/0025.flac", "wwb/0049.flac"])
def test_a_word_cut_in_the_middle_begins_or_ends_at_its_full_level(name: str) -> None:
    samples = steps(name)
    speech = find_speech(samples)
    whole = measure_speech(samples, speech)
    assert speech.start_sample is not None and speech.end_sample is not None
    middle = (speech.start_sample + speech.end_sample) // 2
    headless, tailless = samples[middle:], samples[:middle]
    cut_start = measure_speech(headless, find_speech(headless))
    cut_end = measure_speech(tailless, find_speech(tailless))
    assert whole.start_edge_below_speech_db is not None and whole.start_edge_below_speech_db > 20
    assert whole.end_edge_below_speech_db is not None and whole.end_edge_below_speech_db > 20
    assert cut_start.start_edge_below_speech_db is not None
    assert cut_start.start_edge_below_speech_db < 12 and cut_start.leading_silence_s == 0
    assert cut_end.end_edge_below_speech_db is not None
    assert cut_end.end_edge_below_speech_db < 12 and cut_end.trailing_silence_s == 0
