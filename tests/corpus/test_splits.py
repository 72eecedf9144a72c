"""The split rule, against published vectors and as a property."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.models import Split
from corpus.splits import by_amount, split_of, split_percent


@pytest.mark.parametrize(
    ("pseudonym", "percent"),
    [("bobby", 94.174787), ("a1b2c3d4", 3.333882), ("004ae714", 79.574893)],
)
def test_the_rule_is_that_of_speech_commands(pseudonym: str, percent: float):
    assert split_percent(pseudonym) == pytest.approx(percent, abs=5e-7)


@pytest.mark.parametrize(
    ("pseudonym", "validation", "testing", "split"),
    [
        ("a1b2c3d4", 10, 10, Split.VALIDATION),
        ("a1b2c3d4", 3, 10, Split.TESTING),
        ("a1b2c3d4", 0, 0, Split.TRAINING),
        ("bobby", 10, 10, Split.TRAINING),
        ("bobby", 0, 100, Split.TESTING),
    ],
)
def test_the_borders(pseudonym: str, validation: float, testing: float, split: Split):
    assert split_of(pseudonym, validation, testing) == split


@given(st.text(alphabet="0123456789abcdef", min_size=8, max_size=8))
def test_a_share_that_grows_never_moves_a_speaker_out_of_it(pseudonym: str):
    assert 0 <= split_percent(pseudonym) <= 100
    if split_of(pseudonym, 10, 10) == Split.VALIDATION:
        assert split_of(pseudonym, 20, 10) == Split.VALIDATION


def test_the_shares_are_as_asked():
    splits = Counter(split_of(f"{n:08x}", 10, 20) for n in range(20_000))
    assert splits[Split.VALIDATION] / 20_000 == pytest.approx(0.10, abs=0.01)
    assert splits[Split.TESTING] / 20_000 == pytest.approx(0.20, abs=0.01)


AMOUNTS = st.dictionaries(
    st.text(alphabet="0123456789abcdef", min_size=8, max_size=8), st.integers(1, 10_000), min_size=1
)


@given(AMOUNTS, st.integers(0, 50), st.integers(0, 50))
def test_strict_shares_miss_by_less_than_a_speaker(
    amounts: dict[str, int], validation: int, testing: int
):
    places = dict(by_amount(amounts, validation, testing))
    assert set(places) == set(amounts), "everybody has a place"
    total, largest = sum(amounts.values()), max(amounts.values())
    for split, percent in ((Split.VALIDATION, validation), (Split.TESTING, testing)):
        share = sum(n for name, n in amounts.items() if places[name] == split)
        assert abs(share - total * percent / 100) <= largest + 1e-6
