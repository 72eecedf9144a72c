"""How reliable each reviewer is: the model of Dawid and Skene (1979) for two classes.

Each reviewer has two numbers: how often they accept a right clip (sensitivity) and how often they
reject a wrong one (specificity). Nobody is told which clips are right, except the gold ones: the
truth of the others is estimated together with the reviewers, by expectation and maximisation,
from whatever the machine thought beforehand. A Beta prior stands for reviewers of whom little is
known, so that one lucky vote makes nobody an oracle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

MAX_ROUNDS: Final = 100
CONVERGED: Final = 1e-6


@dataclass(frozen=True)
class Reliability:
    """P(accepts | right) and P(rejects | wrong), each strictly between 0 and 1."""

    sensitivity: float
    specificity: float

    def __post_init__(self) -> None:
        """Refuse certainty: a single vote of an infallible witness would decide everything."""
        if not (0.0 < self.sensitivity < 1.0 and 0.0 < self.specificity < 1.0):
            raise ValueError("A reliability must lie strictly between 0 and 1.")


#: A reviewer of whom nothing is known yet.
TYPICAL: Final = Reliability(sensitivity=0.9, specificity=0.8)
#: How many votes of a reviewer weigh as much as what is assumed beforehand.
PRIOR_VOTES: Final = 10.0


@dataclass(frozen=True)
class Judgement:
    """One vote on one clip: ``says_right`` is True for accept. ``unsure`` is no judgement."""

    reviewer: Hashable
    clip: Hashable
    says_right: bool


def estimate_reliability(
    judgements: Sequence[Judgement],
    prior_right: Mapping[Hashable, float],
    gold: Mapping[Hashable, bool] | None = None,
) -> dict[Hashable, Reliability]:
    """Each reviewer's reliability, by maximum a posteriori.

    ``prior_right`` is the probability, for each clip, that it is right before anybody voted
    (the machine's, or the campaign's share); ``gold`` holds the clips whose truth is known.
    """
    if not judgements:
        return {}
    reviewers, clips = _index(j.reviewer for j in judgements), _index(j.clip for j in judgements)
    who = np.array([reviewers[j.reviewer] for j in judgements])
    which = np.array([clips[j.clip] for j in judgements])
    accepts = np.array([j.says_right for j in judgements], dtype=np.float64)
    known = gold or {}
    prior = np.array([float(known.get(clip, prior_right[clip])) for clip in clips])
    estimated = _maximise(_Votes(who, which, accepts, len(reviewers)), prior)
    return {
        reviewer: Reliability(float(estimated[0, row]), float(estimated[1, row]))
        for reviewer, row in reviewers.items()
    }


@dataclass(frozen=True)
class _Votes:
    """Votes as columns: whose (row of reviewer), on which (row of clip), and 1.0 for accept."""

    who: NDArray[np.intp]
    which: NDArray[np.intp]
    accepts: NDArray[np.float64]
    num_reviewers: int

    def per_reviewer(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(self.who, weights, self.num_reviewers).astype(np.float64)


def _maximise(votes: _Votes, prior: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows sensitivity and specificity, a column for each reviewer."""
    start = np.array([[TYPICAL.sensitivity], [TYPICAL.specificity]])
    skills = np.repeat(start, votes.num_reviewers, axis=1)
    for _ in range(MAX_ROUNDS):
        previous, skills = skills, _skills(votes, _right(votes, prior, skills))
        if np.abs(skills - previous).max() < CONVERGED:
            break
    return skills


def _right(
    votes: _Votes, prior: NDArray[np.float64], skills: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The probability of each clip being right, given the reviewers' skills (the E step)."""
    sensitivity, specificity = skills[:, votes.who]
    if_right = np.log(np.where(votes.accepts == 1.0, sensitivity, 1.0 - sensitivity))
    if_wrong = np.log(np.where(votes.accepts == 1.0, 1.0 - specificity, specificity))
    with np.errstate(divide="ignore"):  # gold clips are certain, and stay so
        prior_log_odds = np.log(prior) - np.log1p(-prior)
    log_odds = prior_log_odds + np.bincount(votes.which, if_right - if_wrong, len(prior))
    return 1.0 / (1.0 + np.exp(-np.clip(log_odds, -700.0, 700.0)))


def _skills(votes: _Votes, right: NDArray[np.float64]) -> NDArray[np.float64]:
    """The reviewers' skills, given each clip's probability of being right (the M step)."""
    is_right = right[votes.which]
    hits = votes.per_reviewer(is_right * votes.accepts)
    correct_rejections = votes.per_reviewer((1.0 - is_right) * (1.0 - votes.accepts))
    on_right, on_wrong = votes.per_reviewer(is_right), votes.per_reviewer(1.0 - is_right)
    return np.stack(
        [
            (hits + PRIOR_VOTES * TYPICAL.sensitivity) / (on_right + PRIOR_VOTES),
            (correct_rejections + PRIOR_VOTES * TYPICAL.specificity) / (on_wrong + PRIOR_VOTES),
        ]
    )


def _index(values: Iterable[Hashable]) -> dict[Hashable, int]:
    """Each distinct value and its row, in order of appearance."""
    rows: dict[Hashable, int] = defaultdict(lambda: len(rows))
    for value in values:
        _ = rows[value]
    return dict(rows)
