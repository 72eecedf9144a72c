"""Real speech, and ways to encode it as recorders do."""

from __future__ import annotations

import io
import subprocess
import tempfile
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import soundfile
from numpy.typing import NDArray

AUDIO = Path(__file__).parents[2] / "audio"
SENTENCE = "wwb/0001.flac"  # three seconds, a word with half a second of room before it


def speech(name: str = SENTENCE) -> bytes:
    """The bytes of a file in tests/audio."""
    return (AUDIO / name).read_bytes()


def speech_samples(name: str = SENTENCE) -> NDArray[np.float32]:
    """Its samples, float32 (num_samples, 1), 16 kHz."""
    samples, _rate = soundfile.read(AUDIO / name, dtype="float32", always_2d=True)
    return np.asarray(samples, dtype=np.float32)


def wav(
    samples: NDArray[np.generic], sampling_rate_hz: int = 16_000, kind: str = "PCM_16"
) -> bytes:
    """A WAV file of samples (num_samples,) or (num_samples, channels)."""
    file = io.BytesIO()
    soundfile.write(file, samples, sampling_rate_hz, format="WAV", subtype=kind)
    return file.getvalue()


def encode(sound: bytes, suffix: str, *options: str) -> bytes:
    """Encode a sound with ffmpeg into a file, as a finished recording has it."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"clip{suffix}"
        _ffmpeg(sound, *options, str(target))
        return target.read_bytes()


def stream(sound: bytes, container: str, *options: str) -> bytes:
    """Encode a sound with ffmpeg into a pipe: no length, no cues, as a live recorder sends it."""
    return _ffmpeg(sound, *options, "-f", container, "pipe:1")


def _ffmpeg(sound: bytes, *options: str) -> bytes:
    # Not the site's own, which lacks encoders that strangers have (Vorbis, Theora).
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", "pipe:0", *options]
    return subprocess.run(command, input=sound, capture_output=True, check=True).stdout
