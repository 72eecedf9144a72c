"""Samples made ready for the model, and a first gate against clips without speech."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

SAMPLING_RATE_HZ: Final = 16_000
FULL_SCALE_INT16: Final = 32_768
TARGET_DBFS: Final = -23.0
# Short words right at the edge of a clip are misheard.
KEYWORD_MARGIN_S: Final = 0.5

FRAME_S: Final = 0.02
MIN_SPEECH_S: Final = 0.1
MIN_SPEECH_DBFS: Final = -50.0
# Pink noise stays within 7 dB of its own floor; of words trimmed tight, 0.12 s still pass 8 dB.
ABOVE_FLOOR_DB: Final = 8.0

_FRAME: Final = round(FRAME_S * SAMPLING_RATE_HZ)
_SMOOTHED: Final = np.full(3, 1 / 3)

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


def speech_s(samples: NDArray[np.float32]) -> float:
    """How many seconds rise above the clip's own noise floor, by energy.

    Frames of 20 ms, smoothed over three, as single frames of noise stray from their mean.

    A stand-in until Silero VAD takes this place: it closes for silence and steady noise, but
    opens for bangs and babble, and it cannot tell a voice from music.
    """
    num_frames = samples.size // _FRAME
    power = np.mean(samples[: num_frames * _FRAME].reshape(-1, _FRAME) ** 2, axis=1)
    # Digital silence is no noise floor: a recorder or an editor has put it there.
    power = power[power > 0]
    if power.size < _SMOOTHED.size:
        return 0.0
    levels_dbfs = 10 * np.log10(np.convolve(power, _SMOOTHED, mode="valid"))
    threshold = max(float(np.percentile(levels_dbfs, 10)) + ABOVE_FLOOR_DB, MIN_SPEECH_DBFS)
    return FRAME_S * int(np.count_nonzero(levels_dbfs > threshold))


def prepare(samples: NDArray[np.float32], *, margin_s: float) -> NDArray[np.float32]:
    """Returns `samples` brought to -23 dBFS (RMS), between two margins of digital silence."""
    rms = float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))
    gain = 10 ** (TARGET_DBFS / 20) / rms if rms > 0 else 1.0
    return np.pad(samples * np.float32(gain), round(margin_s * SAMPLING_RATE_HZ))
