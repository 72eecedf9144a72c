"""Logistic regression: several figures about a clip made into the odds that it is right."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

RIDGE = 1.0
MAX_STEPS = 100
MAX_HALVINGS = 40
TOLERANCE = 1e-8

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Logistic:
    """log(P / (1 - P)) = intercept + sum of coefficient x feature."""

    intercept: float
    coefficients: Mapping[str, float]
    scales: Mapping[str, float] = field(default_factory=dict)
    """How far each feature strayed in the data of the fit (standard deviation)."""

    def log_odds(self, features: Mapping[str, float]) -> float:
        """Raises KeyError where a feature is missing; further ones are left out."""
        return self.intercept + math.fsum(
            weight * features[name] for name, weight in self.coefficients.items()
        )

    def probability(self, features: Mapping[str, float]) -> float:
        """0 to 1, at even odds. Raises KeyError where a feature is missing."""
        return probability(self.log_odds(features))


def probability(log_odds: float) -> float:
    """0 to 1, for any finite `log_odds`."""
    return 0.5 * (1.0 + math.tanh(log_odds / 2))


def log_odds(probability: float) -> float:
    """The inverse of `probability`. Raises ValueError at and beyond 0 and 1."""
    if not 0 < probability < 1:
        raise ValueError(f"Odds take a probability between 0 and 1, not {probability}.")
    return math.log(probability / (1 - probability))


def fit(
    names: Sequence[str],
    features: Floats,
    labels: Floats,
    weights: Floats,
    *,
    ridge: float = RIDGE,
) -> Logistic:
    """Fits by Newton's method (Hastie et al., The Elements of Statistical Learning, 4.4.1).

    `features`: (n, d), a column for each name; `labels`: (n,) of 0 and 1; `weights`: (n,).
    A ridge on the standardised coefficients keeps them finite where the classes separate fully.
    Raises RuntimeError where the steps do not settle.
    """
    scales = features.std(axis=0)
    scales[scales == 0] = 1.0
    start = Logistic(0.0, dict.fromkeys(names, 0.0), dict(zip(names, scales.tolist(), strict=True)))
    stiffness = np.array([0.0, *np.full(len(names), ridge)])
    return fit_towards(start, features, labels, weights, np.zeros(len(labels)), stiffness)


def fit_towards(
    start: Logistic,
    features: Floats,
    labels: Floats,
    weights: Floats,
    offsets: Floats,
    stiffness: Floats,
) -> Logistic:
    """Fits with a Gaussian prior around `start`: the posterior's mode, by Newton's method.

    Columns of `features` stand in the order of the coefficients of `start`, and are measured in
    its scales. `offsets`: (n,) log-odds known from elsewhere; `stiffness`: (1 + d,) the prior's
    precision for intercept and coefficients, in units of the scales.
    Raises RuntimeError where the steps do not settle.
    """
    names = list(start.coefficients)
    scales = np.array([start.scales[name] for name in names])
    # The centre steadies the sums; it does not move the optimum, as the intercept is carried over.
    centre = np.average(features, axis=0, weights=weights)
    design = np.column_stack([np.ones(len(features)), (features - centre) / scales])
    slopes = np.array([start.coefficients[name] for name in names])
    origin = np.array([start.intercept + slopes @ centre, *(slopes * scales)])
    beta = origin.copy()
    posterior = _Posterior(design, labels, weights, offsets, stiffness, origin)
    for _ in range(MAX_STEPS):
        step = posterior.step_from(beta)
        beta += step
        if np.abs(step).max() < TOLERANCE:
            slopes = beta[1:] / scales
            return Logistic(
                intercept=float(beta[0] - slopes @ centre),
                coefficients=dict(zip(names, slopes.tolist(), strict=True)),
                scales=dict(start.scales),
            )
    raise RuntimeError(f"The fit did not settle in {MAX_STEPS} steps: look for odd features.")


@dataclass(frozen=True, eq=False)
class _Posterior:
    """What is to be made as large as possible, and the way up."""

    design: Floats
    labels: Floats
    weights: Floats
    offsets: Floats
    stiffness: Floats
    origin: Floats

    def __call__(self, beta: Floats) -> float:
        """The log of the posterior density, but for a constant."""
        log_odds = self.design @ beta + self.offsets
        likelihood = self.weights @ (self.labels * log_odds - np.logaddexp(0.0, log_odds))
        return float(likelihood - self.stiffness @ (beta - self.origin) ** 2 / 2)

    def step_from(self, beta: Floats) -> Floats:
        """Newton's step, halved until it leads upwards.

        Full steps may leap over the top and back for ever, far out on the tails.
        """
        step, here = self._newton_step(beta), self(beta)
        for _ in range(MAX_HALVINGS):
            if self(beta + step) >= here:
                return step
            step = step / 2
        return np.zeros_like(step)  # no better place is left that the arithmetic can tell

    def _newton_step(self, beta: Floats) -> Floats:
        fitted = 0.5 * (1.0 + np.tanh((self.design @ beta + self.offsets) / 2))
        pull = self.stiffness * (beta - self.origin)
        gradient = self.design.T @ (self.weights * (self.labels - fitted)) - pull
        curvature = self.weights * fitted * (1 - fitted)
        hessian = (self.design * curvature[:, np.newaxis]).T @ self.design
        hessian += np.diag(self.stiffness) + 1e-9 * np.eye(len(beta))
        return np.asarray(np.linalg.solve(hessian, gradient))
