"""Where in a recording somebody speaks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from collector.audio.silero import HOP_SAMPLES, MODEL_RATE_HZ, speech_probabilities

ENTER_PROBABILITY = 0.5
LEAVE_PROBABILITY = 0.35  # lower than the entry, so that a span does not flicker at its edges
MIN_SPEECH_S = 0.1
MIN_SILENCE_S = 0.1


@dataclass(frozen=True)
class Span:
    """Samples ``start_sample`` up to, and without, ``end_sample``, at 16 kHz."""

    start_sample: int
    end_sample: int

    @property
    def num_samples(self) -> int:
        return self.end_sample - self.start_sample


@dataclass(frozen=True)
class Speech:
    """The spans of speech, in order; where there are none, ``start_sample`` is None."""

    spans: tuple[Span, ...]
    probability_max: float

    @property
    def speech_s(self) -> float:
        """Seconds of speech, without the pauses between spans."""
        return sum(span.num_samples for span in self.spans) / MODEL_RATE_HZ

    @property
    def start_sample(self) -> int | None:
        """Where the first span begins."""
        return self.spans[0].start_sample if self.spans else None

    @property
    def end_sample(self) -> int | None:
        """Where the last span ends."""
        return self.spans[-1].end_sample if self.spans else None


def find_speech(samples: NDArray[np.int16]) -> Speech:
    """Find speech in int16 samples (num_samples,) at 16 kHz, by Silero VAD."""
    return speech_of(speech_probabilities(samples), len(samples))


def speech_of(probabilities: NDArray[np.float32], num_samples: int) -> Speech:
    """The spans of speech by the probabilities of frames of 512 samples.

    A span begins with a frame of probability 0.5 or more and lasts while it is 0.35 or more.
    Pauses of less than 100 ms are bridged, then spans of less than 100 ms dropped; nothing is
    added at the edges. After ``get_speech_timestamps`` of Silero VAD, with a hysteresis that is
    its own two thresholds.
    """
    spans = _without_short_spans(_without_short_pauses(_raw_spans(probabilities, num_samples)))
    return Speech(tuple(spans), float(probabilities.max(initial=0.0)))


def _raw_spans(probabilities: NDArray[np.float32], num_samples: int) -> list[Span]:
    """Runs that begin at the upper threshold and last while the lower one is kept."""
    spans: list[Span] = []
    begin: int | None = None
    for frame, probability in enumerate([*probabilities.tolist(), 0.0]):
        if begin is None and probability >= ENTER_PROBABILITY:
            begin = frame
        elif begin is not None and probability < LEAVE_PROBABILITY:
            spans.append(Span(begin * HOP_SAMPLES, min(frame * HOP_SAMPLES, num_samples)))
            begin = None
    return spans


def _without_short_pauses(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if joined and span.start_sample - joined[-1].end_sample < MIN_SILENCE_S * MODEL_RATE_HZ:
            span = Span(joined.pop().start_sample, span.end_sample)
        joined.append(span)
    return joined


def _without_short_spans(spans: list[Span]) -> list[Span]:
    return [span for span in spans if span.num_samples >= MIN_SPEECH_S * MODEL_RATE_HZ]
