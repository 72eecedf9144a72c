"""What a worker's process holds after longer clips: ``python -m bench.prescore.memory 15 29.5``.

Prints a line for each length in seconds: the most that the process ever held, in MB.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from bench.prescore.takes import webm
from bench.programs import most_held_mb
from collector.audio.decode import decode
from collector.audio.examine import examine
from collector.audio.master import read_master
from validation.scoring import Kind, load, score
from validation.scoring.sound import SAMPLING_RATE_HZ
from validation.scoring.trials import read_manifest

ROOT = Path(__file__).parents[2]
LENGTHS_S = (15.0, 29.5)
"""Twice the longest prompt that anybody reads out in one breath; and the longest that is scored."""


def held_mb(lengths_s: Sequence[float] = LENGTHS_S) -> list[float]:
    """The most that a fresh process with all that a worker loads has held after each length, MB."""
    command = [sys.executable, "-m", "bench.prescore.memory", *map(str, lengths_s)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return [float(line) for line in answer.stdout.split()]


def main() -> None:
    """Load what a worker loads, and take clips of each length from WebM to their score."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    for tasks in ("collector.tasks", "corpus.tasks", "validation.tasks"):
        import_module(tasks)
    clips = [c for c in read_manifest(ROOT / "tests/audio/manifest.jsonl") if c.kind != "noise"]
    for clip in clips:
        _hear(clip.samples, clip.text, cast("Kind", clip.kind))
    longest = max(clips, key=lambda c: c.samples.size)
    for length_s in map(float, sys.argv[1:]):
        times = int(SAMPLING_RATE_HZ * length_s / longest.samples.size) + 1
        samples = np.tile(longest.samples, times)[: int(SAMPLING_RATE_HZ * length_s)]
        _hear(samples, " ".join([longest.text] * times), "sentence")
        print(most_held_mb())


def _hear(samples: NDArray[np.int16], text: str, kind: Kind) -> None:
    """All that a worker does with the bytes of a clip."""
    decoded = decode(webm(samples))
    examined = examine(decoded.samples, decoded.sampling_rate_hz)
    master = read_master(examined.master.flac)
    others = ["yes", "no", "stop"]
    score(load(), master, text, kind, others, speech=examined.speech, transcribe=True)


if __name__ == "__main__":
    main()
