"""How many votes each policy needs, and how often it is wrong: a simulation on real pre-scores.

The clips are real and so are their matches; the reviewers are simulated: 40 people who are right
60 to 98 % of the time, four of whom accept whatever they hear. Policies see only what they would
see on a site: the match, the votes, and each reviewer's reliability as estimated from 30 gold
clips each.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from validation.models import Verdict
from validation.verdicts import (
    Judgement,
    Outcome,
    Policy,
    Reliability,
    Vote,
    decide,
    estimate_reliability,
)

NUM_REVIEWERS = 40
NUM_YES_SAYERS = 4
LOWEST_SKILL, HIGHEST_SKILL = 0.60, 0.98
NUM_GOLD_CLIPS = 30
SHARE_RIGHT = 0.85
ROUNDS = 20  # so that the figures do not hang on who was asked first
SEED = 20


@dataclass(frozen=True)
class ScoredClip:
    """A clip as the machine left it, and the truth, which no policy sees."""

    match: float
    is_right: bool


@dataclass(frozen=True)
class Reviewer:
    """A simulated person: how likely they say what is true, or whether they accept everything."""

    name: str
    skill: float
    says_yes: bool = False

    def judge(self, is_right: bool, dice: random.Random) -> bool:
        """Whether they accept a clip."""
        return self.says_yes or (is_right if dice.random() < self.skill else not is_right)


@dataclass(frozen=True)
class Tally:
    """What a policy cost and what it was worth, over all clips and rounds."""

    clips: int
    votes: int
    decided: int
    wrong: int

    @property
    def votes_per_decided_clip(self) -> float:
        """Every vote counts, also those on clips that were left to the curator."""
        return self.votes / max(1, self.decided)

    @property
    def label_error(self) -> float:
        """The share of decided clips that were decided wrongly."""
        return self.wrong / max(1, self.decided)

    @property
    def left_to_curator(self) -> float:
        """The share of clips on which people could not agree."""
        return 1.0 - self.decided / self.clips


def reviewers(dice: random.Random) -> list[Reviewer]:
    """The people of one round."""
    people = [
        Reviewer(f"reviewer {n}", dice.uniform(LOWEST_SKILL, HIGHEST_SKILL))
        for n in range(NUM_REVIEWERS - NUM_YES_SAYERS)
    ]
    return people + [Reviewer(f"yes-sayer {n}", 0.5, True) for n in range(NUM_YES_SAYERS)]


def rated(people: Sequence[Reviewer], dice: random.Random) -> dict[str, Reliability]:
    """Each reviewer's reliability as a site would know it, from gold clips."""
    gold = {f"gold {n}": n < NUM_GOLD_CLIPS * SHARE_RIGHT for n in range(NUM_GOLD_CLIPS)}
    judgements = [
        Judgement(person.name, clip, person.judge(is_right, dice))
        for person in people
        for clip, is_right in gold.items()
    ]
    known = estimate_reliability(judgements, dict.fromkeys(gold, SHARE_RIGHT), gold)
    return {person.name: known[person.name] for person in people}


def simulate(clips: Sequence[ScoredClip], policy: Policy, rounds: int = ROUNDS) -> Tally:
    """Let the policy decide all clips, with new reviewers in each round."""
    votes = decided = wrong = 0
    for round_number in range(rounds):
        # The same dice for every policy: they meet the same people.
        dice = random.Random(SEED + round_number)
        people = reviewers(dice)
        ratings = rated(people, dice)
        for clip in clips:
            num_votes, accepted = _ask(clip, people, ratings, policy, dice)
            votes += num_votes
            decided += accepted is not None
            wrong += accepted is not None and accepted != clip.is_right
    return Tally(len(clips) * rounds, votes, decided, wrong)


def _ask(
    clip: ScoredClip,
    people: Sequence[Reviewer],
    ratings: dict[str, Reliability],
    policy: Policy,
    dice: random.Random,
) -> tuple[int, bool | None]:
    """How many people were asked, and whether the clip was accepted; None for the curator."""
    votes: list[Vote] = []
    asked = iter(dice.sample(list(people), policy.max_votes))
    while True:
        outcome = decide(votes, clip.match, policy).outcome
        if outcome is not Outcome.ASK_ONE_MORE:
            break
        person = next(asked)
        accepts = person.judge(clip.is_right, dice)
        votes.append(Vote(Verdict.ACCEPT if accepts else Verdict.REJECT, ratings[person.name]))
    accepted = {Outcome.ACCEPTED: True, Outcome.REJECTED: False, Outcome.SET_ASIDE: False}
    return len(votes), accepted.get(outcome)
