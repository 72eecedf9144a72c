"""The order of the queue and the drawing of blind clips, as tables."""

from __future__ import annotations

import uuid

import pytest

from validation.rules import is_drawn, is_plain, rank


@pytest.mark.parametrize(
    ("match", "num_votes", "is_fresh", "is_blind", "expected"),
    [
        (0.99, 1, False, False, 0),  # begun: finish it
        (0.99, 0, False, True, 2),  # measures the machine
        (0.5, 0, True, False, 1),
        (0.5, 0, False, False, 2),
        (0.7, 0, False, False, 3),
        (None, 0, False, False, 4),  # no model heard it
        (0.2, 0, False, False, 4),
        (0.95, 0, False, False, 5),
        (0.95, 0, True, False, 4),  # a new voice
        (0.0, 0, False, False, 5),
    ],
)
def test_what_is_heard_when(
    match: float | None, num_votes: int, is_fresh: bool, is_blind: bool, expected: int
):
    found = rank(match, num_votes=num_votes, is_fresh=is_fresh, is_blind=is_blind)
    assert found == expected


@pytest.mark.parametrize(
    ("match", "plain"),
    [(0.99, True), (0.98, True), (0.97, False), (0.5, False), (0.01, True), (None, False)],
)
def test_what_is_plain_to_the_machine(match: float | None, plain: bool):
    assert is_plain(match, 0.02) is plain


def test_the_same_share_is_drawn_for_ever():
    clips = [uuid.UUID(int=n) for n in range(4_000)]
    drawn = {clip for clip in clips if is_drawn(clip, 0.05)}
    assert 0.04 < len(drawn) / len(clips) < 0.06
    assert drawn == {clip for clip in clips if is_drawn(clip, 0.05)}
    assert drawn < {clip for clip in clips if is_drawn(clip, 0.1)}
    assert not any(is_drawn(clip, 0.0) for clip in clips)
