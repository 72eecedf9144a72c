"""Samples made ready for the model, and what a recording's edges tell about what is missing."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from collector.audio.speech import Speech, find_speech

SAMPLING_RATE_HZ: Final = 16_000
FULL_SCALE_INT16: Final = 32_768
TARGET_DBFS: Final = -23.0
# Short words right at the edge of a clip are misheard. Beside other keywords less silence does,
# which they are all heard in: it costs a fifth of the time.
LONE_KEYWORD_MARGIN_S: Final = 0.5
KEYWORD_MARGIN_S: Final = 0.25
# Silence costs the model as much as speech. This much is kept, as the gate may find a faint
# beginning or end late.
KEPT_MARGIN_S: Final = 0.25
MIN_SPEECH_S: Final = 0.1

EDGE_FRAME_S: Final = 0.01
EDGE_FRAMES: Final = 3
# A quieter edge is no cut: how much quieter tells of the room, and of what the recorder does.
SILENT_EDGE_DB: Final = -25.0

_FRAME: Final = round(EDGE_FRAME_S * SAMPLING_RATE_HZ)

Samples = NDArray[np.float32] | NDArray[np.int16]


def as_float(samples: Samples) -> NDArray[np.float32]:
    """Returns (n,) float32 in -1 to 1. Raises ValueError on another shape or type, and on NaN."""
    if samples.ndim != 1 or samples.dtype not in (np.float32, np.int16):
        raise ValueError(
            f"Give mono float32 or int16 samples, shape (n,), not {samples.dtype}, "
            f"shape {samples.shape}."
        )
    if samples.dtype == np.int16:
        return (samples / np.float32(FULL_SCALE_INT16)).astype(np.float32)
    if not np.isfinite(samples).all():
        raise ValueError("The samples hold NaN or infinity: decode the clip again.")
    return samples.astype(np.float32, copy=False)


def speech_in(samples: NDArray[np.float32]) -> Speech:
    """Where somebody speaks in samples (n,) at 16 kHz, by Silero VAD."""
    scaled = np.clip(np.round(samples * FULL_SCALE_INT16), -FULL_SCALE_INT16, FULL_SCALE_INT16 - 1)
    return find_speech(scaled.astype(np.int16))


def speech_s(samples: NDArray[np.float32]) -> float:
    """How many seconds of speech there are."""
    return speech_in(samples).speech_s


def around_speech(samples: NDArray[np.float32], speech: Speech) -> NDArray[np.float32]:
    """The samples from a quarter of a second before the speech to a quarter after."""
    if speech.start_sample is None or speech.end_sample is None:
        return samples[:0]
    kept = round(KEPT_MARGIN_S * SAMPLING_RATE_HZ)
    return samples[max(0, speech.start_sample - kept) : speech.end_sample + kept]


def prepare(samples: NDArray[np.float32], *, margin_s: float) -> NDArray[np.float32]:
    """Returns `samples` brought to -23 dBFS (RMS), between two margins of digital silence."""
    rms = float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))
    gain = 10 ** (TARGET_DBFS / 20) / rms if rms > 0 else 1.0
    return np.pad(samples * np.float32(gain), round(margin_s * SAMPLING_RATE_HZ))


def edges(samples: NDArray[np.float32], speech: Speech) -> dict[str, float]:
    """How a recording begins and ends.

    - `loudest_edge_db`, `quietest_edge_db`: the loudest of the first and of the last 30 ms,
      against the level of the speech; of the two the louder and the quieter one. A recording cut
      within the speech has one loud edge and one quiet one; trimmed tight, both are middling.

    Speech there must be. Levels are means over frames of 10 ms, that of the speech the 90th
    percentile of its frames.
    """
    start, end = speech.start_sample or 0, speech.end_sample or samples.size
    level = np.percentile(_levels_db(samples[start:end]), 90)
    first = _levels_db(samples[: EDGE_FRAMES * _FRAME]).max() - level
    last = _levels_db(samples[-EDGE_FRAMES * _FRAME :]).max() - level
    return {
        "loudest_edge_db": max(SILENT_EDGE_DB, float(max(first, last))),
        "quietest_edge_db": max(SILENT_EDGE_DB, float(min(first, last))),
    }


def _levels_db(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    num_frames = max(1, samples.size // _FRAME)
    whole = np.resize(samples, _FRAME) if samples.size < _FRAME else samples[: num_frames * _FRAME]
    power = np.mean(whole.astype(np.float64).reshape(num_frames, _FRAME) ** 2, axis=1)
    return np.asarray(10 * np.log10(power + 1e-10))
