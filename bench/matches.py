"""Real clips against right and wrong prompts, each with a match that never knew its speaker.

The features are the project's own (``validation.scoring.score``). The coefficients that ship may
have been fitted on these very clips, so each match is made by coefficients that are fitted anew
without the fifth of the speakers that it belongs to (cross-fitting): same features, same method,
at even odds as shipped.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from bench.scoring import read_samples
from validation.scoring import Score, load, score
from validation.scoring.logistic import Logistic, fit
from validation.scoring.score import calibration, model_for
from validation.scoring.text import edit_distance

ROOT = Path(__file__).parents[1]
FOLDS = 5
SEED = 20


@dataclass(frozen=True)
class ScoredClip:
    """A clip as the machine left it, and the truth, which no policy sees."""

    match: float
    is_right: bool


@dataclass(frozen=True)
class Trial:
    """One clip against one prompt, with the machine's features; ``layer`` is empty after a gate."""

    speaker: str
    is_right: bool
    score: Score
    layer: str


def manifest() -> Path:
    """The larger collection beside the project where it is there, else the tests' own."""
    shared = ROOT.parent / "shared" / "speech" / "manifest.jsonl"
    return shared if shared.exists() else ROOT / "tests" / "audio" / "manifest.jsonl"


def matched(path: Path) -> list[ScoredClip]:
    """Every clip of the manifest with its own prompt, another of its kind, and the most alike."""
    trials = list(_trials(path))
    matches = {id(trial): trial.score.match or 0.0 for trial in trials}
    for layer in {trial.layer for trial in trials if trial.layer}:
        for trial, match in _cross_fitted([t for t in trials if t.layer == layer], layer):
            matches[id(trial)] = match
    return [ScoredClip(matches[id(trial)], trial.is_right) for trial in trials]


def _trials(path: Path) -> Iterator[Trial]:
    model, dice = load(), random.Random(SEED)
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    rows = [row for row in rows if row["kind"] != "noise"]
    for row in tqdm(rows, unit="clip"):
        alike = [r for r in rows if (r["source"], r["kind"]) == (row["source"], row["kind"])]
        texts = sorted({r["text"] for r in alike})
        samples = read_samples(path.parent / row["audio_filepath"])
        competitors = texts if row["kind"] == "keyword" else ()
        for prompt in _prompts(row, texts, dice):
            made = score(model, samples, prompt, row["kind"], competitors)
            weighed = made.log_likelihood is not None
            layer = model_for(row["kind"], made.features) if weighed else ""
            yield Trial(row["speaker"], prompt == row["text"], made, layer)


def _prompts(row: dict[str, Any], texts: Sequence[str], dice: random.Random) -> list[str]:
    others = [text for text in texts if text != row["text"]]
    if not others:
        return [row["text"]]
    nearest = min(others, key=lambda text: edit_distance(text, row["text"]))
    return sorted({row["text"], dice.choice(others), nearest})


def _cross_fitted(trials: Sequence[Trial], layer: str) -> Iterator[tuple[Trial, float]]:
    by_fold: dict[int, list[Trial]] = defaultdict(list)
    for trial in trials:
        by_fold[_fold(trial.speaker)].append(trial)
    names = list(calibration().layers[layer].coefficients)
    for fold, held_out in by_fold.items():
        rest = [t for other, those in by_fold.items() if other != fold for t in those]
        if len({trial.is_right for trial in rest}) < 2:
            continue  # too few speakers to fit anew: the shipped match stands
        fitted = _fit(rest, names)
        for trial in held_out:
            yield trial, fitted.probability(trial.score.features)


def _fit(trials: Sequence[Trial], names: list[str]) -> Logistic:
    labels = np.array([float(trial.is_right) for trial in trials])
    share = labels.mean()
    weights = np.where(labels == 1.0, 0.5 / share, 0.5 / (1.0 - share))
    features = np.array([[trial.score.features[name] for name in names] for trial in trials])
    return fit(names, features, labels, weights)


def _fold(speaker: str) -> int:
    # Not `hash`: it differs from process to process, and the figures must come out the same.
    return int.from_bytes(hashlib.sha256(speaker.encode()).digest()[:4]) % FOLDS
