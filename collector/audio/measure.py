"""Measure a recording as it was decoded: length, levels, clipping. Pure functions of the samples.

Levels are in dB relative to full scale (dBFS, a full-scale square wave is 0 dB RMS), and never
below ``FLOOR_DB``, so that every number is finite. What is measured of the master (loudness,
speech, noise) is in ``examine.py``.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from collector.audio.problems import Problem

FLOOR_DB = -120.0
FLAT_TOP_SAMPLES = 3
FLAT_TOP_LEVEL = 0.5  # -6 dBFS: below it, equal neighbours at the peak are ordinary rounding
SILENT_RMS_DBFS = -85.0  # under two steps of 16 bits: a muted microphone, not a quiet room


@dataclass(frozen=True)
class Measurements:
    """What one recording measures. Levels in dBFS; ``dc_offset`` in full scales."""

    num_samples: int
    sampling_rate_hz: int
    channels: int
    duration_s: float
    peak_dbfs: float
    rms_dbfs: float
    dc_offset: float
    clipped_runs: int
    clipped_share: float

    def as_dict(self) -> dict[str, int | float]:
        """The measurements as JSON can hold them: all finite."""
        return asdict(self)


def measure(samples: NDArray[np.float32], sampling_rate_hz: int) -> Measurements:
    """Measure float samples of shape (num_samples, channels), full scale +-1.

    ``peak_dbfs`` is the largest sample of any channel; ``rms_dbfs`` the power of all channels
    without their constant offset; ``dc_offset`` the largest offset of any channel. Clipping shows
    as flat tops: runs of three or more samples at a channel's extreme, if that is above -6 dBFS;
    ``clipped_runs`` counts them in all channels, ``clipped_share`` is the share of samples in them.
    """
    num_samples, channels = samples.shape
    offsets = samples.mean(axis=0, dtype=np.float64)
    squares = np.einsum("ij,ij->j", samples, samples, dtype=np.float64) / num_samples
    clipped_runs, clipped_samples = _flat_tops(samples)
    return Measurements(
        num_samples=num_samples,
        sampling_rate_hz=sampling_rate_hz,
        channels=channels,
        duration_s=num_samples / sampling_rate_hz,
        peak_dbfs=power_db(_peak(samples) ** 2),
        rms_dbfs=power_db(float((squares - offsets**2).mean())),
        dc_offset=float(np.abs(offsets).max()),
        clipped_runs=clipped_runs,
        clipped_share=clipped_samples / samples.size,
    )


def problem_of(measurements: Measurements) -> Problem | None:
    """The problem that makes a recording useless whatever its content, or None.

    A quiet or noisy recording is for people to judge; one without any sound is not.
    """
    if measurements.rms_dbfs < SILENT_RMS_DBFS:
        return Problem.SILENT
    return None


def power_db(power: float) -> float:
    """10 log10 of a power, at least ``FLOOR_DB``."""
    floor_power = 10.0 ** (FLOOR_DB / 10)
    return float(10 * np.log10(max(power, floor_power)))


def _peak(samples: NDArray[np.float32]) -> float:
    return max(float(samples.max()), -float(samples.min()))


def _flat_tops(samples: NDArray[np.float32]) -> tuple[int, int]:
    """How many runs of samples at a channel's extremes there are, and how many samples in them."""
    runs = [
        _runs(channel == top)
        for channel in samples.T
        for top in (channel.max(), channel.min())
        if abs(top) >= FLAT_TOP_LEVEL
    ]
    lengths = np.concatenate([np.zeros(0, np.intp), *runs])
    return len(lengths), int(lengths.sum())


def _runs(flags: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The lengths of the runs of at least FLAT_TOP_SAMPLES true values."""
    edges = np.diff(np.concatenate(([False], flags, [False])).astype(np.int8))
    lengths = np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1)
    return lengths[lengths >= FLAT_TOP_SAMPLES]
