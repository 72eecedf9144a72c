"""``make bench-prescore``: accuracy on held-out speakers, cost beside the peer's, speakers' waits.

    python -m bench.prescore [MANIFEST ...] [--json FILE] [--workers N] [--only TABLE]

TABLE: accuracy, cost or waiting.

Without a manifest: SPEECH_DIR or ../shared/speech where there is one, else tests/audio, which is
far too little to believe the figures and only shows that all of it runs; and the other languages of
tests/audio/foreign, which no shipped coefficients have seen.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from pathlib import Path

from bench.prescore.accuracy import accuracy, by_corpus, by_kind_of_wrong
from bench.prescore.cost import cost
from bench.prescore.targets import Row, show
from bench.prescore.waiting import CLIPS, waiting
from validation.scoring.trials import Clip, all_trials, read_manifest

ROOT = Path(__file__).parents[2]
SPEECH = Path(os.environ.get("SPEECH_DIR", ROOT.parent / "shared" / "speech"))
SMALL = ROOT / "tests" / "audio" / "manifest.jsonl"
FOREIGN = ROOT / "tests" / "audio" / "foreign" / "manifest.jsonl"
COST = "What it costs, on one core"
WAIT = f"How long a speaker waits while {CLIPS:,} clips are heard again"


def manifests(asked: Sequence[Path]) -> list[Path]:
    """What to read. Says so when the real material is not there."""
    if asked:
        return list(asked)
    if (SPEECH / "manifest.jsonl").exists():
        return [SPEECH / "manifest.jsonl", FOREIGN]
    print(f"{SPEECH} is not there: the 17 spoken clips of tests/audio instead. These figures mean")
    print("nothing but that the bench runs. SPEECH_DIR names a folder with a manifest.jsonl.")
    return [SMALL, FOREIGN]


def accuracies(clips: Sequence[Clip], workers: int) -> dict[str, list[Row]]:
    """The tables of what the match is worth."""
    made = all_trials(clips, workers=workers)
    print(f"{len(clips)} clips, {len({c.speaker for c in clips})} speakers, {len(made)} trials;")
    print("five folds by speaker: each trial is judged by a fit that never heard its speaker.")
    return {
        "What the match is worth": accuracy(made),
        "Recall at 1 % false accepts, by the kind of wrong": by_kind_of_wrong(made),
        "Keywords, whole sources held out": by_corpus(made),
    }


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("manifest", type=Path, nargs="*")
    parser.add_argument("--json", type=Path, default=ROOT / "var" / "bench-prescore.json")
    parser.add_argument("--workers", type=int, default=max(1, os.cpu_count() or 1))
    parser.add_argument("--only", choices=("accuracy", "cost", "waiting"))
    options = parser.parse_args()
    read = manifests(options.manifest)
    clips = [clip for manifest in read for clip in read_manifest(manifest)]
    found: dict[str, list[Row]] = {}
    if options.only in (None, "accuracy"):
        found |= accuracies(clips, options.workers)
    if options.only in (None, "cost"):
        found |= {COST: cost(clips)}
    if options.only in (None, "waiting"):
        found |= {WAIT: waiting()}
    for title, rows in found.items():
        show(title, rows, "peer" if title == COST else "" if title == WAIT else "edit distance")
    stored = {title: [row.as_dict() for row in rows] for title, rows in found.items()}
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(stored, indent=2) + "\n", "utf-8")
    print(f"\nwritten to {options.json}")


if __name__ == "__main__":
    main()
