"""Fits the match's coefficients on real speech and says what they are worth on other speakers.

    python -m validation.scoring.calibrate MANIFEST --version 1 [--write]

The manifest has a JSON object on each line: `audio_filepath` (16 kHz, beside the manifest),
`text`, `kind`, `speaker`, `source`. Each clip is tried against its own prompt, against wrong
ones, and cut short. Every second speaker is held out: the coefficients never see them.
"""

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import soundfile
from numpy.typing import NDArray

from validation.scoring.logistic import Logistic, fit
from validation.scoring.moonshine import Moonshine, load
from validation.scoring.score import COEFFICIENTS, Kind, for_model, measure, model_for
from validation.scoring.sound import MIN_SPEECH_S, SAMPLING_RATE_HZ, as_float, speech_s
from validation.scoring.text import edit_distance, edit_similarity

RIGHT: Final = "right"
CUT: Final = "cut"
CUT_SHARE: Final = 0.4
FEATURES: Final = ("prompt", "over_heard", "over_empty")
MODELS: Final = {
    "sentence": FEATURES,
    "keyword": FEATURES,
    "keyword_among_others": (*FEATURES, "over_competitor"),
}
FALSE_ACCEPTS: Final = 0.01


@dataclass(frozen=True)
class Clip:
    samples: NDArray[np.float32]
    text: str
    kind: Kind
    speaker: str
    source: str


@dataclass(frozen=True)
class Trial:
    """One clip, whole or cut, against one prompt."""

    speaker: str
    what: str
    """`right`, or in which way the clip does not say the prompt."""
    model: str
    features: dict[str, float]
    similarity: float
    """Of transcript and prompt: the plain score to beat."""


def read_clips(manifest: Path) -> list[Clip]:
    """Reads the manifest and its audio. Clips of noise are left out: they have no prompt."""
    rows = [json.loads(line) for line in manifest.read_text("utf-8").splitlines()]
    return [
        Clip(
            _read_samples(manifest.parent / row["audio_filepath"]),
            *(row[key] for key in ("text", "kind", "speaker", "source")),
        )
        for row in rows
        if row["kind"] != "noise"
    ]


def _read_samples(path: Path) -> NDArray[np.float32]:
    samples, rate_hz = soundfile.read(path, dtype="float32")
    if rate_hz != SAMPLING_RATE_HZ:
        raise ValueError(f"{path} has {rate_hz} Hz: resample it to {SAMPLING_RATE_HZ} Hz.")
    return as_float(samples)


def cut(samples: NDArray[np.float32], *, at_start: bool) -> NDArray[np.float32]:
    """Takes two fifths of the speech away, which lies between 1 % and 99 % of the energy."""
    energy = np.cumsum(samples.astype(np.float64) ** 2)
    first, last = np.searchsorted(energy, energy[-1] * np.array([0.01, 0.99]))
    lost = round(CUT_SHARE * (last - first))
    return samples[first + lost :] if at_start else samples[: last - lost]


def trials(model: Moonshine, clips: Sequence[Clip], rng: np.random.Generator) -> list[Trial]:
    """Tries every clip. Prompts of its own source and kind are its competitors."""
    made: list[Trial] = []
    for index, clip in enumerate(clips):
        own = _prompts(c for c in clips if (c.source, c.kind) == (clip.source, clip.kind))
        strange = _prompts(c for c in clips if c.kind == clip.kind and c.source != clip.source)
        prompts = [(RIGHT, clip.text), *_wrong(clip, own, strange, rng)]
        made += _try(model, clip, clip.samples, prompts, own)
        made += _try(
            model, clip, cut(clip.samples, at_start=index % 2 == 0), [(CUT, clip.text)], own
        )
    return made


def _prompts(clips: Iterator[Clip]) -> list[str]:
    return sorted({clip.text for clip in clips})


def _wrong(
    clip: Clip, own: Sequence[str], strange: Sequence[str], rng: np.random.Generator
) -> Iterator[tuple[str, str]]:
    """Another prompt at random, the one spelled most alike, and one of another campaign."""
    others = [text for text in own if text != clip.text]
    if others:
        yield "other", str(rng.choice(others))
        yield "nearest", min(others, key=lambda text: edit_distance(text, clip.text))
    if unlike := [text for text in strange if text != clip.text]:
        yield "strange", str(rng.choice(unlike))


def _try(
    model: Moonshine,
    clip: Clip,
    samples: NDArray[np.float32],
    prompts: Sequence[tuple[str, str]],
    own: Sequence[str],
) -> Iterator[Trial]:
    if speech_s(samples) < MIN_SPEECH_S:
        return
    encoded = model.encode(for_model(samples, clip.kind))
    heard = model.greedy(encoded)
    for what, prompt in prompts:
        competitors = own if clip.kind == "keyword" else ()
        features = measure(model, encoded, heard, prompt, competitors)
        similarity = edit_similarity(prompt, heard.text)
        alone = {name: features[name] for name in FEATURES}
        yield Trial(clip.speaker, what, clip.kind, alone, similarity)
        if "over_competitor" in features:
            name = model_for(clip.kind, features)
            yield Trial(clip.speaker, what, name, features, similarity)


def train(made: Sequence[Trial], names: Sequence[str]) -> Logistic:
    """Fits one model, at even odds of right and wrong, and of each way to be wrong."""
    kinds = np.array([trial.what for trial in made])
    weights = np.ones(len(made))
    wrong = sorted({*kinds.tolist()} - {RIGHT})
    for what in (RIGHT, *wrong):
        share = 0.5 if what == RIGHT else 0.5 / len(wrong)
        weights[kinds == what] = share * len(made) / np.count_nonzero(kinds == what)
    features = np.array([[trial.features[name] for name in names] for trial in made])
    return fit(names, features, (kinds == RIGHT).astype(np.float64), weights)


@dataclass(frozen=True)
class Figures:
    """What a score is worth: the area under the ROC curve, and recall at 1 % false accepts."""

    right: int
    wrong: int
    auc: float
    recall: float


def figures(
    made: Sequence[Trial], score: Callable[[Trial], float], wrong: Callable[[Trial], bool]
) -> Figures:
    """Compares the right trials with those of the wrong ones that `wrong` picks."""
    right_scores = np.array([score(trial) for trial in made if trial.what == RIGHT])
    wrong_scores = np.array([score(t) for t in made if t.what != RIGHT and wrong(t)])
    above = right_scores[:, np.newaxis] - wrong_scores
    return Figures(
        right=right_scores.size,
        wrong=wrong_scores.size,
        auc=round(float(np.mean((np.sign(above) + 1) / 2)), 4),
        recall=round(
            float(np.mean(right_scores > np.quantile(wrong_scores, 1 - FALSE_ACCEPTS))), 3
        ),
    )


def report(made: Sequence[Trial], model: Logistic) -> dict[str, dict[str, Any]]:
    """The figures of the match and of plain edit similarity, with and without cut clips."""

    def match(trial: Trial) -> float:
        return model.probability(trial.features)

    def similarity(trial: Trial) -> float:
        return trial.similarity

    def whole(trial: Trial) -> bool:
        return trial.what != CUT

    def shortened(trial: Trial) -> bool:
        return trial.what == CUT

    return {
        "match": asdict(figures(made, match, whole)),
        "match_cut": asdict(figures(made, match, shortened)),
        "edit_similarity": asdict(figures(made, similarity, whole)),
        "edit_similarity_cut": asdict(figures(made, similarity, shortened)),
    }


def calibrate(model: Moonshine, clips: Sequence[Clip], version: int) -> dict[str, Any]:
    """Returns what `coefficients.json` holds: the models and what they are worth."""
    made = trials(model, clips, np.random.default_rng(version))
    # By speaker, never by clip; those without a name count as one, as nobody knows who is who.
    held_out = set(sorted({clip.speaker for clip in clips})[1::2])
    fitted: dict[str, Any] = {}
    worth: dict[str, Any] = {}
    for name, features in MODELS.items():
        mine = [trial for trial in made if trial.model == name]
        logistic = train([trial for trial in mine if trial.speaker not in held_out], features)
        fitted[name] = asdict(logistic)
        worth[name] = report([trial for trial in mine if trial.speaker in held_out], logistic)
    return {
        "version": version,
        "model": model.name,
        "model_sha256": model.sha256,
        "models": fitted,
        "held_out": worth,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--version", type=int, required=True, help="number of this calibration")
    parser.add_argument("--write", action="store_true", help=f"replace {COEFFICIENTS.name}")
    options = parser.parse_args()
    made = json.dumps(calibrate(load(), read_clips(options.manifest), options.version), indent=2)
    print(made)
    if options.write:
        COEFFICIENTS.write_text(made + "\n", "utf-8")


if __name__ == "__main__":
    main()
