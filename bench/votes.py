"""How many votes each policy needs, and how often it is wrong: a simulation on real pre-scores.

    python -m bench.votes [MANIFEST]

The clips are real and so are their matches (bench/matches.py says how they are made, and that no
match knows its own speaker); the reviewers are simulated: 40 people who are right 60 to 98 % of the
time, four of whom accept whatever they hear. Policies see only what they would see on a site: the
match, the votes, and each reviewer's reliability as estimated from 30 gold clips each.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path

import bench.ready  # noqa: F401 - before models can be imported
from bench.matches import ScoredClip, manifest, matched
from validation.models import Verdict
from validation.verdicts import (
    Judgement,
    Outcome,
    Policy,
    PolicyName,
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
ERROR_BOUNDS = (0.2, 0.1, 0.05, 0.03, 0.02, 0.01, 0.005, 0.002)
MAX_VOTES = (1, 3, 5, 7)


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
    gold: dict[Hashable, bool] = {
        f"gold {n}": n < NUM_GOLD_CLIPS * SHARE_RIGHT for n in range(NUM_GOLD_CLIPS)
    }
    judgements = [
        Judgement(person.name, clip, person.judge(is_right, dice))
        for person in people
        for clip, is_right in gold.items()
    ]
    known = estimate_reliability(judgements, dict.fromkeys(gold, SHARE_RIGHT), gold)
    return {person.name: known[person.name] for person in people}


def simulate(clips: Sequence[ScoredClip], policy: Policy, rounds: int = ROUNDS) -> Tally:
    """Let the policy decide clips drawn of these, with new reviewers in each round."""
    votes = decided = wrong = 0
    met = 0
    for round_number in range(rounds):
        # The same dice for every policy: they meet the same people and the same clips.
        dice = random.Random(SEED + round_number)
        people = reviewers(dice)
        ratings = rated(people, dice)
        for clip in as_on_a_site(clips, dice):
            num_votes, accepted = _ask(clip, people, ratings, policy, dice)
            met += 1
            votes += num_votes
            decided += accepted is not None
            wrong += accepted is not None and accepted != clip.is_right
    return Tally(met, votes, decided, wrong)


def as_on_a_site(clips: Sequence[ScoredClip], dice: random.Random) -> list[ScoredClip]:
    """All right clips, and as many of the wrong ones as make 85 % of the whole right."""
    right = [clip for clip in clips if clip.is_right]
    wrong = [clip for clip in clips if not clip.is_right]
    wanted = round(len(right) * (1 - SHARE_RIGHT) / SHARE_RIGHT)
    return right + dice.sample(wrong, min(wanted, len(wrong)))


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


def machine_alone(clips: Sequence[ScoredClip], rounds: int = ROUNDS) -> Tally:
    """What the matches give with nobody asked: right from one half on."""
    drawn = [clip for n in range(rounds) for clip in as_on_a_site(clips, random.Random(SEED + n))]
    wrong = sum((clip.match >= 0.5) != clip.is_right for clip in drawn)
    return Tally(len(drawn), 0, len(drawn), wrong)


def row(name: str, tally: Tally) -> str:
    """A line of the tables."""
    return (
        f"{name:<44}{tally.votes_per_decided_clip:>8.2f}"
        f"{100 * tally.label_error:>10.2f} %{100 * tally.left_to_curator:>10.2f} %"
    )


def frontier(clips: Sequence[ScoredClip]) -> list[tuple[str, Tally]]:
    """Error against votes: ``evidence`` by its error bound, ``two-votes`` by how many it asks."""
    evidence = [
        (
            f"evidence, error bound {bound:g}",
            simulate(clips, Policy(error_bound=bound, set_aside_bound=min(0.002, bound))),
        )
        for bound in ERROR_BOUNDS
    ]
    others = [
        (f"{name}, at most {most} votes", simulate(clips, Policy(name, max_votes=most)))
        for name in (PolicyName.TWO_VOTES, PolicyName.THREE_QUARTERS)
        for most in MAX_VOTES
        if most > 1
    ]
    return evidence + others


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else manifest()
    clips = matched(path)
    right = sum(clip.is_right for clip in clips)
    print(
        f"{right} clips with their own prompt, {len(clips) - right} with another; 85 % drawn right"
    )
    print(
        f"{ROUNDS} rounds of {NUM_REVIEWERS} reviewers, {NUM_YES_SAYERS} of whom accept everything"
    )
    print(f"{'':<44}{'votes':>8}{'error':>12}{'curator':>12}\n{'':<44}{'a clip':>8}")
    two, evidence = simulate(clips, Policy(PolicyName.TWO_VOTES)), simulate(clips, Policy())
    print(row("two-votes", two))
    print(row("three-quarters", simulate(clips, Policy(PolicyName.THREE_QUARTERS))))
    print(row(f"evidence, as shipped ({Policy().error_bound:g})", evidence))
    print(
        row("evidence, machine may accept", simulate(clips, Policy(needs_person_to_accept=False)))
    )
    print(row("evidence, machine not trusted", simulate(clips, Policy(trusts_machine=False))))
    print(row("machine alone", machine_alone(clips)))
    votes = evidence.votes_per_decided_clip / two.votes_per_decided_clip
    error = evidence.label_error / max(two.label_error, 1e-9)
    print(
        f"\nevidence / two-votes: votes {votes:.2f} (bar 0.50), label error {error:.2f} (bar 0.20)"
    )
    print("\nThe frontier")
    for name, tally in frontier(clips):
        print(row(name, tally))


if __name__ == "__main__":
    main()
