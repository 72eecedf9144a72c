"""The fit finds what made the data, and stays finite where nothing is left to doubt."""

import numpy as np
import pytest

from validation.scoring.logistic import Logistic, fit, fit_towards


def test_the_fit_finds_the_coefficients_that_made_the_data() -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(50_000, 2)) * [1.0, 10.0] + [3.0, -5.0]
    logits = -2.0 + 1.5 * features[:, 0] + 0.2 * features[:, 1]
    labels = (rng.random(50_000) < 1 / (1 + np.exp(-logits))).astype(float)
    found = fit(["a", "b"], features, labels, np.ones(50_000))
    assert found.intercept == pytest.approx(-2.0, abs=0.1)
    assert found.coefficients["a"] == pytest.approx(1.5, rel=0.05)
    assert found.coefficients["b"] == pytest.approx(0.2, rel=0.05)


def test_classes_that_separate_fully_give_finite_coefficients() -> None:
    features = np.array([[-1.0], [-2.0], [1.0], [2.0]])
    found = fit(["a"], features, np.array([0.0, 0.0, 1.0, 1.0]), np.ones(4))
    assert 0 < found.coefficients["a"] < 10
    assert found.probability({"a": -1.0}) < 0.5 < found.probability({"a": 1.0})


@pytest.mark.parametrize("seed", range(40))
def test_the_fit_settles_at_the_top_from_far_out_on_the_tails(seed: int) -> None:
    """Verdicts that contradict the start flatly: full Newton steps leap to and fro there."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(80, 2)) * [10.0, 3.0] - [20.0, 5.0]
    labels = (rng.random(80) < 0.2).astype(float)
    weights, offsets, stiffness = np.ones(80), np.full(80, -1.6), np.array([1.0, 4.0, 4.0])
    start = Logistic(6.0, {"a": 1.3, "b": 0.8}, {"a": 0.5, "b": 0.5})
    found = fit_towards(start, features, labels, weights, offsets, stiffness)

    def lost(intercept: float, a: float, b: float) -> float:
        """Minus the log posterior, written down once more; the prior holds at the centre."""
        slopes, centre = np.array([a, b]), features.mean(axis=0)
        log_odds = intercept + features @ slopes + offsets
        away = np.array([intercept + slopes @ centre, *(0.5 * slopes)])
        away -= [6.0 + np.array([1.3, 0.8]) @ centre, 0.65, 0.4]
        return float(np.logaddexp(0, log_odds).sum() - labels @ log_odds + stiffness @ away**2 / 2)

    best = (found.intercept, found.coefficients["a"], found.coefficients["b"])
    for nudge in rng.normal(size=(20, 3)) * 1e-3:
        assert lost(*best) <= lost(*(best + nudge))


@pytest.mark.parametrize(("logit", "probability"), [(0, 0.5), (2, 0.880797), (1e6, 1), (-1e6, 0)])
def test_the_probability_is_the_logistic_of_the_sum(logit: float, probability: float) -> None:
    model = Logistic(intercept=0.0, coefficients={"a": 1.0})
    assert model.probability({"a": logit, "unused": 9.0}) == pytest.approx(probability, abs=1e-6)


def test_a_missing_feature_is_an_error() -> None:
    with pytest.raises(KeyError, match="a"):
        Logistic(intercept=0.0, coefficients={"a": 1.0}).probability({})
