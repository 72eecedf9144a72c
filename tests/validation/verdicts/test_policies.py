"""Verdicts as tables, and what must hold for all of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validation.models import Verdict
from validation.verdicts import Outcome, Policy, PolicyName, Reliability, Vote, decide
from validation.verdicts.policies import posterior, vote_log_odds

EXPERT = Reliability(0.98, 0.98)
FAIR = Reliability(0.9, 0.9)
GUESSER = Reliability(0.5, 0.5)
YES_SAYER = Reliability(0.99, 0.01)

_LETTERS = {"y": Verdict.ACCEPT, "n": Verdict.REJECT, "?": Verdict.UNSURE}


def votes(letters: str, who: Reliability = EXPERT) -> list[Vote]:
    """``y`` accepts, ``n`` rejects, ``?`` is unsure."""
    return [Vote(_LETTERS[letter], who) for letter in letters]


@pytest.mark.parametrize(
    ("cast", "outcome"),
    [
        ("", Outcome.ASK_ONE_MORE),
        ("y", Outcome.ASK_ONE_MORE),
        ("yn", Outcome.ASK_ONE_MORE),
        ("yy", Outcome.ACCEPTED),
        ("nn", Outcome.REJECTED),
        ("yny", Outcome.ACCEPTED),
        ("y?nn", Outcome.REJECTED),
        ("y??????", Outcome.ADJUDICATE),
    ],
)
def test_two_agreeing_votes_decide(cast: str, outcome: Outcome) -> None:
    policy = Policy(PolicyName.TWO_VOTES)
    assert decide(votes(cast), match=0.01, policy=policy).outcome == outcome


@pytest.mark.parametrize(
    ("cast", "outcome"),
    [
        ("y", Outcome.ASK_ONE_MORE),
        ("yy", Outcome.ACCEPTED),
        ("nn", Outcome.REJECTED),
        ("yny", Outcome.ASK_ONE_MORE),  # 67 %
        ("ynyy", Outcome.ASK_ONE_MORE),  # 75 % is not over 75 %
        ("ynyyy", Outcome.ACCEPTED),
        ("ynynyny", Outcome.ADJUDICATE),
    ],
)
def test_over_three_quarters_of_two_or_more_votes_decide(cast: str, outcome: Outcome) -> None:
    policy = Policy(PolicyName.THREE_QUARTERS)
    assert decide(votes(cast), match=0.01, policy=policy).outcome == outcome


@pytest.mark.parametrize(
    ("match", "cast", "who", "outcome"),
    [
        # The machine is sure: one person who says so is enough, none is not.
        (0.995, "", EXPERT, Outcome.ASK_ONE_MORE),
        (0.995, "y", EXPERT, Outcome.ACCEPTED),
        (0.995, "y", GUESSER, Outcome.ACCEPTED),
        (0.01, "n", EXPERT, Outcome.REJECTED),
        # That somebody heard it and could not tell is no acceptance.
        (0.995, "?", EXPERT, Outcome.ASK_ONE_MORE),
        # The machine does not know: one reliable person nearly suffices, a guesser never.
        (0.5, "y", FAIR, Outcome.ASK_ONE_MORE),
        (0.5, "yy", FAIR, Outcome.ACCEPTED),
        (0.5, "yyyyyy", GUESSER, Outcome.ASK_ONE_MORE),
        (0.5, "yyyyyyy", GUESSER, Outcome.ADJUDICATE),
        # A poor witness's word against a sure machine is weighed, not obeyed.
        (0.995, "n", GUESSER, Outcome.ACCEPTED),
        (0.005, "y", GUESSER, Outcome.REJECTED),
        # Who always says yes says nothing; their no would be news.
        (0.9, "yyy", YES_SAYER, Outcome.ASK_ONE_MORE),
        # Person against machine: somebody else is asked.
        (0.995, "n", EXPERT, Outcome.ASK_ONE_MORE),
        (0.001, "y", EXPERT, Outcome.ASK_ONE_MORE),
        # Plainly wrong needs nobody; and no model, no such haste.
        (0.001, "", EXPERT, Outcome.SET_ASIDE),
        (None, "", EXPERT, Outcome.ASK_ONE_MORE),
        (None, "y", EXPERT, Outcome.ACCEPTED),  # 0.85 expected beforehand
    ],
)
def test_evidence_weighs_the_machine_and_each_person(
    match: float | None, cast: str, who: Reliability, outcome: Outcome
) -> None:
    assert decide(votes(cast, who), match, Policy(error_bound=0.02)).outcome == outcome


def test_a_machine_that_is_not_trusted_any_more_decides_nothing() -> None:
    distrustful = Policy(trusts_machine=False)
    assert decide([], 0.0001, distrustful).outcome == Outcome.ASK_ONE_MORE
    assert posterior([], 0.0001, distrustful) == pytest.approx(distrustful.prior_right)


def test_the_curator_may_let_the_machine_accept_alone() -> None:
    trusting = Policy(error_bound=0.02, needs_person_to_accept=False)
    assert decide([], 0.995, trusting).outcome == Outcome.ACCEPTED
    assert decide([], 0.97, trusting).outcome == Outcome.ASK_ONE_MORE


def test_the_curator_may_forbid_that_the_machine_sets_aside() -> None:
    assert decide([], 0.0, Policy(set_aside_bound=0.0)).outcome == Outcome.ASK_ONE_MORE


def test_a_decision_can_be_made_again_from_its_inputs() -> None:
    first = decide(votes("yn?y"), 0.4, Policy(error_bound=0.05))
    stored = first.inputs
    policy = Policy(**{**stored["policy"], "name": PolicyName(stored["policy"]["name"])})
    again = decide(
        [
            Vote(Verdict(v["verdict"]), Reliability(v["sensitivity"], v["specificity"]))
            for v in stored["votes"]
        ],
        stored["match"],
        policy,
    )
    assert again == first


@pytest.mark.parametrize(
    "numbers",
    [
        {"error_bound": 0.0},
        {"error_bound": 0.5},
        {"set_aside_bound": 0.06},
        {"max_votes": 1},
        {"prior_right": 1.0},
    ],
)
def test_a_policy_that_could_decide_nothing_is_refused(numbers: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must"):
        Policy(**numbers)  # type: ignore[arg-type]


chance = st.floats(0.01, 0.99)
reliabilities = st.builds(Reliability, chance, chance)
any_votes = st.lists(st.builds(Vote, st.sampled_from(Verdict), reliabilities), max_size=7)


@given(any_votes, st.none() | st.floats(0.0, 1.0), st.sampled_from(PolicyName))
def test_nothing_is_accepted_that_no_person_has_heard(
    cast: list[Vote], match: float | None, name: PolicyName
) -> None:
    decision = decide(cast, match, Policy(name))
    if decision.outcome == Outcome.ACCEPTED:
        assert {vote.verdict for vote in cast} - {Verdict.UNSURE}


@given(any_votes, st.floats(0.0, 1.0), st.randoms())
def test_the_order_of_the_votes_does_not_matter_to_the_evidence(
    cast: list[Vote], match: float, random: object
) -> None:
    shuffled = sorted(cast, key=lambda vote: random.random())  # type: ignore[attr-defined]
    assert posterior(cast, match, Policy()) == pytest.approx(posterior(shuffled, match, Policy()))


@given(any_votes, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_more_confident_machine_never_makes_a_clip_less_likely(
    cast: list[Vote], one: float, other: float
) -> None:
    low, high = sorted((one, other))
    assert posterior(cast, low, Policy()) <= posterior(cast, high, Policy())


@given(any_votes, st.floats(0.0, 1.0))
def test_a_reviewer_better_than_chance_moves_the_clip_to_where_they_point(
    cast: list[Vote], match: float
) -> None:
    yes, no = Vote(Verdict.ACCEPT, EXPERT), Vote(Verdict.REJECT, EXPERT)
    before = posterior(cast, match, Policy())
    assert posterior([*cast, no], match, Policy()) <= before
    assert before <= posterior([*cast, yes], match, Policy())
    assert vote_log_odds(Vote(Verdict.UNSURE, EXPERT)) == 0.0
