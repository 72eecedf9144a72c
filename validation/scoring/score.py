"""The pre-score: does this clip say this prompt, and all of it?"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from collector.audio.speech import Speech
from validation.scoring.coefficients import SHIPPED, Coefficients, CoefficientsError
from validation.scoring.logistic import log_odds, probability
from validation.scoring.moonshine import TOKENS_PER_SECOND, Begun, Encoded, Forced, Moonshine
from validation.scoring.rivals import over_competitor, rivals_of
from validation.scoring.sound import (
    KEYWORD_MARGIN_S,
    LONE_KEYWORD_MARGIN_S,
    SAMPLING_RATE_HZ,
    Samples,
    around_speech,
    as_float,
    edges,
    prepare,
    speech_in,
)
from validation.scoring.text import as_written, variants

Kind = Literal["keyword", "sentence", "noise"]
# The fastest reader of the calibration speaks 5 tokens a second. A text far past that was not
# said, whatever its likelihood: it would only cost the worker its time and memory.
MAX_TOKENS_PER_S: Final = 2 * TOKENS_PER_SECOND
# The model learned on 30 s at most, and what it needs grows with the square of the length.
MAX_SCORED_S: Final = 30.0
# What nobody has said anything about is as likely right as wrong.
EVEN_ODDS: Final = 0.5
# A plain letter rate (English and much else): a word of 5 letters takes some 0.5 s.
SECONDS_A_TEXT: Final = 0.2
SECONDS_A_LETTER: Final = 0.055

# From here on (at even odds) the prompt itself is what was heard, and is not transcribed.
CLEARLY_SAID: Final = 0.9

WHOLE: Final = ("loudest_edge_db", "quietest_edge_db", "shortness")
FEATURES: Final[Mapping[str, tuple[str, ...]]] = {
    "sentence": ("prompt", "behind_likeliest", "over_empty", "worst_behind", "shortness"),
    "keyword": ("prompt", "behind_likeliest", *WHOLE),
    "keyword_among_others": ("prompt", "behind_likeliest", "over_competitor", *WHOLE),
}
"""What each layer of the match is made from; `measure` and `edges` say what they mean."""


@dataclass(frozen=True)
class Score:
    """What the machine makes of one clip. It sorts the work; people decide."""

    match: float | None
    """0 to 1: that the clip says its prompt. None where there is no prompt to match."""
    heard: str
    """The model's transcript, or the prompt where it was clearly said; empty without speech."""
    log_likelihood: float | None
    """Of the prompt, natural logarithm, mean per token; None where it was not measured."""
    features: dict[str, float]
    """What `match` was made from, with the `calibration`: the version of the coefficients."""
    model: str
    model_sha256: str
    evidence: float | None = None
    """What the clip alone says: `match` as log-odds, less those of the prior."""
    prior: float = EVEN_ODDS
    """The share of right clips that `match` assumes."""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def score(
    model: Moonshine,
    samples: Samples,
    prompt: str,
    kind: Kind,
    competitors: Sequence[str] = (),
    *,
    speech: Speech | None = None,
    prior: float = EVEN_ODDS,
    transcribe: bool = False,
) -> Score:
    """Scores one clip against its prompt.

    `samples`: (n,) at 16 kHz, float32 in -1 to 1 or int16.
    `competitors`: for keywords, the campaign's other keywords; the prompt itself is left out, in
    whatever spelling.
    `speech`: where it was found already; by default it is looked for.
    `prior`: the share of right clips that is expected. Even odds say nothing beforehand.
    `transcribe`: also where the prompt was clearly said.

    Silero VAD comes first, as the model hears words in silence too: without speech the match is 0
    and nothing was heard. A clip of noise has no words to match (its prompt is an instruction),
    so its match is None; what `heard` holds then is a hint to the reviewer that somebody may be
    talking. The same goes for a clip without a prompt. A prompt that nobody could have said in
    the time has a match of 0; one with more than 30 s between its first and its last word is left
    to people: its match is None. Raises ValueError on samples of another form.
    """
    samples = as_float(samples)
    speech = speech_in(samples) if speech is None else speech
    wanted = as_written(prompt) if kind != "noise" else ""
    found = {"speech_s": speech.speech_s}
    if not speech.spans:
        return _answer(model, found, match=0.0 if wanted else None)
    said = around_speech(samples, speech)
    if said.size > MAX_SCORED_S * SAMPLING_RATE_HZ:
        return _answer(model, found)
    rivals = rivals_of(prompt, competitors) if kind == "keyword" else []
    encoded = model.encode(for_model(said, kind, is_lone=not rivals))
    if not wanted:
        return _answer(model, found, heard=model.transcribe(model.begin(encoded)))
    found["tokens_per_s"] = len(model.tokenizer.encode(wanted)) / encoded.duration_s
    if found["tokens_per_s"] > MAX_TOKENS_PER_S:
        return _answer(model, found, 0.0, model.transcribe(model.begin(encoded)))
    begun = begin(model, encoded, prompt)
    features, forced = measure(model, begun, prompt, rivals)
    said_as = forced.likelihood.text
    found |= features | edges(samples, speech) | {"shortness": shortness(speech, said_as)}
    evidence = calibration().evidence(model_for(kind, found), found)
    # A transcript costs as much as all else together, and no match is made from it.
    clear = not transcribe and probability(evidence) >= CLEARLY_SAID
    heard = forced.likelihood if clear else model.hear(begun, forced)
    match = probability(evidence + log_odds(prior))
    return _answer(model, found, match, heard.text, found["prompt"], evidence, prior)


def for_model(
    samples: NDArray[np.float32], kind: Kind, *, is_lone: bool = False
) -> NDArray[np.float32]:
    """Gain for all; for keywords, silence around them as well, more where no other is known."""
    margin_s = LONE_KEYWORD_MARGIN_S if is_lone else KEYWORD_MARGIN_S
    return prepare(samples, margin_s=margin_s if kind == "keyword" else 0.0)


def begin(model: Moonshine, encoded: Encoded, prompt: str) -> Begun:
    """Reads the prompt as it is written; `measure` goes on from there."""
    return model.begin(encoded, as_written(prompt))


def measure(
    model: Moonshine, begun: Begun, prompt: str, rivals: Iterable[str] = ()
) -> tuple[dict[str, float], Forced]:
    """Returns the features that the model gives, and the likeliest spelling of the prompt.

    All are logarithms of likelihoods and of their ratios:
    - `prompt`: mean per token of the prompt, in the likeliest of its spellings
    - `behind_likeliest`: how far its tokens are behind the likeliest in their places, mean
    - `worst_behind`: the same of the token that is farthest behind: one wrong word hides in a mean
    - `over_empty`: ratio to the empty text, per token of the prompt
    - `over_competitor`: only where there are `rivals`: see `rivals_of`
    """
    spellings = [model.force(begun, as_written(text)) for text in variants(prompt)]
    best = max(spellings, key=lambda spelling: spelling.likelihood.mean)
    wanted = best.likelihood
    (empty,) = model.log_likelihoods(begun, [""])
    features = {
        "prompt": wanted.mean,
        "behind_likeliest": wanted.mean_behind,
        "worst_behind": wanted.worst_behind,
        "over_empty": (wanted.total - empty.total) / len(wanted.tokens),
    }
    over = over_competitor(model, begun, wanted, rivals)
    return features if over is None else features | {"over_competitor": over}, best


def shortness(speech: Speech, text: str) -> float:
    """The logarithm of how much shorter the speech is than so many letters take, at most 0.

    It is no ground for doubt that somebody speaks slowly.
    """
    if speech.start_sample is None or speech.end_sample is None:
        return 0.0
    span_s = (speech.end_sample - speech.start_sample) / SAMPLING_RATE_HZ
    expected_s = SECONDS_A_TEXT + SECONDS_A_LETTER * sum(char.isalnum() for char in text)
    return min(0.0, math.log(max(span_s, 0.1) / expected_s))


def model_for(kind: Kind, features: Mapping[str, float]) -> str:
    """A keyword told from others is weighed otherwise than one on its own."""
    return f"{kind}_among_others" if "over_competitor" in features else kind


@lru_cache(maxsize=1)
def calibration() -> Coefficients:
    """Reads `coefficients.json` once in each process.

    Raises CoefficientsError where it was made for other features than this program measures.
    """
    return checked(Coefficients.from_dict(json.loads(SHIPPED.read_text("utf-8"))))


def checked(coefficients: Coefficients) -> Coefficients:
    """Returns the coefficients. Raises CoefficientsError where they weigh other features."""
    weighed = {name: set(layer.coefficients) for name, layer in coefficients.layers.items()}
    known = {name: set(features) for name, features in FEATURES.items()}
    if weighed != known:
        raise CoefficientsError(
            f"The coefficients weigh {weighed}, but this program measures {known}: "
            "make the file again with `manage.py calibrate`."
        )
    return coefficients


def _answer(
    model: Moonshine,
    features: dict[str, float],
    match: float | None = None,
    heard: str = "",
    log_likelihood: float | None = None,
    evidence: float | None = None,
    prior: float = EVEN_ODDS,
) -> Score:
    versioned = features | {"calibration": float(calibration().version)}
    return Score(match, heard, log_likelihood, versioned, model.name, model.sha256, evidence, prior)
