"""The peer: Debian's ffmpeg and sherpa-onnx, which transcribes with the very same weights."""

from __future__ import annotations

import base64
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from validation.scoring import weights
from validation.scoring.tokenizer import Tokenizer

FFMPEG = "/usr/bin/ffmpeg"


class Peer:
    """Transcribes on one thread. `missing` says what is not there."""

    def __init__(self, folder: Path) -> None:
        import sherpa_onnx

        assets = weights.find()
        tokens = folder / "tokens.txt"
        tokens.write_text(_tokens_file((assets / weights.TOKENIZER).read_bytes()), "utf-8")
        self.name = f"sherpa-onnx {version('sherpa-onnx')}"
        self._recognizer: Any = sherpa_onnx.OfflineRecognizer.from_moonshine_v2(
            encoder=str(assets / weights.ENCODER),
            decoder=str(assets / weights.DECODER),
            tokens=str(tokens),
            num_threads=1,
        )

    def transcribe(self, samples: NDArray[np.float32], rate_hz: int = 16_000) -> str:
        stream = self._recognizer.create_stream()
        stream.accept_waveform(rate_hz, samples)
        self._recognizer.decode_stream(stream)
        return str(stream.result.text)


def missing() -> list[str]:
    """What the peer needs and this machine has not, each with its remedy."""
    found = []
    try:
        import sherpa_onnx  # noqa: F401
    except ImportError:
        found.append("sherpa-onnx (pip install -r requirements-dev.txt)")
    if shutil.which(FFMPEG) is None:
        found.append("Debian's ffmpeg (apt-get install ffmpeg)")
    return found


def decode(webm: bytes) -> NDArray[np.float32]:
    """By Debian's ffmpeg, as a script would: mono, 16 kHz."""
    command = [FFMPEG, "-v", "error", "-i", "pipe:", "-ac", "1", "-ar", "16000", "-f", "f32le", "-"]
    return np.frombuffer(
        subprocess.run(command, input=webm, capture_output=True, check=True).stdout, np.float32
    )


def _tokens_file(tokenizer: bytes) -> str:
    pieces = Tokenizer.from_bytes(tokenizer).pieces
    lines = [
        f"{base64.b64encode(piece or b'?').decode('ascii')} {token}"
        for token, piece in enumerate(pieces)
    ]
    return "\n".join(lines) + "\n"
