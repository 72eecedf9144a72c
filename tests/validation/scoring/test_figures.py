"""AUC, equal error, recall and calibration error on cases that one can count by hand."""

import numpy as np
import pytest

from validation.scoring.figures import calibration_error, figures


def test_pairs_in_the_right_order_count_and_ties_count_half() -> None:
    found = figures([2.0, 1.0], [1.0, 0.0])
    assert (found.right, found.wrong, found.auc, found.recall) == (2, 2, 0.875, 1.0)


def test_a_perfect_score_has_no_error() -> None:
    found = figures([3.0, 4.0], [1.0, 2.0])
    assert (found.auc, found.equal_error, found.recall) == (1.0, 0.0, 1.0)


def test_a_coin_has_an_even_error() -> None:
    values = np.arange(1_000.0)
    found = figures(values, values)
    assert found.auc == pytest.approx(0.5)
    assert found.equal_error == pytest.approx(0.5, abs=0.01)
    assert found.recall == pytest.approx(0.01, abs=0.002)


def test_matches_that_come_true_as_often_as_they_say_have_no_error() -> None:
    labels = [True] * 3 + [False]
    assert calibration_error([0.75] * 4, labels, np.ones(4)) == 0


def test_weights_say_how_many_clips_a_trial_stands_for() -> None:
    assert calibration_error([0.5, 0.5], [True, False], np.array([3.0, 1.0])) == 0.25
