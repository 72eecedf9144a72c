"""What a clip says, as a table."""

from __future__ import annotations

import pytest

from validation.models import Verdict
from validation.verdicts import Outcome
from validation.verdicts.transcripts import Settled, Spoken, settle

YES, NO = Spoken(Verdict.ACCEPT), Spoken(Verdict.REJECT)
UNSURE = Spoken(Verdict.UNSURE)
ASK, CURATOR = Settled(Outcome.ASK_ONE_MORE), Settled(Outcome.ADJUDICATE)


def said(text: str) -> Spoken:
    return Spoken(Verdict.ACCEPT, text)


@pytest.mark.parametrize(
    ("prompt", "spoken", "settled"),
    [
        # Nobody writes anything else than the prompt: the policy decides.
        ("Go on.", [], None),
        ("Go on.", [YES, NO], None),
        ("Go on.", [said("go on"), NO], None),
        # A wrong reading.
        ("Go on.", [said("go home")], ASK),
        ("Go on.", [said("Go home!"), said("go  home")], Settled(Outcome.ACCEPTED, "Go home!")),
        ("Go on.", [said("go home"), YES], ASK),
        ("Go on.", [said("go home"), YES, YES], Settled(Outcome.ACCEPTED)),
        ("Go on.", [said("go home"), YES, said("go home")], Settled(Outcome.ACCEPTED, "go home")),
        ("Go on.", [said("go home"), YES, NO], CURATOR),
        ("Go on.", [said("go home"), said("no home"), said("so home")], CURATOR),
        ("Go on.", [said("go home"), NO, NO], Settled(Outcome.REJECTED)),
        ("Go on.", [said("go home"), UNSURE, NO], ASK),
        # No prompt at all.
        ("", [], ASK),
        ("", [said("hello")], ASK),
        ("", [said("Hello"), said("hello.")], Settled(Outcome.ACCEPTED, "Hello")),
        ("", [said("hello"), said("hallo"), said("hallo")], Settled(Outcome.ACCEPTED, "hallo")),
        ("", [said("hello"), said("hallo"), said("hullo")], CURATOR),
        ("", [NO, NO], Settled(Outcome.REJECTED)),
    ],
)
def test_two_who_agree_decide_and_a_third_settles(
    prompt: str, spoken: list[Spoken], settled: Settled | None
):
    assert settle(prompt, spoken) == settled
