"""The lossless master: 16 kHz, 16 bits, mono, FLAC; what scoring and exports read."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

MASTER_RATE_HZ = 16_000
FULL_SCALE = 32_768  # steps of 16 bits to full scale
RESAMPLER_QUALITY = "VHQ"


@dataclass(frozen=True)
class Master:
    """A master and its identity: ``sha256`` (hex) is of the FLAC bytes."""

    flac: bytes
    num_samples: int
    sha256: str
    sampling_rate_hz: int = MASTER_RATE_HZ


def make_master(samples: NDArray[np.float32], sampling_rate_hz: int) -> Master:
    """Make the master of float samples (num_samples, channels), full scale +-1."""
    return encode_master(master_steps(samples, sampling_rate_hz))


def master_steps(samples: NDArray[np.float32], sampling_rate_hz: int) -> NDArray[np.int16]:
    """The int16 samples (num_samples,) of the master of samples (num_samples, channels).

    Channels are averaged; other rates are resampled by soxr (VHQ); samples are rounded to the
    nearest step without dither and held at full scale. A 16 kHz 16-bit mono source comes through
    bit for bit, and the same samples always give the same ones.
    """
    mono = samples.mean(axis=1, dtype=np.float64)
    if sampling_rate_hz != MASTER_RATE_HZ:
        mono = soxr.resample(mono, sampling_rate_hz, MASTER_RATE_HZ, quality=RESAMPLER_QUALITY)
    return _to_int16(mono)


def encode_master(steps: NDArray[np.int16]) -> Master:
    """The FLAC of int16 samples (num_samples,): the same samples always give the same bytes."""
    flac = _write_flac(steps)
    return Master(flac, len(steps), hashlib.sha256(flac).hexdigest())


def read_master(flac: bytes) -> NDArray[np.int16]:
    """The int16 samples (num_samples,) of a master.

    Raises ValueError when it is not 16 kHz mono.
    """
    samples, sampling_rate_hz = soundfile.read(io.BytesIO(flac), dtype="int16")
    if sampling_rate_hz != MASTER_RATE_HZ or samples.ndim != 1:
        raise ValueError(f"not a master: {sampling_rate_hz} Hz, shape {samples.shape}")
    return np.asarray(samples, dtype=np.int16)


def _to_int16(mono: NDArray[np.float64]) -> NDArray[np.int16]:
    steps = np.rint(mono * FULL_SCALE)
    return np.clip(steps, -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)


def _write_flac(samples: NDArray[np.int16]) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, MASTER_RATE_HZ, format="FLAC", subtype="PCM_16")
    return file.getvalue()
