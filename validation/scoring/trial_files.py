"""Trials kept as a file, so that a fit can be made again without the recordings.

Features of a clip tell little of a voice, and take a thousandth of the room.
"""

import gzip
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from validation.scoring.trials import Trial

DECIMALS: Final = 5
"""Of each figure: a hundredth of a thousandth of a nat moves no coefficient."""


def write_trials(path: Path, made: Sequence[Trial]) -> None:
    """Writes a JSON object a line, gzipped. The same trials make the same bytes."""
    lines = "".join(json.dumps(_rounded(asdict(trial))) + "\n" for trial in made)
    path.write_bytes(gzip.compress(lines.encode(), mtime=0))


def read_trials(path: Path) -> list[Trial]:
    """Reads what `write_trials` wrote."""
    return [Trial(**json.loads(line)) for line in gzip.decompress(path.read_bytes()).splitlines()]


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(part) for name, part in value.items()}
    return round(value, DECIMALS) if isinstance(value, float) else value
