"""Reviewers' reliability, found without being told which clips are right."""

from __future__ import annotations

import random

import pandas
import pytest
from crowdkit.aggregation import DawidSkene

from validation.verdicts import Judgement, Reliability, estimate_reliability
from validation.verdicts.reliability import TYPICAL

SHARE_RIGHT = 0.7


def simulated(
    people: dict[str, Reliability], num_clips: int, votes_per_clip: int
) -> tuple[list[Judgement], dict[int, bool]]:
    """Votes of people with the given skills on clips of which 70 % are right, and the truth."""
    dice = random.Random(7)
    truth = {clip: dice.random() < SHARE_RIGHT for clip in range(num_clips)}
    judgements = []
    for clip, is_right in truth.items():
        for name in dice.sample(sorted(people), votes_per_clip):
            accepts_at = people[name].sensitivity if is_right else 1 - people[name].specificity
            judgements.append(Judgement(name, clip, dice.random() < accepts_at))
    return judgements, truth


PEOPLE = {
    **{f"good-{n}": Reliability(0.95, 0.92) for n in range(12)},
    **{f"fair-{n}": Reliability(0.8, 0.75) for n in range(6)},
    "strict": Reliability(0.7, 0.98),
    "yes-sayer": Reliability(0.99, 0.02),
}


def test_skills_are_found_from_agreement_alone() -> None:
    judgements, truth = simulated(PEOPLE, num_clips=2_000, votes_per_clip=5)
    found = estimate_reliability(judgements, dict.fromkeys(truth, SHARE_RIGHT))
    for name, real in PEOPLE.items():
        assert found[name].sensitivity == pytest.approx(real.sensitivity, abs=0.06), name
        assert found[name].specificity == pytest.approx(real.specificity, abs=0.08), name


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_it_agrees_with_crowd_kit() -> None:
    judgements, truth = simulated(PEOPLE, num_clips=1_500, votes_per_clip=5)
    table = pandas.DataFrame(
        [(j.clip, j.reviewer, int(j.says_right)) for j in judgements],
        columns=["task", "worker", "label"],
    )
    theirs = DawidSkene(n_iter=100).fit(table).errors_
    ours = estimate_reliability(judgements, dict.fromkeys(truth, SHARE_RIGHT))
    for name in PEOPLE:
        # Ours leans towards what is assumed of people, theirs does not; few clips are wrong.
        # errors_.loc[(worker, observed), true] = P(observed | true)
        assert ours[name].sensitivity == pytest.approx(theirs.loc[(name, 1), 1], abs=0.03)
        assert ours[name].specificity == pytest.approx(theirs.loc[(name, 0), 0], abs=0.08)


def test_gold_clips_tell_who_says_yes_to_everything() -> None:
    gold = {clip: clip % 2 == 0 for clip in range(30)}
    judgements = [Judgement("yes-sayer", clip, True) for clip in gold]
    judgements += [Judgement("careful", clip, is_right) for clip, is_right in gold.items()]
    found = estimate_reliability(judgements, dict.fromkeys(gold, 0.5), gold)
    assert found["yes-sayer"].specificity < 0.4
    assert found["careful"].specificity > 0.85


def test_one_vote_makes_nobody_an_oracle() -> None:
    found = estimate_reliability([Judgement("new", "clip", True)], {"clip": 0.999})
    assert found["new"].sensitivity == pytest.approx(TYPICAL.sensitivity, abs=0.02)
    assert found["new"].specificity == pytest.approx(TYPICAL.specificity, abs=0.02)


def test_without_votes_nobody_is_rated() -> None:
    assert estimate_reliability([], {}) == {}
