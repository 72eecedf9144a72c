"""What a score is worth: how well it ranks, and how true its probabilities are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

FALSE_ACCEPTS: Final = 0.01
NUM_BINS: Final = 10

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Figures:
    """A score on right and on wrong trials; higher scores should mean right."""

    right: int
    wrong: int
    auc: float
    """Area under the ROC curve: how often a right trial scores above a wrong one."""
    equal_error: float
    """Where as many right ones are refused as wrong ones are accepted."""
    recall: float
    """Of the right ones, at 1 % of the wrong ones accepted."""


def figures(right: Sequence[float], wrong: Sequence[float]) -> Figures:
    """Both must hold at least one score; ties count half in the area, and as refused else."""
    rights, wrongs = np.sort(np.array(right)), np.sort(np.array(wrong))
    below = np.searchsorted(wrongs, rights, "left")
    not_above = np.searchsorted(wrongs, rights, "right")
    return Figures(
        right=rights.size,
        wrong=wrongs.size,
        auc=float((below + not_above).mean() / 2 / wrongs.size),
        equal_error=_equal_error(rights, wrongs),
        recall=float(np.mean(rights > np.quantile(wrongs, 1 - FALSE_ACCEPTS))),
    )


def _equal_error(rights: Floats, wrongs: Floats) -> float:
    thresholds = np.unique(np.concatenate([rights, wrongs]))
    refused = np.searchsorted(rights, thresholds, "right") / rights.size
    accepted = 1 - np.searchsorted(wrongs, thresholds, "right") / wrongs.size
    at = int(np.argmin(np.abs(refused - accepted)))
    return float((refused[at] + accepted[at]) / 2)


def calibration_error(matches: Sequence[float], labels: Sequence[bool], weights: Floats) -> float:
    """Expected calibration error over ten bins of equal width (Naeini et al. 2015), weighted."""
    said, truth = np.array(matches), np.array(labels, dtype=float)
    at = np.minimum((said * NUM_BINS).astype(int), NUM_BINS - 1)
    gaps = [abs(np.sum(weights[at == i] * (said - truth)[at == i])) for i in range(NUM_BINS)]
    return float(np.sum(gaps) / weights.sum())
