"""Logistic regression: several figures about a clip made into one probability."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RIDGE = 1.0
MAX_STEPS = 100
TOLERANCE = 1e-8


@dataclass(frozen=True)
class Logistic:
    """P = 1 / (1 + exp(-(intercept + sum of coefficient x feature)))."""

    intercept: float
    coefficients: Mapping[str, float]

    def probability(self, features: Mapping[str, float]) -> float:
        """0 to 1. Raises KeyError where a feature is missing; further ones are left out."""
        logit = self.intercept + math.fsum(
            weight * features[name] for name, weight in self.coefficients.items()
        )
        return 0.5 * (1.0 + math.tanh(logit / 2))


def fit(
    names: Sequence[str],
    features: NDArray[np.float64],
    labels: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> Logistic:
    """Fits by Newton's method (Hastie et al., The Elements of Statistical Learning, 4.4.1).

    `features`: (n, d), a column for each name; `labels`: (n,) of 0 and 1; `weights`: (n,).
    A ridge on the standardised coefficients keeps them finite where the classes separate fully.
    Raises RuntimeError where the steps do not settle.
    """
    centre, scale = features.mean(axis=0), features.std(axis=0)
    design = np.column_stack([np.ones(len(features)), (features - centre) / scale])
    ridge = RIDGE * np.diag([0.0, *np.ones(len(names))])
    beta = np.zeros(design.shape[1])
    for _ in range(MAX_STEPS):
        step = _newton_step(design, labels, weights, ridge, beta)
        beta += step
        if np.abs(step).max() < TOLERANCE:
            slopes = beta[1:] / scale
            return Logistic(
                intercept=float(beta[0] - slopes @ centre),
                coefficients=dict(zip(names, slopes.tolist(), strict=True)),
            )
    raise RuntimeError(f"The fit did not settle in {MAX_STEPS} steps: look for odd features.")


def _newton_step(
    design: NDArray[np.float64],
    labels: NDArray[np.float64],
    weights: NDArray[np.float64],
    ridge: NDArray[np.float64],
    beta: NDArray[np.float64],
) -> NDArray[np.float64]:
    probability = 0.5 * (1.0 + np.tanh(design @ beta / 2))
    gradient = design.T @ (weights * (labels - probability)) - ridge @ beta
    curvature = weights * probability * (1 - probability)
    hessian = (design * curvature[:, np.newaxis]).T @ design + ridge
    return np.asarray(np.linalg.solve(hessian, gradient))
