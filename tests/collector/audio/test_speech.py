"""Speech is found where somebody speaks, and nowhere else."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from collector.audio import silero
from collector.audio.silero_graph import build, published_model
from collector.audio.speech import Span, find_speech, speech_of
from tests.collector.audio.material import speech_samples

RATE_HZ = 16_000
SPOKEN = [
    "an4/0006.flac",
    "an4/0010.flac",
    "an4/0022.flac",
    "an4/0056.flac",
    "an4/0071.flac",
    "an4/0101.flac",
    "librivox/0002.flac",
    "librivox/0005.flac",
    "wwb/0001.flac",
    "wwb/0025.flac",
    "wwb/0049.flac",
]


def steps(name: str) -> NDArray[np.int16]:
    return (speech_samples(name)[:, 0] * 32_768).astype(np.int16)


def chord(duration_s: float = 3.0) -> NDArray[np.int16]:
    """C major with overtones that fade, struck twice a second."""
    times_s = np.arange(int(duration_s * RATE_HZ)) / RATE_HZ
    tones = sum(
        np.sin(2 * np.pi * hz * overtone * times_s) / overtone
        for hz in (261.6, 329.6, 392.0)
        for overtone in (1, 2, 3)
    )
    return (3_000 * tones * np.exp(-4 * (times_s % 0.5))).astype(np.int16)


@pytest.mark.parametrize("name", SPOKEN)
def test_real_speech_is_found(name: str) -> None:
    samples = steps(name)
    speech = find_speech(samples)
    assert speech.probability_max > 0.9
    assert 0.1 <= speech.speech_s <= len(samples) / RATE_HZ
    assert speech.start_sample is not None and speech.end_sample is not None
    powers = np.square(samples.astype(float))
    inside = powers[speech.start_sample : speech.end_sample].sum()
    assert inside / powers.sum() > 0.85, "the spans hold the energy"


@pytest.mark.parametrize(
    "samples",
    [
        pytest.param(steps("noise/pink.flac"), id="pink noise"),
        pytest.param(steps("noise/fan_and_hum.flac"), id="fan and hum"),
        pytest.param(np.zeros(48_000, np.int16), id="silence"),
        pytest.param(chord(), id="chords"),
        pytest.param(
            np.random.default_rng(1).normal(0, 3_000, 48_000).astype(np.int16), id="white noise"
        ),
        pytest.param(np.zeros(1, np.int16), id="one sample"),
        pytest.param(np.zeros(0, np.int16), id="nothing"),
    ],
)
def test_no_speech_is_found_where_nobody_speaks(samples: NDArray[np.int16]) -> None:
    speech = find_speech(samples)
    assert (speech.spans, speech.speech_s) == ((), 0.0)
    assert (speech.start_sample, speech.end_sample) == (None, None)
    assert speech.probability_max < 0.5


def test_speech_is_found_where_it_was_put() -> None:
    word = steps("an4/0022.flac")
    alone = find_speech(word)
    assert alone.start_sample is not None and alone.end_sample is not None
    room = np.random.default_rng(2).normal(0, 5, 2 * RATE_HZ).astype(np.int16)
    moved = find_speech(np.concatenate([room, word, room]))
    assert moved.start_sample == pytest.approx(2 * RATE_HZ + alone.start_sample, abs=1_600)
    assert moved.end_sample == pytest.approx(2 * RATE_HZ + alone.end_sample, abs=3_200)


@pytest.mark.parametrize("names", [SPOKEN[:1], SPOKEN], ids=["a clip", "a long one"])
def test_the_rewritten_model_answers_as_the_published_one(names: list[str]) -> None:
    samples = np.concatenate([steps(name) for name in names])
    ours = silero.speech_probabilities(samples)
    assert ours == pytest.approx(published_probabilities(samples), abs=2e-4)


def published_probabilities(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """Frame by frame, as the model's authors run it."""
    session = onnxruntime.InferenceSession(published_model())
    padded = np.concatenate([np.zeros(64), samples / 32_768, np.zeros(-len(samples) % 512)])
    state, answers = np.zeros((2, 1, 128), np.float32), []
    for start in range(64, len(padded), 512):
        frame = padded[np.newaxis, start - 64 : start + 512].astype(np.float32)
        inputs = {"input": frame, "state": state, "sr": np.array(16_000)}
        probability, state = session.run(None, inputs)
        answers.append(probability[0, 0])
    return np.array(answers)


def test_the_rewritten_model_can_be_made_again() -> None:
    assert hashlib.sha256(build()).hexdigest() == silero.MODEL_SHA256


def frames(*spans: tuple[float, int]) -> NDArray[np.float32]:
    """Probabilities, as (value, number of frames)."""
    return np.concatenate([np.full(count, value, np.float32) for value, count in spans])


H = silero.HOP_SAMPLES


@pytest.mark.parametrize(
    ("probabilities", "spans"),
    [
        pytest.param(frames((0.0, 9)), [], id="silence"),
        pytest.param(frames((0.49, 9)), [], id="never quite"),
        pytest.param(frames((0.5, 9)), [(0, 9)], id="at the threshold"),
        pytest.param(frames((0.0, 2), (0.9, 4), (0.0, 3)), [(2, 6)], id="in the middle"),
        pytest.param(frames((0.0, 2), (0.9, 3), (0.0, 4)), [], id="96 ms is too short"),
        pytest.param(frames((0.4, 3), (0.9, 1), (0.4, 4), (0.34, 1)), [(3, 8)], id="hysteresis"),
        pytest.param(frames((0.9, 2), (0.0, 3), (0.9, 2)), [(0, 7)], id="96 ms is no pause"),
        pytest.param(frames((0.9, 4), (0.0, 4), (0.9, 5)), [(0, 4), (8, 13)], id="a pause"),
        pytest.param(frames((0.9, 2), (0.0, 4), (0.9, 2)), [], id="two clicks"),
    ],
)
def test_the_rule_from_probabilities_to_spans(
    probabilities: NDArray[np.float32], spans: list[tuple[int, int]]
) -> None:
    speech = speech_of(probabilities, len(probabilities) * H)
    assert speech.spans == tuple(Span(start * H, end * H) for start, end in spans)
    assert speech.speech_s == sum(end - start for start, end in spans) * H / RATE_HZ
    assert speech.probability_max == probabilities.max()


def test_a_span_ends_with_the_clip_and_not_with_its_last_frame() -> None:
    assert speech_of(frames((0.9, 5)), 4 * H + 7).spans == (Span(0, 4 * H + 7),)


@settings(max_examples=100, deadline=None)
@given(arrays(np.float32, st.integers(0, 60), elements=st.floats(0, 1, width=32)))
def test_spans_are_in_order_apart_and_long_enough(probabilities: NDArray[np.float32]) -> None:
    spans = speech_of(probabilities, len(probabilities) * H).spans
    assert all(span.num_samples >= 1_600 for span in spans)
    assert all(after.start_sample - before.end_sample >= 1_600 for before, after in pairwise(spans))
    for span in spans:
        assert probabilities[span.start_sample // H] >= 0.5


def test_altered_weights_are_refused(tmp_path: Path) -> None:
    model = tmp_path / "silero_vad.onnx"
    with pytest.raises(silero.SileroError, match="Restore"):
        silero.read_model(model)
    data = bytearray(silero.MODEL_FILE.read_bytes())
    data[1_000_000] ^= 1
    model.write_bytes(data)
    with pytest.raises(silero.SileroError, match="altered"):
        silero.read_model(model)
