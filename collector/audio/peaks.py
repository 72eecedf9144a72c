"""The outline of a waveform, for drawing: about 800 pairs of extremes, whatever the length.

A file is a header of 16 bytes and then ``num_pairs`` pairs of signed bytes, little-endian:

    offset  type    what
    0       4s      the letters CHPK
    4       uint16  version, 1
    6       uint16  where the pairs begin, 16
    8       uint32  num_samples, of the master at 16 kHz
    12      uint32  samples_per_pair; num_pairs is num_samples / samples_per_pair, rounded up
    16      int8[2] lowest and highest sample of a stretch, each divided by 256 and rounded down

So every sample of a stretch lies between 256 * lowest and 256 * highest + 255.
"""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

MAGIC = b"CHPK"
VERSION = 1
HEADER = struct.Struct("<4sHHII")
MAX_PAIRS = 800


def make_peaks(steps: NDArray[np.int16]) -> bytes:
    """The peaks file of int16 samples (num_samples,) at 16 kHz."""
    per_pair = max(1, -(-len(steps) // MAX_PAIRS))
    starts = np.arange(0, len(steps), per_pair)
    pairs = np.zeros((len(starts), 2), np.int8)
    if len(steps):
        pairs[:, 0] = np.minimum.reduceat(steps, starts) >> 8
        pairs[:, 1] = np.maximum.reduceat(steps, starts) >> 8
    return HEADER.pack(MAGIC, VERSION, HEADER.size, len(steps), per_pair) + pairs.tobytes()
