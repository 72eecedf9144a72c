"""Verdicts move the coefficients where that foretells held-out verdicts better, and only there."""

import json

import numpy as np
import pytest

from validation.scoring.coefficients import Coefficients, CoefficientsError
from validation.scoring.logistic import Logistic, probability
from validation.scoring.recalibrate import (
    MIN_EXAMPLES,
    Example,
    Recalibration,
    calibration_error,
    recalibrate,
    reliability,
)

BASE = Coefficients(
    version=1,
    model_sha256="m",
    data_sha256="d",
    layers={
        "keyword": Logistic(0.0, {"a": 1.0}, {"a": 2.0}),
        "sentence": Logistic(1.0, {"a": 1.0, "b": 0.5}, {"a": 2.0, "b": 1.0}),
    },
)


def examples(
    count: int,
    *,
    intercept: float = 0.0,
    slope: float = 1.0,
    shifts: dict[str, float] | None = None,
    layer: str = "keyword",
) -> list[Example]:
    """Verdicts of a campaign whose truth has another intercept, slope or prompts of its own."""
    rng = np.random.default_rng(1)
    prompts = list(shifts or {"one": 0.0, "two": 0.0})
    made = []
    for index in range(count):
        value, prompt = float(rng.normal(0, 2)), prompts[index % len(prompts)]
        chance = probability(intercept + slope * value + (shifts or {}).get(prompt, 0.0))
        right = bool(rng.random() < chance)
        features = {"a": value, "b": 0.0}
        made.append(Example(layer, features, right, prompt, group=f"speaker {index % 20}"))
    return made


def test_too_few_verdicts_change_nothing() -> None:
    assert recalibrate(examples(MIN_EXAMPLES - 1, intercept=3.0), BASE) is None


def test_verdicts_that_agree_with_the_match_change_nothing() -> None:
    assert recalibrate(examples(40), BASE) is None


def test_a_campaign_with_other_odds_is_learned() -> None:
    found = recalibrate(examples(2_000, intercept=2.0), BASE)
    assert found is not None
    assert found.log_loss_after < found.log_loss_before - 0.1
    assert found.match("keyword", {"a": 0.0}) == pytest.approx(probability(2.0), abs=0.03)
    assert calibration_error(found.reliability) < 0.03


def test_a_feature_that_says_more_there_gets_more_weight() -> None:
    found = recalibrate(examples(3_000, slope=2.5), BASE)
    assert found is not None
    assert found.coefficients.layers["keyword"].coefficients["a"] == pytest.approx(2.5, abs=0.4)


def test_a_few_verdicts_move_the_coefficients_a_little() -> None:
    few, many = (recalibrate(examples(n, intercept=3.0), BASE) for n in (40, 2_000))
    assert few is not None and many is not None
    assert 0.5 < few.match("keyword", {"a": 0.0}) < many.match("keyword", {"a": 0.0})


def test_a_word_that_the_model_hears_badly_gets_a_shift_of_its_own() -> None:
    found = recalibrate(examples(1_000, shifts={"TUM": 3.0, "yes": 0.0, "no": 0.0}), BASE)
    assert found is not None
    assert found.prompt_shifts["TUM"] > found.prompt_shifts["yes"] + 1.5
    assert found.match("keyword", {"a": 0.0}, "TUM") > found.match("keyword", {"a": 0.0}, "yes")
    assert found.evidence("keyword", {"a": 0.0}, "a new word") == pytest.approx(
        found.coefficients.evidence("keyword", {"a": 0.0})
    )


def test_sentences_get_no_shift_of_their_own() -> None:
    made = examples(500, shifts={"one": 4.0, "two": 0.0}, intercept=1.0, layer="sentence")
    found = recalibrate(made, BASE)
    assert found is not None
    assert found.prompt_shifts == {}
    assert found.coefficients.layers["keyword"] == BASE.layers["keyword"]


def test_verdicts_all_alike_leave_everything_finite() -> None:
    right = [Example("keyword", {"a": 1.0}, True, "p", f"s{i}") for i in range(60)]
    found = recalibrate(right, BASE)
    assert found is not None
    assert 0.8 < found.match("keyword", {"a": 1.0}, "p") < 1.0


def test_examples_without_the_features_are_left_out() -> None:
    lacking = [Example("keyword", {}, True, "p", "s"), Example("none", {"a": 0.0}, True, "p", "s")]
    assert recalibrate(lacking * 50, BASE) is None


def test_a_clip_that_stands_for_more_weighs_more() -> None:
    made = examples(400)
    heavier = [Example(**(vars(e) | {"weight": 5.0 if e.right else 1.0})) for e in made]
    found = recalibrate(heavier, BASE)
    assert found is not None and found.prior > 0.7


def test_a_recalibration_survives_being_stored() -> None:
    found = recalibrate(examples(500, intercept=2.0), BASE)
    assert found is not None
    assert Recalibration.from_dict(json.loads(json.dumps(found.as_dict()))) == found


def test_the_bars_of_the_diagram_count_every_clip_once() -> None:
    bars = reliability([True, False, True, True], [0.05, 0.05, 1.0, 0.95])
    assert [(bar.lowest, bar.count, bar.observed) for bar in bars] == [(0.0, 2, 0.5), (0.9, 2, 1.0)]
    assert calibration_error(bars) == pytest.approx((2 * 0.45 + 2 * 0.025) / 4)


@pytest.mark.parametrize("stored", [{}, {"version": 1}, {"layers": 3}])
def test_a_file_that_lacks_something_is_refused_with_the_remedy(stored: dict[str, object]) -> None:
    with pytest.raises(CoefficientsError, match=r"manage\.py calibrate"):
        Coefficients.from_dict(stored)
