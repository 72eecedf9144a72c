"""A clip's samples as a browser would have sent them."""

from __future__ import annotations

import io

import numpy as np
import soundfile
from numpy.typing import NDArray

from tests.collector.audio.material import encode
from validation.scoring.sound import SAMPLING_RATE_HZ

_OPUS = ("-ar", "48000", "-c:a", "libopus", "-b:a", "128k")


def webm(samples: NDArray[np.int16]) -> bytes:
    """WebM/Opus of (n,) samples at 16 kHz."""
    file = io.BytesIO()
    soundfile.write(file, samples, SAMPLING_RATE_HZ, format="WAV", subtype="PCM_16")
    return encode(file.getvalue(), ".webm", *_OPUS)
