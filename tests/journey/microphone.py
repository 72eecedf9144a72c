"""Real speech as Chromium's fake microphone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from tests.people import AUDIO

RATE_HZ = 44_100
LEAD_S = 2.5
TAIL_S = 1.0


def microphone_file(path: Path, recording: str) -> NDArray[np.int16]:
    """Write the recording, after a pause, as the fake microphone takes it.

    44.1 kHz and 16 bits come through exactly; the file must close with 100 ms of digital silence,
    because Chromium repeats its last buffer for ever. Returns the samples (num_samples,).
    """
    speech, rate_hz = soundfile.read(AUDIO / recording, dtype="float64")
    speech = soxr.resample(speech, rate_hz, RATE_HZ, quality="VHQ")
    spoken = np.clip(np.rint(speech * 32_768), -32_768, 32_767).astype(np.int16)
    lead, tail = (np.zeros(int(s * RATE_HZ), dtype=np.int16) for s in (LEAD_S, TAIL_S))
    samples = np.concatenate([lead, spoken, tail])
    soundfile.write(path, samples, RATE_HZ, subtype="PCM_16")
    # What the browser goes on repeating is silence, so a take may be longer than the file.
    return np.concatenate([samples, np.zeros(10 * RATE_HZ, dtype=np.int16)])


def place_of(part: NDArray[np.int16], whole: NDArray[np.int16]) -> int | None:
    """Where ``part`` lies in ``whole``, sample for sample; None when it is not in it."""
    loud = int(np.argmax(np.abs(part.astype(np.int32))))
    probe = part[max(0, loud - 50) : loud + 50]
    start = loud - max(0, loud - 50)
    windows = np.lib.stride_tricks.sliding_window_view(whole, len(probe))
    for at in np.flatnonzero((windows == probe).all(axis=1)):
        begin = int(at) + start - loud
        if begin >= 0 and np.array_equal(whole[begin : begin + len(part)], part):
            return begin
    return None
