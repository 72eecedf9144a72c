"""The pre-score: does this clip say this prompt?"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from validation.scoring.logistic import Logistic
from validation.scoring.moonshine import TOKENS_PER_SECOND, Encoded, Moonshine, TextLikelihood
from validation.scoring.sound import (
    KEYWORD_MARGIN_S,
    MIN_SPEECH_S,
    Samples,
    as_float,
    prepare,
    speech_s,
)
from validation.scoring.text import as_written

Kind = Literal["keyword", "sentence", "noise"]
# Further apart, two texts are no more distinct, but would drown the close calls in the fit.
DECISIVE_NATS: Final = 5.0
# The fastest reader of the calibration speaks 5 tokens a second. A text far past that was not
# said, whatever its likelihood: it would only cost the worker its time and memory.
MAX_TOKENS_PER_S: Final = 2 * TOKENS_PER_SECOND
COEFFICIENTS: Final = Path(__file__).with_name("coefficients.json")


@dataclass(frozen=True)
class Score:
    """What the machine makes of one clip. It sorts the work; people decide."""

    match: float | None
    """0 to 1: that the clip says its prompt. None where there is no prompt to match."""
    heard: str
    """The model's transcript; empty where the gate found no speech."""
    log_likelihood: float | None
    """Of the prompt, natural logarithm, mean per token; None where it was not measured."""
    features: dict[str, float]
    """What `match` was made from, with the `calibration`: the version of the coefficients."""
    model: str
    model_sha256: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def score(
    model: Moonshine,
    samples: Samples,
    prompt: str,
    kind: Kind,
    competitors: Sequence[str] = (),
) -> Score:
    """Scores one clip against its prompt.

    `samples`: (n,) at 16 kHz, float32 in -1 to 1 or int16; at most 60 s.
    `competitors`: for keywords, the campaign's other keywords; the prompt itself is left out.

    An energy gate comes first, as the model hears words in silence too: without speech the match
    is 0 and nothing was heard. Silero VAD is to replace it. A clip of noise has no words to match
    (its prompt is an instruction), so its match is None; what `heard` holds then is a hint to the
    reviewer that somebody may be talking. The same goes for a clip without a prompt. A prompt that
    nobody could have said in the time has a match of 0.
    Raises ValueError on samples of another form, or on more than 60 s with speech in them.
    """
    samples = as_float(samples)
    wanted = as_written(prompt) if kind != "noise" else ""
    found = {"speech_s": speech_s(samples)}
    if found["speech_s"] < MIN_SPEECH_S:
        return _answer(model, found, match=0.0 if wanted else None)
    encoded = model.encode(for_model(samples, kind))
    heard = model.greedy(encoded)
    if not wanted:
        return _answer(model, found, heard=heard.text)
    found["tokens_per_s"] = len(model.tokenizer.encode(wanted)) / encoded.duration_s
    if found["tokens_per_s"] > MAX_TOKENS_PER_S:
        return _answer(model, found, 0.0, heard.text)
    found |= measure(model, encoded, heard, wanted, competitors if kind == "keyword" else ())
    match = calibration().match(kind, found)
    return _answer(model, found, match, heard.text, found["prompt"])


def for_model(samples: NDArray[np.float32], kind: Kind) -> NDArray[np.float32]:
    """Gain for all; for keywords, silence around them as well."""
    return prepare(samples, margin_s=KEYWORD_MARGIN_S if kind == "keyword" else 0.0)


def measure(
    model: Moonshine,
    encoded: Encoded,
    heard: TextLikelihood,
    prompt: str,
    competitors: Iterable[str] = (),
) -> dict[str, float]:
    """Returns the features of the match, logarithms of likelihoods and of their ratios.

    - `prompt`: mean per token of the prompt
    - `over_heard`: the same, less the transcript's mean per token
    - `over_empty`: ratio to the empty text, per token of the prompt
    - `over_competitor`: ratio to the likeliest competitor, whole texts, within 5 nats; only where
      there are competitors
    - `worst_token`: the prompt's least likely token; it adds nothing to the match so far, but
      costs nothing and shows where a reading failed
    """
    prompt = as_written(prompt)
    others = sorted({as_written(text) for text in competitors} - {prompt, ""})
    wanted, empty, *rivals = model.log_likelihoods(encoded, [prompt, "", *others])
    features = {
        "prompt": wanted.mean,
        "worst_token": wanted.worst,
        # By means: a short prompt would win over a long transcript by its length alone.
        "over_heard": wanted.mean - heard.mean,
        "over_empty": (wanted.total - empty.total) / len(wanted.tokens),
    }
    if rivals:
        over = wanted.total - max(rival.total for rival in rivals)
        features["over_competitor"] = max(-DECISIVE_NATS, min(DECISIVE_NATS, over))
    return features


@dataclass(frozen=True)
class Calibration:
    """The coefficients that `calibrate` wrote."""

    version: int
    model_sha256: str
    """Of the weights whose likelihoods the coefficients weigh."""
    models: Mapping[str, Logistic]

    def match(self, kind: Kind, features: Mapping[str, float]) -> float:
        return self.models[model_for(kind, features)].probability(features)


def model_for(kind: Kind, features: Mapping[str, float]) -> str:
    """A keyword told from others is weighed otherwise than one on its own."""
    return f"{kind}_among_others" if "over_competitor" in features else kind


@lru_cache(maxsize=1)
def calibration() -> Calibration:
    """Reads `coefficients.json` once in each process."""
    stored = json.loads(COEFFICIENTS.read_text("utf-8"))
    models = {name: Logistic(**model) for name, model in stored["models"].items()}
    return Calibration(stored["version"], stored["model_sha256"], models)


def _answer(
    model: Moonshine,
    features: dict[str, float],
    match: float | None = None,
    heard: str = "",
    log_likelihood: float | None = None,
) -> Score:
    versioned = features | {"calibration": float(calibration().version)}
    return Score(match, heard, log_likelihood, versioned, model.name, model.sha256)
