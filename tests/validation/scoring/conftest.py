"""The real model, and the real clips of tests/audio."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from validation.scoring import Moonshine, load

AUDIO = Path(__file__).parents[2] / "audio"


@dataclass(frozen=True)
class Recording:
    """One line of the manifest with its samples: (n,) int16 at 16 kHz."""

    name: str
    text: str
    kind: Any
    samples: NDArray[np.int16]


def recordings(*kinds: str) -> list[Recording]:
    lines = (AUDIO / "manifest.jsonl").read_text("utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["kind"] in kinds]
    return [
        Recording(row["audio_filepath"], row["text"], row["kind"], _samples(row)) for row in rows
    ]


def _samples(row: dict[str, Any]) -> NDArray[np.int16]:
    samples, rate_hz = soundfile.read(AUDIO / row["audio_filepath"], dtype="int16")
    assert rate_hz == 16_000
    return np.asarray(samples)


@pytest.fixture(scope="session")
def model() -> Moonshine:
    return load()
