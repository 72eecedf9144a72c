"""What reviewers' verdicts teach: the match's last layer refitted for one campaign.

The features stay as they were stored; only the weights on them move. They move from the shipped
coefficients as far as the verdicts ask for and a Gaussian prior around the shipped ones allows
(maximum a posteriori; the method of Chelba and Acero 2004, "Adaptation of Maximum Entropy
Capitalizer", https://aclanthology.org/W04-3237). A keyword that is always heard better or worse
than others gets a shift of its own, shrunk towards none by how few verdicts there are. All of it
is kept only where it foretells held-out verdicts better.

Pure: knows neither the database nor the queue.
"""

import hashlib
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from validation.scoring.coefficients import Coefficients
from validation.scoring.logistic import Logistic, fit_towards, log_odds, probability

MIN_EXAMPLES: Final = 30
FOLDS: Final = 5
NUM_BINS: Final = 10
# A priori, a campaign's intercept strays from the shipped one by about 1 (a factor of e in the
# odds), a coefficient by 0.5 in units of its feature's scale, and a prompt's shift by 0.7.
STIFFNESS_INTERCEPT: Final = 1.0
STIFFNESS_COEFFICIENT: Final = 4.0
STIFFNESS_PROMPT: Final = 2.0
# As if this many verdicts had been seen at the share that was expected.
PRIOR_WEIGHT: Final = 10.0
MAX_SHIFT_STEPS: Final = 50


@dataclass(frozen=True)
class Example:
    """One reviewed clip."""

    layer: str
    """Which layer made its match: `Score.layer`."""
    features: Mapping[str, float]
    """As stored with its pre-score."""
    right: bool
    """What people decided."""
    prompt: str
    """The prompt's id; for sentences it is not looked at."""
    group: str
    """Whose clip it is, such as the speaker's id: one group is never on both sides of the check."""
    weight: float = 1.0
    """How many clips it stands for: 1 / the chance that this clip was picked for review."""


@dataclass(frozen=True)
class Bin:
    """One bar of a reliability diagram (Murphy and Winkler 1977)."""

    lowest: float
    highest: float
    count: int
    expected: float
    """The mean match in this bin."""
    observed: float
    """The share of clips that people found right."""


@dataclass(frozen=True)
class Recalibration:
    """What a campaign's verdicts made of the shipped coefficients. Stored as JSON (`as_dict`)."""

    coefficients: Coefficients
    prompt_shifts: Mapping[str, float]
    """By prompt id, in log-odds; a prompt that is missing has none."""
    prior: float
    """The campaign's share of right clips, as the verdicts tell."""
    num_examples: int
    log_loss_before: float
    """Of held-out verdicts, in nats a clip, with the shipped coefficients."""
    log_loss_after: float
    reliability: tuple[Bin, ...]
    """Of held-out verdicts, after."""

    def match(self, layer: str, features: Mapping[str, float], prompt: str = "") -> float:
        """0 to 1: that the clip says its prompt."""
        return probability(self.evidence(layer, features, prompt) + log_odds(self.prior))

    def evidence(self, layer: str, features: Mapping[str, float], prompt: str = "") -> float:
        """The log-odds at even odds, with the prompt's shift."""
        shift = self.prompt_shifts.get(prompt, 0.0)
        return self.coefficients.evidence(layer, features) + shift

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Recalibration":
        """Raises CoefficientsError where the coefficients are not whole."""
        fields = dict(stored)
        fields["coefficients"] = Coefficients.from_dict(stored["coefficients"])
        fields["reliability"] = tuple(Bin(**bar) for bar in stored["reliability"])
        return cls(**fields)


def recalibrate(
    examples: Sequence[Example], base: Coefficients, prior: float = 0.5
) -> Recalibration | None:
    """Refits `base` to a campaign's verdicts; None where that would not foretell them better.

    `prior`: the share of right clips that the campaign's matches assume so far. None also where
    there are fewer than 30 examples. The check is five-fold, with groups kept together.
    Examples of an unknown layer, or stored before a feature was known, are left out.
    """
    known = [example for example in examples if _fits(example, base)]
    if len(known) < MIN_EXAMPLES:
        return None
    before = [probability(base.evidence(e.layer, e.features) + log_odds(prior)) for e in known]
    after = _held_out(known, base, prior)
    loss_before, loss_after = log_loss(known, before), log_loss(known, after)
    if not loss_after < loss_before:
        return None
    fitted = _fit(known, base, prior)
    return Recalibration(
        fitted.coefficients,
        fitted.prompt_shifts,
        fitted.prior,
        len(known),
        loss_before,
        loss_after,
        reliability([example.right for example in known], after),
    )


def log_loss(examples: Sequence[Example], matches: Sequence[float]) -> float:
    """Nats a clip, weighted; 0.69 is what a coin is worth, 0 is certainty that was right."""
    losses = [
        -e.weight * math.log(max(match if e.right else 1 - match, 1e-9))
        for e, match in zip(examples, matches, strict=True)
    ]
    return math.fsum(losses) / math.fsum(e.weight for e in examples)


def reliability(
    right: Sequence[bool], matches: Sequence[float], num_bins: int = NUM_BINS
) -> tuple[Bin, ...]:
    """The bars of a reliability diagram over bins of equal width; empty ones are left out."""
    at = np.minimum((np.array(matches) * num_bins).astype(int), num_bins - 1)
    truth, said = np.array(right, dtype=float), np.array(matches)
    return tuple(
        Bin(
            lowest=index / num_bins,
            highest=(index + 1) / num_bins,
            count=int(np.count_nonzero(at == index)),
            expected=float(said[at == index].mean()),
            observed=float(truth[at == index].mean()),
        )
        for index in np.unique(at).tolist()
    )


def calibration_error(bins: Sequence[Bin]) -> float:
    """The expected calibration error (Naeini et al. 2015): |expected - observed|, by clips."""
    total = sum(bar.count for bar in bins)
    return math.fsum(bar.count * abs(bar.expected - bar.observed) for bar in bins) / total


@dataclass(frozen=True)
class _Fit:
    coefficients: Coefficients
    prompt_shifts: Mapping[str, float]
    prior: float

    def match(self, example: Example) -> float:
        evidence = self.coefficients.evidence(example.layer, example.features)
        shift = self.prompt_shifts.get(example.prompt, 0.0)
        return probability(evidence + shift + log_odds(self.prior))


def _fits(example: Example, base: Coefficients) -> bool:
    layer = base.layers.get(example.layer)
    return layer is not None and all(name in example.features for name in layer.coefficients)


def _held_out(examples: Sequence[Example], base: Coefficients, prior: float) -> list[float]:
    """Each example's match by a fit that saw nothing of its group."""
    folds = [_fold(example.group) for example in examples]
    matches = [0.0] * len(examples)
    for fold in sorted(set(folds)):
        rest = [e for e, its in zip(examples, folds, strict=True) if its != fold]
        fitted = _fit(rest, base, prior)
        for index, its in enumerate(folds):
            if its == fold:
                matches[index] = fitted.match(examples[index])
    return matches


def _fold(group: str) -> int:
    # Not `hash`: it differs from process to process, and the check must come out the same.
    return int.from_bytes(hashlib.sha256(group.encode()).digest()[:4]) % FOLDS


def _fit(examples: Sequence[Example], base: Coefficients, prior: float) -> _Fit:
    share = _share_right(examples, prior)
    layers = dict(base.layers)
    for name in sorted({example.layer for example in examples}):
        mine = [example for example in examples if example.layer == name]
        layers[name] = _fit_layer(mine, base.layers[name], log_odds(share))
    coefficients = Coefficients(base.version, base.model_sha256, base.data_sha256, layers)
    return _Fit(coefficients, _prompt_shifts(examples, coefficients, log_odds(share)), share)


def _share_right(examples: Sequence[Example], prior: float) -> float:
    total = math.fsum(example.weight for example in examples)
    right = math.fsum(example.weight for example in examples if example.right)
    return (right + PRIOR_WEIGHT * prior) / (total + PRIOR_WEIGHT)


def _fit_layer(examples: Sequence[Example], base: Logistic, offset: float) -> Logistic:
    names = list(base.coefficients)
    features = np.array([[example.features[name] for name in names] for example in examples])
    stiffness = np.array([STIFFNESS_INTERCEPT, *np.full(len(names), STIFFNESS_COEFFICIENT)])
    return fit_towards(
        base,
        features,
        np.array([float(example.right) for example in examples]),
        np.array([example.weight for example in examples]),
        np.full(len(examples), offset),
        stiffness,
    )


def _prompt_shifts(
    examples: Sequence[Example], coefficients: Coefficients, offset: float
) -> dict[str, float]:
    by_prompt: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        if example.layer.startswith("keyword"):
            by_prompt[example.prompt].append(example)
    return {
        prompt: _shift(
            [coefficients.evidence(e.layer, e.features) + offset for e in said],
            [float(e.right) for e in said],
            [e.weight for e in said],
        )
        for prompt, said in sorted(by_prompt.items())
    }


def _shift(known: Sequence[float], right: Sequence[float], weights: Sequence[float]) -> float:
    """The mode of one shift's posterior, by Newton's method; the prior is centred on none."""
    odds, truth, weight = np.array(known), np.array(right), np.array(weights)
    shift = 0.0
    for _ in range(MAX_SHIFT_STEPS):
        fitted = 0.5 * (1.0 + np.tanh((odds + shift) / 2))
        slope = float(weight @ (truth - fitted)) - STIFFNESS_PROMPT * shift
        step = slope / (float(weight @ (fitted * (1 - fitted))) + STIFFNESS_PROMPT)
        shift += max(-1.0, min(1.0, step))
        if abs(step) < 1e-8:
            break
    return shift
