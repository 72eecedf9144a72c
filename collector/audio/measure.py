"""Measure a recording: levels, loudness, noise, clipping. Pure functions of the samples.

Levels are in dB relative to full scale (dBFS, a full-scale square wave is 0 dB RMS) or in LUFS,
and never below ``FLOOR_DB``, so that every number is finite.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from collector.audio.problems import Problem

FLOOR_DB = -120.0
GATE_LUFS = -70.0  # BS.1770-4, the absolute gate: below it there is no loudness
GATING_BLOCK_S = 0.4
FRAME_S = 0.02
NOISE_PERCENTILE = 10
SPEECH_PERCENTILE = 95
FLAT_TOP_SAMPLES = 3
FLAT_TOP_LEVEL = 0.5  # -6 dBFS: below it, equal neighbours at the peak are ordinary rounding
SILENT_RMS_DBFS = -85.0  # under two steps of 16 bits: a muted microphone, not a quiet room


@dataclass(frozen=True)
class Measurements:
    """What one recording measures. Levels in dBFS or LUFS; ``dc_offset`` in full scales."""

    num_samples: int
    sampling_rate_hz: int
    channels: int
    duration_s: float
    peak_dbfs: float
    rms_dbfs: float
    loudness_lufs: float
    noise_floor_dbfs: float
    snr_db: float
    dc_offset: float
    clipped_runs: int

    def as_dict(self) -> dict[str, int | float]:
        """The measurements as JSON can hold them: all finite."""
        return asdict(self)


def measure(samples: NDArray[np.float32], sampling_rate_hz: int) -> Measurements:
    """Measure float samples of shape (num_samples, channels), full scale +-1.

    ``peak_dbfs`` is the largest sample of any channel; ``rms_dbfs`` the power of all channels
    without their constant offset; ``dc_offset`` the largest offset of any channel.

    The rest is of the mono mix, as the master will be, so that a microphone that sends two alike
    channels is not counted twice. Noise floor and SNR: of the powers of 20 ms frames the floor is
    the 10th percentile, the SNR how far the 95th stands above it. Frames of equal samples are
    left out: padding, for no microphone is that quiet. A clip without a pause has no frame of
    noise alone, and its SNR comes out too low.
    """
    num_samples, channels = samples.shape
    exact = samples.astype(np.float64)
    offsets = exact.mean(axis=0)
    moving = exact - offsets
    mono = moving.mean(axis=1)
    noise_power, speech_power = _noise_and_speech_power(mono, sampling_rate_hz)
    return Measurements(
        num_samples=num_samples,
        sampling_rate_hz=sampling_rate_hz,
        channels=channels,
        duration_s=num_samples / sampling_rate_hz,
        peak_dbfs=_power_db(float(np.abs(exact).max()) ** 2),
        rms_dbfs=_power_db(float(np.square(moving).mean())),
        loudness_lufs=_loudness_lufs(mono, sampling_rate_hz),
        noise_floor_dbfs=_power_db(noise_power),
        snr_db=_power_db(speech_power) - _power_db(noise_power),
        dc_offset=float(np.abs(offsets).max()),
        clipped_runs=sum(_flat_tops(channel) for channel in samples.T),
    )


def problem_of(measurements: Measurements) -> Problem | None:
    """The problem that makes a recording useless whatever its content, or None.

    A quiet or noisy recording is for people to judge; one without any sound is not.
    """
    if measurements.rms_dbfs < SILENT_RMS_DBFS:
        return Problem.SILENT
    return None


def _power_db(power: float) -> float:
    floor_power = 10.0 ** (FLOOR_DB / 10)
    return float(10 * np.log10(max(power, floor_power)))


def _loudness_lufs(mono: NDArray[np.float64], sampling_rate_hz: int) -> float:
    """Integrated loudness of ITU-R BS.1770-4, at least -70 LUFS.

    A clip shorter than one gating block of 400 ms, as keywords may be, is taken as one block.
    """
    import pyloudnorm  # brings SciPy: a second at the start of programs that measure nothing

    block_s = min(GATING_BLOCK_S, (len(mono) - 1) / sampling_rate_hz)
    meter = pyloudnorm.Meter(sampling_rate_hz, block_size=block_s)
    return max(float(meter.integrated_loudness(mono)), GATE_LUFS)


def _noise_and_speech_power(
    mono: NDArray[np.float64], sampling_rate_hz: int
) -> tuple[float, float]:
    frame_samples = max(1, round(FRAME_S * sampling_rate_hz))
    num_frames = len(mono) // frame_samples
    frames = mono[: num_frames * frame_samples].reshape(num_frames, frame_samples)
    live = frames[np.ptp(frames, axis=1) > 0]
    if len(live) == 0:
        return 0.0, 0.0
    powers = np.square(live).mean(axis=1)
    noise, speech = np.percentile(powers, (NOISE_PERCENTILE, SPEECH_PERCENTILE))
    return float(noise), float(speech)


def _flat_tops(channel: NDArray[np.float32]) -> int:
    """How often at least three samples in a row stay at the channel's highest or lowest value."""
    extremes = (channel.max(), channel.min())
    return sum(_runs(channel == top) for top in extremes if abs(top) >= FLAT_TOP_LEVEL)


def _runs(flags: NDArray[np.bool_]) -> int:
    """How many runs of at least FLAT_TOP_SAMPLES true values there are."""
    edges = np.diff(np.concatenate(([False], flags, [False])).astype(np.int8))
    lengths = np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1)
    return int((lengths >= FLAT_TOP_SAMPLES).sum())
