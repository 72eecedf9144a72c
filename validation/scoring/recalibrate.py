"""What reviewers' verdicts teach: the match's last layer refitted for one campaign.

The features stay as they were stored; only the weights on them move. They move from the shipped
coefficients as far as the verdicts ask for and a Gaussian prior around the shipped ones allows
(maximum a posteriori; the method of Chelba and Acero 2004, "Adaptation of Maximum Entropy
Capitalizer", https://aclanthology.org/W04-3237). A keyword that is always heard better or worse
than others gets a shift of its own, shrunk towards none by how few verdicts there are. The share of
right clips is learned apart, and only from a fair sample. Something is kept only where it foretells
the verdicts on held-out speakers better than everything simpler, by more than chance explains.

Pure: knows neither the database nor the queue.
"""

import hashlib
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np

from validation.scoring.coefficients import Coefficients
from validation.scoring.logistic import Logistic, fit_towards, log_odds, probability

MIN_EXAMPLES: Final = 30
# Of one kind of verdict alone nothing can be learned but to expect it.
MIN_OF_EACH: Final = 5
# A gain has to be so many times its own standard error.
MARGIN: Final = 2.0
# Fewer speakers tell nothing of what the next one would find.
MIN_GROUPS: Final = 5
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
    """What people found, without the machine's part in the verdict."""
    prompt: str
    """The prompt's id; for sentences it is not looked at."""
    group: str
    """Whose clip it is, such as the speaker's id: one group is never on both sides of the check."""
    is_fair: bool = False
    """Belongs to a sample that was drawn without regard to what the machine said."""


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
    """The campaign's share of right clips: what was assumed, or what a fair sample told."""
    num_examples: int
    log_loss_before: float
    """Of the same verdicts, in nats a clip, with what was in force: else, with the shipped."""
    log_loss_after: float
    """Of held-out verdicts."""
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
    examples: Sequence[Example],
    base: Coefficients,
    prior: float = 0.5,
    in_force: Recalibration | None = None,
) -> Recalibration | None:
    """Refits `base` to a campaign's verdicts; None where that would not foretell them better.

    `prior`: the share of right clips that the campaign's matches assume so far; `in_force`: what
    was made of the same `base` before. First the prior is tried alone, then everything: each has
    to beat the shipped coefficients, what is in force, and what was tried before it (`is_better`).
    None also where there are fewer than 30 examples; a layer with fewer than five of either
    verdict stays as it is, and so does the prior. The check is five-fold, with groups kept
    together. Examples of an unknown layer, or stored before a feature was known, are left out.
    """
    known = [example for example in examples if _fits(example, base)]
    if len(known) < MIN_EXAMPLES:
        return None
    shipped = _Fit(base, {}, prior)
    standing = [shipped] if in_force is None else [shipped, _Fit.of(in_force)]
    rivals = [_losses(known, [fit.match(e) for e in known]) for fit in standing]
    before, kept = _mean(rivals[-1]), None
    for learn in _attempts(known, shipped):
        matches = _held_out(known, learn)
        losses = _losses(known, matches)
        if all(is_better(rival, losses, [e.group for e in known]) for rival in rivals):
            kept = learn, matches
        rivals.append(losses)
    return None if kept is None else _as_recalibration(known, before, *kept)


def has_failed(
    in_force: Recalibration, examples: Sequence[Example], base: Coefficients, prior: float = 0.5
) -> bool:
    """Whether the shipped coefficients foretell the verdicts better than what is in force."""
    known = [example for example in examples if _fits(example, base)]
    learned, shipped = (
        _losses(known, [fit.match(e) for e in known])
        for fit in (_Fit.of(in_force), _Fit(base, {}, prior))
    )
    return is_better(learned, shipped, [e.group for e in known])


def is_better(before: Sequence[float], after: Sequence[float], groups: Sequence[str]) -> bool:
    """Whether losses fell by more than chance explains: by two standard errors of the mean gain.

    What one speaker's clips say is not independent, so the error is that of a mean over `groups`
    (the cluster-robust one of Liang and Zeger 1986). Of fewer than five groups nothing can be told.
    """
    gains = np.array(before) - np.array(after)
    _, at = np.unique(np.array(groups), return_inverse=True)
    num_groups = int(at.max(initial=-1)) + 1
    if num_groups < MIN_GROUPS:
        return False
    mean = float(gains.mean())
    strayed = np.bincount(at, gains - mean)
    error = math.sqrt(num_groups / (num_groups - 1) * float(strayed @ strayed)) / len(gains)
    return mean > MARGIN * error


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

    @classmethod
    def of(cls, learned: Recalibration) -> "_Fit":
        return cls(learned.coefficients, learned.prompt_shifts, learned.prior)

    def match(self, example: Example) -> float:
        evidence = self.coefficients.evidence(example.layer, example.features)
        shift = self.prompt_shifts.get(example.prompt, 0.0)
        return probability(evidence + shift + log_odds(self.prior))


_Learn = Callable[[Sequence[Example]], _Fit]


def _fits(example: Example, base: Coefficients) -> bool:
    layer = base.layers.get(example.layer)
    return layer is not None and all(name in example.features for name in layer.coefficients)


def _losses(examples: Sequence[Example], matches: Sequence[float]) -> list[float]:
    """Nats; 0.69 is what a coin is worth, 0 is certainty that was right."""
    return [
        -math.log(max(match if e.right else 1 - match, 1e-9))
        for e, match in zip(examples, matches, strict=True)
    ]


def _mean(losses: Sequence[float]) -> float:
    return math.fsum(losses) / len(losses)


def _attempts(examples: Sequence[Example], shipped: _Fit) -> Iterator[_Learn]:
    """Ways to learn from some of the examples, the simplest one first."""
    # What may be learned is told by all of them, so that each fold learns the same.
    learns_prior = _tell_both([e for e in examples if e.is_fair])
    layers = sorted({e.layer for e in examples})
    taught = [name for name in layers if _tell_both([e for e in examples if e.layer == name])]

    def prior_alone(some: Sequence[Example]) -> _Fit:
        return replace(shipped, prior=_share_right(some, shipped.prior))

    def everything(some: Sequence[Example]) -> _Fit:
        return _fit(some, taught, prior_alone(some) if learns_prior else shipped)

    if learns_prior:
        yield prior_alone
    if taught:
        yield everything


def _tell_both(examples: Sequence[Example]) -> bool:
    num_right = sum(example.right for example in examples)
    return min(num_right, len(examples) - num_right) >= MIN_OF_EACH


def _held_out(examples: Sequence[Example], learn: _Learn) -> list[float]:
    """Each example's match by a fit that saw nothing of its group."""
    folds = [_fold(example.group) for example in examples]
    matches = [0.0] * len(examples)
    for fold in sorted(set(folds)):
        rest = [e for e, its in zip(examples, folds, strict=True) if its != fold]
        fitted = learn(rest)
        for index, its in enumerate(folds):
            if its == fold:
                matches[index] = fitted.match(examples[index])
    return matches


def _as_recalibration(
    examples: Sequence[Example], loss_before: float, learn: _Learn, matches: Sequence[float]
) -> Recalibration:
    fitted = learn(examples)
    return Recalibration(
        fitted.coefficients,
        fitted.prompt_shifts,
        fitted.prior,
        len(examples),
        loss_before,
        _mean(_losses(examples, matches)),
        reliability([example.right for example in examples], matches),
    )


def _fold(group: str) -> int:
    # Not `hash`: it differs from process to process, and the check must come out the same.
    return int.from_bytes(hashlib.sha256(group.encode()).digest()[:4]) % FOLDS


def _fit(examples: Sequence[Example], taught: Sequence[str], start: _Fit) -> _Fit:
    """The layers that were taught, refitted, with shifts of their prompts; the prior is given."""
    offset, base = log_odds(start.prior), start.coefficients
    mine = {name: [e for e in examples if e.layer == name] for name in taught}
    refitted = {name: _fit_layer(es, base.layers[name], offset) for name, es in mine.items() if es}
    coefficients = replace(base, layers={**base.layers, **refitted})
    used = [example for name in taught for example in mine[name]]
    return _Fit(coefficients, _prompt_shifts(used, coefficients, offset), start.prior)


def _share_right(examples: Sequence[Example], prior: float) -> float:
    fair = [example.right for example in examples if example.is_fair]
    return (sum(fair) + PRIOR_WEIGHT * prior) / (len(fair) + PRIOR_WEIGHT)


def _fit_layer(examples: Sequence[Example], base: Logistic, offset: float) -> Logistic:
    names = list(base.coefficients)
    features = np.array([[example.features[name] for name in names] for example in examples])
    stiffness = np.array([STIFFNESS_INTERCEPT, *np.full(len(names), STIFFNESS_COEFFICIENT)])
    return fit_towards(
        base,
        features,
        np.array([float(example.right) for example in examples]),
        np.ones(len(examples)),
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
        )
        for prompt, said in sorted(by_prompt.items())
    }


def _shift(known: Sequence[float], right: Sequence[float]) -> float:
    """The mode of one shift's posterior, by Newton's method; the prior is centred on none."""
    odds, truth = np.array(known), np.array(right)
    shift = 0.0
    for _ in range(MAX_SHIFT_STEPS):
        fitted = 0.5 * (1.0 + np.tanh((odds + shift) / 2))
        slope = float((truth - fitted).sum()) - STIFFNESS_PROMPT * shift
        step = slope / (float((fitted * (1 - fitted)).sum()) + STIFFNESS_PROMPT)
        shift += max(-1.0, min(1.0, step))
        if abs(step) < 1e-8:
            break
    return shift
