"""The short-time spectrum of a master: for its bandwidth, and for the picture of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from collector.audio.master import FULL_SCALE, MASTER_RATE_HZ

WINDOW_SAMPLES = 512  # 32 ms
NUM_BINS = WINDOW_SAMPLES // 2 + 1
BAND_BINS = 8  # 250 Hz
BANDWIDTH_RANGE_DB = 50.0

_WINDOW = np.hanning(WINDOW_SAMPLES + 1)[:-1].astype(np.float32)


def power_spectrum(steps: NDArray[np.int16], hop_samples: int) -> NDArray[np.float32]:
    """Powers of shape (num_frames, 257) by Hann windows of 32 ms, one every ``hop_samples``.

    ``steps``: int16 samples (num_samples,) at 16 kHz. A clip shorter than a window is filled up
    with silence; of a longer one, what is left over at the end is not looked at.
    """
    samples = np.pad(steps, (0, max(0, WINDOW_SAMPLES - len(steps))))
    frames = np.lib.stride_tricks.sliding_window_view(samples, WINDOW_SAMPLES)[::hop_samples]
    spectrum = np.fft.rfft(frames * (_WINDOW / FULL_SCALE), axis=1)
    return np.asarray(spectrum.real**2 + spectrum.imag**2, dtype=np.float32)


def bandwidth_hz(steps: NDArray[np.int16]) -> float:
    """Up to which frequency there is sound in int16 samples (num_samples,) at 16 kHz.

    Bands of 250 Hz count when their mean power over the clip is within 50 dB of the strongest.
    Telephone speech ends at 4 kHz whatever rate it was blown up to. Silence has no bandwidth: 0.
    """
    bins = power_spectrum(steps, WINDOW_SAMPLES)[:, 1:].mean(axis=0, dtype=np.float64)
    bands = bins.reshape(-1, BAND_BINS).mean(axis=1)
    if not bands.max() > 0:
        return 0.0
    heard = np.flatnonzero(bands >= bands.max() * 10 ** (-BANDWIDTH_RANGE_DB / 10))
    band_hz = MASTER_RATE_HZ / WINDOW_SAMPLES * BAND_BINS
    return float((heard[-1] + 1) * band_hz)
