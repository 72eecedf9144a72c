"""Loudness as ITU-R BS.1770-4 defines it, of one channel."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

GATE_LUFS = -70.0  # the absolute gate: below it there is no loudness
RELATIVE_GATE_LU = -10.0
BLOCK_S = 0.4
STEP_S = 0.1
OFFSET_DB = -0.691
# Tables 1 and 2 of BS.1770-4: a shelf for the head, and a high pass; given for 48 kHz.
SHELF = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285),
    (-1.69065929318241, 0.73248077421585),
)
HIGH_PASS = ((1.0, -2.0, 1.0), (-1.99004745483398, 0.99007225036621))
FILTER_RATE_HZ = 48_000
PIECE_S = 1.0
RINGING_S = 0.5  # after this long, the high pass at 38 Hz has died away to below 1e-50


def loudness_lufs(mono: NDArray[np.float64], sampling_rate_hz: int) -> float:
    """Integrated, gated loudness of samples (num_samples,), full scale +-1; at least -70 LUFS.

    BS.1770-4, annex 1. A clip shorter than one gating block of 400 ms, as keywords may be, is
    taken as one block. The rate must be 48 kHz or less.
    """
    powers = _block_powers(_k_weighted(mono, sampling_rate_hz), sampling_rate_hz)
    loud = powers[powers > _power_of(GATE_LUFS)]
    if len(loud) == 0:
        return GATE_LUFS
    gate = _lufs_of(float(loud.mean())) + RELATIVE_GATE_LU
    return max(GATE_LUFS, _lufs_of(float(loud[loud > _power_of(gate)].mean())))


def _k_weighted(mono: NDArray[np.float64], sampling_rate_hz: int) -> NDArray[np.float64]:
    """The K-weighted samples, filtered in pieces of a second whose ringing is added up."""
    piece = round(PIECE_S * sampling_rate_hz)
    rung = piece + round(RINGING_S * sampling_rate_hz)
    num_pieces = -(-len(mono) // piece)
    padded = np.pad(mono.astype(np.float32), (0, num_pieces * piece - len(mono)))
    pieces = padded.reshape(num_pieces, piece)  # 32 bits: twice as fast, and good to 0.0001 dB
    spectra = np.fft.rfft(pieces, rung, axis=1) * _k_response(rung, sampling_rate_hz)
    weighted = np.zeros((num_pieces + 1) * piece)
    for start, ringing in enumerate(np.fft.irfft(spectra, rung, axis=1)):
        weighted[start * piece : start * piece + rung] += ringing
    return weighted[: len(mono)]


@lru_cache(maxsize=2)
def _k_response(num_samples: int, sampling_rate_hz: int) -> NDArray[np.complex64]:
    """The response of the standard's filters at the frequencies of an FFT.

    A signal of a lower rate is one of 48 kHz with nothing above its own half rate, so the tables'
    response at each frequency is exactly right for it, and no filter has to be designed anew.
    """
    frequencies_hz = np.fft.rfftfreq(num_samples, 1 / sampling_rate_hz)
    z = np.exp(-2j * np.pi * frequencies_hz / FILTER_RATE_HZ)
    return (_response(SHELF, z) * _response(HIGH_PASS, z)).astype(np.complex64)


def _response(
    biquad: tuple[tuple[float, float, float], tuple[float, float]], z: NDArray[np.complex128]
) -> NDArray[np.complex128]:
    (b0, b1, b2), (a1, a2) = biquad
    return np.asarray((b0 + z * (b1 + z * b2)) / (1 + z * (a1 + z * a2)))


def _block_powers(weighted: NDArray[np.float64], sampling_rate_hz: int) -> NDArray[np.float64]:
    """Mean squares of blocks of 400 ms, one every 100 ms; an incomplete one does not count."""
    block, step = round(BLOCK_S * sampling_rate_hz), round(STEP_S * sampling_rate_hz)
    block = min(block, len(weighted))
    sums = np.concatenate(([0.0], np.square(weighted).cumsum()))
    starts = np.arange(0, len(weighted) - block + 1, step)
    return np.asarray((sums[starts + block] - sums[starts]) / max(block, 1))


def _lufs_of(power: float) -> float:
    return OFFSET_DB + 10 * float(np.log10(power))


def _power_of(lufs: float) -> float:
    return float(10 ** ((lufs - OFFSET_DB) / 10))
