"""What the pre-score costs on one core, beside transcribing and comparing letters.

    python -m bench.scoring [MANIFEST]

Times are medians over rounds, summed over the clips of `tests/audio`. All steps of a clip run in
turn with the same weights, so that the machine's load weighs on every figure alike: compare
within one run only.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from validation.scoring import Kind, Moonshine, load, score
from validation.scoring.score import for_model
from validation.scoring.sound import SAMPLING_RATE_HZ, as_float
from validation.scoring.text import as_written, edit_similarity

MANIFEST = Path(__file__).parents[1] / "tests" / "audio" / "manifest.jsonl"
KINDS: tuple[Kind, ...] = ("keyword", "sentence")
ROUNDS = 5


@dataclass(frozen=True)
class Clip:
    """`samples`: (n,) int16 at 16 kHz; `competitors`: the other keywords of the manifest."""

    samples: NDArray[np.int16]
    text: str
    kind: Kind
    competitors: tuple[str, ...]


@dataclass(frozen=True)
class Cost:
    """Seconds for one clip, or for several after `+`."""

    encoder: float = 0.0
    forced: float = 0.0
    greedy: float = 0.0
    score: float = 0.0
    plain: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(*(a + b for a, b in zip(self.values(), other.values(), strict=True)))

    def values(self) -> tuple[float, ...]:
        return (self.encoder, self.forced, self.greedy, self.score, self.plain)


def read_clips(manifest: Path, kind: Kind) -> list[Clip]:
    rows = [json.loads(line) for line in manifest.read_text("utf-8").splitlines()]
    rows = [row for row in rows if row["kind"] == kind]
    words = tuple(sorted({row["text"] for row in rows})) if kind == "keyword" else ()
    return [
        Clip(read_samples(manifest.parent / row["audio_filepath"]), row["text"], kind, words)
        for row in rows
    ]


def read_samples(path: Path) -> NDArray[np.int16]:
    samples, rate_hz = soundfile.read(path, dtype="int16")
    if rate_hz != SAMPLING_RATE_HZ:
        raise ValueError(f"{path} has {rate_hz} Hz: resample it to {SAMPLING_RATE_HZ} Hz.")
    return np.asarray(samples)


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def plain(model: Moonshine, clip: Clip) -> float:
    """What is heard against the prompt, letter by letter: what the pre-score has to beat."""
    encoded = model.encode(for_model(as_float(clip.samples), clip.kind))
    return edit_similarity(clip.text, model.transcribe(model.begin(encoded)))


def once(model: Moonshine, clip: Clip) -> Cost:
    samples = for_model(as_float(clip.samples), clip.kind)
    encoded = model.encode(samples)
    return Cost(
        encoder=seconds(lambda: model.encode(samples)),
        forced=seconds(lambda: model.begin(encoded, as_written(clip.text))),
        greedy=seconds(lambda: model.greedy(model.begin(encoded))),
        score=seconds(lambda: score(model, clip.samples, clip.text, clip.kind, clip.competitors)),
        plain=seconds(lambda: plain(model, clip)),
    )


def cost(model: Moonshine, clip: Clip) -> Cost:
    rounds = [once(model, clip).values() for _ in range(ROUNDS)]
    return Cost(*(statistics.median(step) for step in zip(*rounds, strict=True)))


def rows(model: Moonshine, clips: list[Clip]) -> list[tuple[str, float, str]]:
    """The table's cells for one kind: name, figure, format."""
    total = sum((cost(model, clip) for clip in clips), start=Cost())
    count, audio_s = len(clips), sum(clip.samples.size for clip in clips) / SAMPLING_RATE_HZ
    prompt_only = total.encoder + total.forced
    return [
        ("clips", count, ".0f"),
        ("mean length, s", audio_s / count, ".2f"),
        ("keywords to choose from", len(clips[0].competitors), ".0f"),
        ("encoder, ms", 1e3 * total.encoder / count, ".1f"),
        ("forced pass, prompt only, ms", 1e3 * total.forced / count, ".1f"),
        ("greedy, ms", 1e3 * total.greedy / count, ".1f"),
        ("score(), ms", 1e3 * total.score / count, ".1f"),
        ("transcript and edit distance, ms", 1e3 * total.plain / count, ".1f"),
        ("encoder and forced pass, clips/s and core", count / prompt_only, ".1f"),
        ("score(), clips/s and core", count / total.score, ".1f"),
        ("transcript and edit distance, clips/s and core", count / total.plain, ".1f"),
        ("score(), real-time factor", total.score / audio_s, ".3f"),
        ("transcript and edit distance, real-time factor", total.plain / audio_s, ".3f"),
        ("score() / transcript and edit distance, time", total.score / total.plain, ".2f"),
        ("forced pass / transcript and edit distance, time", prompt_only / total.plain, ".2f"),
    ]


def main() -> None:
    manifest = Path(sys.argv[1]) if len(sys.argv) > 1 else MANIFEST
    model = load()
    columns = [rows(model, read_clips(manifest, kind)) for kind in KINDS]
    print(f"{model.name}, one thread, median of {ROUNDS} rounds")
    print(f"{'':<50}" + "".join(f"{kind:>10}" for kind in KINDS))
    for cells in zip(*columns, strict=True):
        print(f"{cells[0][0]:<50}" + "".join(f"{value:>10{form}}" for _, value, form in cells))


if __name__ == "__main__":
    main()
