"""Agreement against published figures and against other people's code."""

from __future__ import annotations

import random

import pandas
import pytest
from crowdkit.metrics.data import alpha_krippendorff
from sklearn.metrics import cohen_kappa_score

from validation.verdicts.agreement import (
    Answer,
    agreeing_pairs,
    cohens_kappa,
    krippendorffs_alpha,
    pairs_of,
    percent,
)

# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", sections A and C.
TWO_OBSERVERS = {"Meg": "0100000010", "Owen": "1110010000"}
FOUR_OBSERVERS = {
    "A": "123321412...",
    "B": "1233224125.3",
    "C": ".3332342251.",
    "D": "12332441251.",
}


def answers(table: dict[str, str]) -> list[Answer]:
    return [
        Answer(clip, who, value)
        for who, values in table.items()
        for clip, value in enumerate(values)
        if value != "."
    ]


def test_alpha_of_the_published_examples():
    assert krippendorffs_alpha(answers(TWO_OBSERVERS)) == pytest.approx(0.095, abs=5e-4)
    assert krippendorffs_alpha(answers(FOUR_OBSERVERS)) == pytest.approx(0.743, abs=5e-4)


def test_they_agree_with_crowd_kit_and_scikit_learn():
    dice = random.Random(3)
    given = [
        Answer(clip, who, dice.random() < (0.9 if clip % 3 else 0.2))
        for clip in range(80)
        for who in dice.sample(range(6), 3)
    ]
    table = pandas.DataFrame(
        [(a.clip, a.reviewer, a.value) for a in given], columns=["task", "worker", "label"]
    )
    assert krippendorffs_alpha(given) == pytest.approx(alpha_krippendorff(table))
    pairs = agreeing_pairs(given)
    theirs = cohen_kappa_score([a for a, _ in pairs], [b for _, b in pairs])
    assert cohens_kappa(pairs) == pytest.approx(theirs)


@pytest.mark.parametrize(
    ("pairs", "expected_percent", "kappa"),
    [
        ([], None, None),
        ([(1, 1), (0, 0)], 100.0, 1.0),
        ([(1, 0), (0, 1)], 0.0, -1.0),
        ([(1, 1), (1, 0), (0, 1), (0, 0)], 50.0, 0.0),
        ([(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15, 70.0, 0.4),
        ([(1, 1)] * 9, 100.0, None),  # nobody ever said anything else: no figure
    ],
)
def test_percent_and_kappa(
    pairs: list[tuple[int, int]], expected_percent: float | None, kappa: float | None
):
    assert percent(pairs) == expected_percent
    assert cohens_kappa(pairs) == (None if kappa is None else pytest.approx(kappa))


def test_one_alone_agrees_with_nobody():
    alone = [Answer(clip, "a", 1) for clip in range(5)]
    assert krippendorffs_alpha(alone) is None
    assert pairs_of(alone, "a") == []
    assert pairs_of([*alone, Answer(2, "b", 0)], "a") == [(1, 0)]
