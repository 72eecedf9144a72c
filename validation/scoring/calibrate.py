"""Fits the match's coefficients on trials of real speech. `manage.py calibrate` calls it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from validation.scoring.coefficients import Coefficients
from validation.scoring.figures import calibration_error, figures
from validation.scoring.logistic import Logistic, fit, probability
from validation.scoring.score import FEATURES
from validation.scoring.trials import CUT, CUT_PADDED, RIGHT, Clip, Trial, data_sha256
from validation.scoring.weights import MODEL_SHA256

FOLDS: Final = 5
RIDGE: Final = 1.0
CUT_SHARES: Final[Mapping[str, float]] = MappingProxyType({CUT: 0.12, CUT_PADDED: 0.02})
# Recorders leave margins; clips trimmed tight are there so that an edge is not all that counts.
MARGIN_WEIGHTS: Final[Mapping[str, float]] = MappingProxyType(
    {"own": 2.0, "added": 1.0, "none": 0.5}
)
# Of real corpora, some in a hundred do not say what their text claims. Trials so far on the wrong
# side (log-odds) would flatten the whole curve for the others.
OUTLIER_LOG_ODDS: Final = 2.5

Floats = NDArray[np.float64]


def weights(made: Sequence[Trial]) -> Floats:
    """Even odds of right and wrong; among the wrong, a fixed share of cut ones, the rest alike."""
    whats = np.array([trial.what for trial in made])
    margins = np.array([MARGIN_WEIGHTS[trial.margins] for trial in made])
    known = sorted({*whats.tolist()} - {RIGHT})
    cuts = {what: CUT_SHARES[what] for what in known if what in CUT_SHARES}
    others = [what for what in known if what not in cuts]
    left = 0.5 - sum(cuts.values())
    shares = {RIGHT: 0.5} | cuts | {what: left / len(others) for what in others}
    found = np.zeros(len(made))
    for what, share in shares.items():
        mine = whats == what
        found[mine] = share * margins[mine] / margins[mine].sum()
    return np.asarray(found * len(made) / found.sum())


def fit_layer(made: Sequence[Trial], layer: str) -> Logistic:
    """Fits one layer on the trials that have its features, and again without the outliers.

    A trimmed likelihood (Hadi and Luceno 1997), in one step. Nothing is trimmed where a layer is
    judged. Raises ValueError without right or wrong trials.
    """
    mine = [trial for trial in made if layer in trial.layers]
    if {trial.what == RIGHT for trial in mine} != {True, False}:
        raise ValueError(
            f"There are no right or no wrong trials for the layer {layer!r}: "
            "give clips of both kinds by more speakers."
        )
    first = _fit_all(mine, layer)
    return _fit_all([trial for trial in mine if not _is_outlier(first, trial)], layer)


def _is_outlier(logistic: Logistic, trial: Trial) -> bool:
    evidence = logistic.log_odds(trial.features)
    return (evidence if trial.what == RIGHT else -evidence) < -OUTLIER_LOG_ODDS


def _fit_all(made: Sequence[Trial], layer: str) -> Logistic:
    names = FEATURES[layer]
    features = np.array([[trial.features[name] for name in names] for trial in made])
    labels = np.array([float(trial.what == RIGHT) for trial in made])
    return fit(names, features, labels, weights(made), ridge=RIDGE)


def fold_of(speaker: str) -> int:
    """In which fifth of the speakers somebody is, whoever the others are."""
    return int.from_bytes(hashlib.sha256(speaker.encode()).digest()[:4]) % FOLDS


def held_out(
    made: Sequence[Trial], layer: str, groups: Sequence[str] | None = None
) -> dict[int, float]:
    """The evidence for each trial of a layer, by its index, from a fit without its speaker.

    `groups`: what to hold out instead, one name a trial; each name is then a fold of its own.
    """
    folds = [fold_of(t.speaker) for t in made] if groups is None else list(groups)
    evidence: dict[int, float] = {}
    for fold in sorted({*folds}, key=str):
        mine = [i for i, t in enumerate(made) if folds[i] == fold and layer in t.layers]
        if not mine:
            continue
        rest = [t for t, its in zip(made, folds, strict=True) if its != fold]
        logistic = fit_layer(rest, layer)
        evidence |= {i: logistic.log_odds(made[i].features) for i in mine}
    return evidence


def worth(made: Sequence[Trial], layer: str) -> dict[str, Any]:
    """What a layer is worth on speakers that it was not fitted on."""
    evidence = held_out(made, layer)
    right = [e for i, e in evidence.items() if made[i].what == RIGHT]
    wrong = [e for i, e in evidence.items() if made[i].what not in (RIGHT, *CUT_SHARES)]
    matches = [probability(e) for e in evidence.values()]
    tried = [made[i] for i in evidence]
    error = calibration_error(matches, [t.what == RIGHT for t in tried], weights(tried))
    return asdict(figures(right, wrong)) | {"calibration_error": error}


def calibrate(made: Sequence[Trial], clips: Sequence[Clip], version: int) -> Coefficients:
    """Fits all layers on all trials."""
    return Coefficients(
        version=version,
        model_sha256=MODEL_SHA256,
        data_sha256=data_sha256(clips),
        layers={name: fit_layer(made, name) for name in FEATURES},
    )


def as_file(
    coefficients: Coefficients, made: Sequence[Trial], clips: Iterable[Clip]
) -> dict[str, Any]:
    """What `coefficients.json` holds: the layers, where they come from, and their worth."""
    return coefficients.as_dict() | {
        "features": {name: list(features) for name, features in FEATURES.items()},
        "sources": sorted({clip.source for clip in clips}),
        "num_trials": len(made),
        "held_out": {name: worth(made, name) for name in FEATURES},
    }
