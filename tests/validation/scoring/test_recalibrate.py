"""Verdicts move the coefficients where that foretells held-out verdicts better, and only there."""

import json
from dataclasses import replace

import numpy as np
import pytest

from validation.scoring.coefficients import Coefficients, CoefficientsError
from validation.scoring.logistic import Logistic, probability
from validation.scoring.recalibrate import (
    MIN_EXAMPLES,
    Example,
    Recalibration,
    calibration_error,
    has_failed,
    is_better,
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
    seed: int = 1,
) -> list[Example]:
    """Verdicts of a campaign whose truth has another intercept, slope or prompts of its own."""
    rng = np.random.default_rng(seed)
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


@pytest.mark.parametrize("is_fair", [False, True])
def test_verdicts_all_alike_teach_nothing(is_fair: bool) -> None:
    """They would teach to expect them: most clips are right, and doubt is what a match is for."""
    rng = np.random.default_rng(2)
    for _ in range(12):
        right = [
            Example("keyword", {"a": value}, True, "p", f"speaker {index % 16}", is_fair)
            for index, value in enumerate(rng.normal(2, 2, 32).tolist())
        ]
        assert recalibrate(right, BASE) is None


def test_a_sample_of_the_doubtful_and_the_right_moves_no_prior() -> None:
    """What the machine set aside nobody heard, so the share of right clips is not to be seen."""
    heard = [e for e in examples(2_000, intercept=1.0) if e.features["a"] > -2]
    found = recalibrate(heard, BASE)
    assert found is not None and found.prior == 0.5
    drawn = recalibrate([replace(e, is_fair=True) for e in heard], BASE)
    assert drawn is not None and drawn.prior > 0.6


def test_the_prior_is_learned_alone_where_that_is_all_there_is_to_learn() -> None:
    """Two verdicts of a kind in a layer move none of its weights, and five in all a share."""
    rng = np.random.default_rng(3)
    made = []
    for index in range(120):
        name = ("sentence", *(f"layer {n}" for n in range(5)))[index % 6]
        right = index % 20 > 0  # six wrong ones, one or two in each layer
        value = float(rng.normal(1.0 if right else -3.0, 1))
        made.append(Example(name, {"a": value, "b": 0.0}, right, "p", f"s{index % 40}", True))
    layers = {name: Logistic(-1.0, {"a": 1.0}, {"a": 2.0}) for name in {e.layer for e in made}}
    base = replace(BASE, layers=layers)
    found = recalibrate(made, base)
    assert found is not None and found.prior > 0.85
    assert found.coefficients == base and found.prompt_shifts == {}


def test_a_layer_with_too_few_of_either_verdict_stays_as_it_is() -> None:
    taught = examples(400, intercept=2.0)
    alike = [replace(e, layer="sentence", right=True) for e in examples(60)]
    found = recalibrate([*taught, *alike], BASE)
    assert found is not None
    assert found.coefficients.layers["sentence"] == BASE.layers["sentence"]
    assert found.coefficients.layers["keyword"] != BASE.layers["keyword"]


def test_what_is_in_force_has_to_be_beaten_too() -> None:
    made = examples(600, intercept=2.0)
    first = recalibrate(made, BASE)
    assert first is not None
    assert recalibrate(made, BASE, in_force=first) is None
    moved = examples(600, intercept=-2.0, seed=2)
    second = recalibrate(moved, BASE, in_force=first)
    assert second is not None
    assert second.log_loss_before > recalibrated(moved).log_loss_before, "that of the one in force"


def recalibrated(made: list[Example]) -> Recalibration:
    """With nothing in force before."""
    found = recalibrate(made, BASE)
    assert found is not None
    return found


def test_what_is_in_force_has_failed_where_the_shipped_foretell_better() -> None:
    learned = recalibrated(examples(600, intercept=2.0))
    assert not has_failed(learned, examples(600, intercept=2.0, seed=2), BASE)
    assert has_failed(learned, examples(600, seed=2), BASE)


@pytest.mark.parametrize(
    ("gains", "groups", "better"),
    [
        ([0.1] * 10, 10, True),
        ([0.0] * 10, 10, False),
        ([-0.1] * 10, 10, False),
        ([0.1] * 40, 4, False),  # however many clips: of four speakers nothing is told
        ([], 10, False),
        ([1.0, *[0.0] * 9], 10, False),  # one clip's luck
        ([0.3, 0.2, 0.1, 0.2, 0.3, -0.1, 0.2, 0.1, 0.2, 0.3], 10, True),
        ([0.3, 0.2, -0.2, 0.2, 0.3, -0.4, 0.2, -0.1, 0.2, -0.3], 10, False),
        ([*[0.3] * 12, *[-0.1] * 12], 24, True),
        ([*[0.3] * 12, *[-0.1] * 12], [*[0] * 12, *range(1, 13)], False),
    ],
)  # fmt: skip
def test_the_gate_asks_for_more_than_chance(
    gains: list[float], groups: int | list[int], better: bool
) -> None:
    """The gain of each clip, by speaker; the last: all of it is one speaker's."""
    speakers = groups if isinstance(groups, list) else [i % groups for i in range(len(gains))]
    before = [1.0] * len(gains)
    after = [1.0 - gain for gain in gains]
    assert is_better(before, after, [str(speaker) for speaker in speakers]) is better


def test_examples_without_the_features_are_left_out() -> None:
    lacking = [Example("keyword", {}, True, "p", "s"), Example("none", {"a": 0.0}, True, "p", "s")]
    assert recalibrate(lacking * 50, BASE) is None


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
