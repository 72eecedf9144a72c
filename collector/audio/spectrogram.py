"""A picture of a recording: time to the right, pitch upwards, louder is lighter.

64 mel bands from 0 to 8 kHz, a column every 10 ms up to 8 s (and 800 columns beyond), the loudest
70 dB in 16 shades of grey. The same samples always give the same bytes (with the same zlib).
"""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from collector.audio.master import MASTER_RATE_HZ
from collector.audio.spectrum import NUM_BINS, WINDOW_SAMPLES, power_spectrum

VERSION = 1
NUM_MELS = 64
HOP_SAMPLES = 160  # 10 ms
MAX_COLUMNS = 800
RANGE_DB = 70.0
BITS = 4  # a shade every 4.7 dB: finer ones double the file and cannot be told apart
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def make_spectrogram(steps: NDArray[np.int16]) -> bytes:
    """The PNG of int16 samples (num_samples,) at 16 kHz: 64 high, at most 800 wide."""
    hop = max(HOP_SAMPLES, -(-(len(steps) - WINDOW_SAMPLES + 1) // MAX_COLUMNS))
    mels = power_spectrum(steps, hop) @ _mel_filters()
    decibels = 10 * np.log10(np.maximum(mels, 1e-12))
    shades = 1 + (decibels - decibels.max()) / RANGE_DB
    levels = np.rint(np.clip(shades, 0, 1) * (2**BITS - 1)).astype(np.uint8)
    if not steps.any():
        levels[:] = 0
    return _png(levels.T[::-1])


@lru_cache(maxsize=1)
def _mel_filters() -> NDArray[np.float32]:
    """Triangles of shape (257, 64), evenly spaced on the mel scale of O'Shaughnessy (1987)."""
    bins_hz = np.arange(NUM_BINS) * MASTER_RATE_HZ / WINDOW_SAMPLES
    corners = np.linspace(0, _mel(np.array(MASTER_RATE_HZ / 2)), NUM_MELS + 2)
    position = (_mel(bins_hz) / corners[1])[:, np.newaxis] - np.arange(1, NUM_MELS + 1)
    triangles = np.maximum(0, 1 - np.abs(position))
    # The lowest bands are narrower than a bin: they show their nearest one.
    nearest = np.abs(position).argmin(axis=0)
    empty = np.flatnonzero(triangles.sum(axis=0) == 0)
    triangles[nearest[empty], empty] = 1
    return np.asarray(triangles / triangles.sum(axis=0), dtype=np.float32)


def _mel(hz: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.asarray(2595 * np.log10(1 + hz / 700))


def _png(levels: NDArray[np.uint8]) -> bytes:
    """A greyscale PNG (ISO/IEC 15948) of levels (height, width), two pixels a byte."""
    height, width = levels.shape
    even = np.pad(levels, ((0, 0), (0, width % 2)))
    packed = (even[:, ::2] << BITS) | even[:, 1::2]
    rows = np.pad(packed, ((0, 0), (1, 0)))  # each row begins with its filter: 0, none
    header = struct.pack(">IIBBBBB", width, height, BITS, 0, 0, 0, 0)
    data = zlib.compress(rows.tobytes(), 6)
    return PNG_SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
