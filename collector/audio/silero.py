"""Silero VAD: how likely each 32 ms of a recording is speech.

The model is the Silero Team's, version 6, MIT (https://github.com/snakers4/silero-vad), run by
onnxruntime on one thread. `silero_graph.py` rewrote it to hear many frames in one call.
"""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MODEL_FILE = Path(__file__).with_name("silero-vad-16k.onnx")
MODEL_SHA256 = "afa32cc4735b970e2d849f3c852007519b33d41e29fbf98599d58bd4ea810c7c"

MODEL_RATE_HZ = 16_000
HOP_SAMPLES = 512
CONTEXT_SAMPLES = 64  # the model wants the end of the previous frame before each
STATE_SHAPE = (1, 1, 128)
BLOCK_FRAMES = 256  # 8 s: most clips in one call, and 8 MB of memory whatever the length
FULL_SCALE = 32_768


class SileroError(RuntimeError):
    """The model's file is missing or not the one that the thresholds were chosen on."""


def read_model(path: Path = MODEL_FILE) -> bytes:
    """The model's bytes. Raises SileroError where they are missing or differ by a single bit."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SileroError(f"Cannot read the speech gate {path}: {error}. Restore it.") from error
    found = hashlib.sha256(data).hexdigest()
    if found != MODEL_SHA256:
        raise SileroError(
            f"The speech gate {path} has been altered: its sha256 is {found}, not {MODEL_SHA256}. "
            "Restore the file, or build it again: python -m collector.audio.silero_graph"
        )
    return data


def speech_probabilities(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """The probability of speech in every 512 samples: shape (ceil(num_samples / 512),).

    ``samples``: int16 (num_samples,) at 16 kHz; the last frame is filled up with zeros. The first
    call in a process loads the model.
    """
    frames, session = _frames(samples), _session(os.getpid())
    probabilities = np.zeros(len(frames), np.float32)
    hidden = cell = np.zeros(STATE_SHAPE, np.float32)
    for start in range(0, len(frames), BLOCK_FRAMES):
        block = slice(start, start + BLOCK_FRAMES)
        inputs = {"frames": np.ascontiguousarray(frames[block]), "hidden": hidden, "cell": cell}
        probabilities[block], hidden, cell = session.run(None, inputs)
    return probabilities


def _frames(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """Frames of 576 samples, full scale +-1: 64 of the one before, then 512 new ones."""
    num_frames = -(-len(samples) // HOP_SAMPLES)
    padded = np.zeros(CONTEXT_SAMPLES + num_frames * HOP_SAMPLES, np.float32)
    padded[CONTEXT_SAMPLES : CONTEXT_SAMPLES + len(samples)] = samples / np.float32(FULL_SCALE)
    shape, step_bytes = (num_frames, CONTEXT_SAMPLES + HOP_SAMPLES), padded.strides[0]
    return np.lib.stride_tricks.as_strided(
        padded, shape, (HOP_SAMPLES * step_bytes, step_bytes), writeable=False
    )


@lru_cache(maxsize=1)
def _session(_process_id: int) -> InferenceSession:
    """This process's model: a child made by fork loads its own, for sessions do not survive it."""
    import onnxruntime  # 0.1 s at the start of programs that hear nothing

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(read_model(), options, providers=["CPUExecutionProvider"])
