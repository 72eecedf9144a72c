"""The fit finds what made the data, and stays finite where nothing is left to doubt."""

import numpy as np
import pytest

from validation.scoring.logistic import Logistic, fit


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


@pytest.mark.parametrize(("logit", "probability"), [(0, 0.5), (2, 0.880797), (1e6, 1), (-1e6, 0)])
def test_the_probability_is_the_logistic_of_the_sum(logit: float, probability: float) -> None:
    model = Logistic(intercept=0.0, coefficients={"a": 1.0})
    assert model.probability({"a": logit, "unused": 9.0}) == pytest.approx(probability, abs=1e-6)


def test_a_missing_feature_is_an_error() -> None:
    with pytest.raises(KeyError, match="a"):
        Logistic(intercept=0.0, coefficients={"a": 1.0}).probability({})
