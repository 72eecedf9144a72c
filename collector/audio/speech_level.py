"""How speech stands in a recording: how far above the room, and how far from the edges."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from collector.audio.master import FULL_SCALE, MASTER_RATE_HZ
from collector.audio.measure import power_db
from collector.audio.speech import Speech

FRAME_S = 0.02
FRAME_SAMPLES = round(FRAME_S * MASTER_RATE_HZ)
NOISE_PERCENTILE = 10
SPEECH_PERCENTILE = 95
GUARD_S = 0.1  # around each span: breath, reverberation, and what the gate was slow to hear
MIN_NOISE_S = 0.2
EDGE_S = 0.03


class SnrMethod(StrEnum):
    """Which frames were taken for speech, and which for noise."""

    SPEECH_SPANS = "speech_spans"
    PERCENTILES = "percentiles"


@dataclass(frozen=True)
class SpeechLevels:
    """Levels in dBFS, times in seconds, of the 16 kHz mono master.

    What needs speech is None where there is none. ``speech_spans_s`` are (start, end) pairs.
    ``start_edge_below_speech_db`` is how far the first 30 ms lie below the speech: small where a
    word was cut.
    """

    noise_floor_dbfs: float
    snr_db: float
    snr_method: SnrMethod
    speech_level_dbfs: float | None
    speech_probability_max: float
    speech_s: float
    speech_spans_s: list[tuple[float, float]]
    leading_silence_s: float | None
    trailing_silence_s: float | None
    start_edge_below_speech_db: float | None
    end_edge_below_speech_db: float | None

    def as_dict(self) -> dict[str, object]:
        """The levels as JSON can hold them: all finite, or null."""
        return asdict(self)


def measure_speech(steps: NDArray[np.int16], speech: Speech) -> SpeechLevels:
    """Measure int16 samples (num_samples,) at 16 kHz, with the speech that was found in them.

    SNR is the level of the speech above that of the room. Where speech was found and 0.2 s of
    room is left beside it, speech is the mean power of the spans and the room the median power of
    the 20 ms frames that lie at least 0.1 s outside: a click must not count as noise. Else, of the
    powers of all frames, the room is the 10th percentile and speech the 95th; a clip without a
    pause has no frame of room alone, and its SNR then comes out too low. Frames of equal samples
    are left out: padding, for no microphone is that quiet.
    """
    samples = steps.astype(np.float64) / FULL_SCALE
    samples -= samples.mean() if len(samples) else 0.0
    level, (noise, loud, method) = _speech_power(samples, speech), _powers(steps, samples, speech)
    spans = [(span.start_sample, span.end_sample) for span in speech.spans]
    return SpeechLevels(
        noise_floor_dbfs=power_db(noise),
        snr_db=power_db(loud) - power_db(noise),
        snr_method=method,
        speech_level_dbfs=None if level is None else power_db(level),
        speech_probability_max=speech.probability_max,
        speech_s=speech.speech_s,
        speech_spans_s=[(start / MASTER_RATE_HZ, end / MASTER_RATE_HZ) for start, end in spans],
        leading_silence_s=spans[0][0] / MASTER_RATE_HZ if spans else None,
        trailing_silence_s=(len(steps) - spans[-1][1]) / MASTER_RATE_HZ if spans else None,
        start_edge_below_speech_db=_below(level, samples[: round(EDGE_S * MASTER_RATE_HZ)]),
        end_edge_below_speech_db=_below(level, samples[-round(EDGE_S * MASTER_RATE_HZ) :]),
    )


def _speech_power(samples: NDArray[np.float64], speech: Speech) -> float | None:
    if not speech.spans:
        return None
    return _power(
        np.concatenate([samples[span.start_sample : span.end_sample] for span in speech.spans])
    )


def _powers(
    steps: NDArray[np.int16], samples: NDArray[np.float64], speech: Speech
) -> tuple[float, float, SnrMethod]:
    """The powers of the room and of the speech, and how they were told apart."""
    num_frames = len(steps) // FRAME_SAMPLES
    whole = num_frames * FRAME_SAMPLES
    frames = samples[:whole].reshape(num_frames, FRAME_SAMPLES)
    live = np.ptp(steps[:whole].reshape(num_frames, FRAME_SAMPLES).astype(np.int32), axis=1) > 0
    powers = np.square(frames).mean(axis=1)
    level, room = _speech_power(samples, speech), powers[live & _outside(num_frames, speech)]
    if level is not None and len(room) >= MIN_NOISE_S / FRAME_S:
        return float(np.median(room)), level, SnrMethod.SPEECH_SPANS
    if not live.any():
        return 0.0, 0.0, SnrMethod.PERCENTILES
    noise, loud = np.percentile(powers[live], (NOISE_PERCENTILE, SPEECH_PERCENTILE))
    return float(noise), float(loud), SnrMethod.PERCENTILES


def _outside(num_frames: int, speech: Speech) -> NDArray[np.bool_]:
    """Which frames lie clear of all speech."""
    clear = np.ones(num_frames, np.bool_)
    guard = round(GUARD_S * MASTER_RATE_HZ)
    for span in speech.spans:
        first = max(0, span.start_sample - guard) // FRAME_SAMPLES
        clear[first : -(-(span.end_sample + guard) // FRAME_SAMPLES)] = False
    return clear


def _below(level: float | None, edge: NDArray[np.float64]) -> float | None:
    return None if level is None else power_db(level) - power_db(_power(edge))


def _power(samples: NDArray[np.float64]) -> float:
    return float(np.square(samples).mean())
