"""The verdict and the order of the queue, as tables."""

from __future__ import annotations

import pytest

from validation.models import CaseStatus
from validation.rules import decide, priority


@pytest.mark.parametrize(
    ("votes", "status"),
    [
        ([], CaseStatus.OPEN),
        (["accept"], CaseStatus.OPEN),
        (["accept", "reject"], CaseStatus.OPEN),
        (["accept", "unsure"], CaseStatus.OPEN),
        (["unsure", "unsure", "unsure"], CaseStatus.OPEN),
        (["accept", "accept"], CaseStatus.ACCEPTED),
        (["reject", "reject"], CaseStatus.REJECTED),
        (["accept", "reject", "accept"], CaseStatus.ACCEPTED),
        (["accept", "unsure", "reject", "reject"], CaseStatus.REJECTED),
        (["accept", "reject", "accept", "reject"], CaseStatus.OPEN),
    ],
)
def test_two_agreeing_votes_decide(votes: list[str], status: CaseStatus):
    assert decide(votes) == status


def test_what_the_machine_is_least_sure_of_comes_first():
    matches = [0.5, 0.4, 0.75, 0.1, 1.0]
    assert sorted(matches, key=priority, reverse=True) == matches
    assert priority(None) == priority(0.25) == 0.5
