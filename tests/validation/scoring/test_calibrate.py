"""The calibration cuts, tries and judges as it says."""

import numpy as np
import pytest

from tests.validation.scoring.conftest import AUDIO
from validation.scoring import Moonshine
from validation.scoring.calibrate import (
    FEATURES,
    RIGHT,
    Trial,
    cut,
    figures,
    read_clips,
    train,
    trials,
)


def trial(what: str, value: float) -> Trial:
    return Trial("s", what, "keyword", dict.fromkeys(FEATURES, value), similarity=value)


def test_a_cut_takes_two_fifths_of_the_speech() -> None:
    samples = np.repeat(np.float32([0, 0.5, 0]), [1_000, 10_000, 1_000])
    assert cut(samples, at_start=False).size == pytest.approx(7_000, abs=200)
    assert cut(samples, at_start=True).size == pytest.approx(7_000, abs=200)
    assert cut(samples, at_start=True)[-1] == 0
    assert cut(samples, at_start=True)[0] == 0.5


def test_figures_count_pairs_in_the_right_order_and_ties_half() -> None:
    made = [trial(RIGHT, 2.0), trial(RIGHT, 1.0), trial("other", 1.0), trial("other", 0.0)]
    found = figures(made, lambda t: t.similarity, lambda t: True)
    assert (found.right, found.wrong) == (2, 2)
    assert found.auc == 0.875
    assert found.recall == 1.0


def test_the_figures_leave_out_what_they_are_told_to() -> None:
    made = [trial(RIGHT, 1.0), trial("other", 0.0), trial("cut", 2.0)]
    assert figures(made, lambda t: t.similarity, lambda t: t.what != "cut").auc == 1.0
    assert figures(made, lambda t: t.similarity, lambda t: t.what == "cut").auc == 0.0


def test_trials_on_real_speech_train_a_model_that_tells_them_apart(model: Moonshine) -> None:
    clips = [clip for clip in read_clips(AUDIO / "manifest.jsonl") if clip.source == "wwb"]
    made = trials(model, clips, np.random.default_rng(0))
    assert {made_trial.what for made_trial in made} == {RIGHT, "other", "nearest", "cut"}
    whole = [t for t in made if t.model == "keyword" and t.what != "cut"]
    logistic = train(whole, FEATURES)
    found = figures(whole, lambda t: logistic.probability(t.features), lambda t: True)
    assert found.auc == 1.0
