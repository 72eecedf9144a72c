"""The order in which a set is read: pure, by table and by property."""

from __future__ import annotations

import uuid
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.rules import Offer, in_order, ring_place, spread_out


def offer(text: str, kind: str = "keyword", **fields: object) -> Offer:
    return Offer(uuid.uuid5(uuid.NAMESPACE_OID, f"{kind} {text} {fields}"), kind, text, **fields)  # type: ignore[arg-type]


def words(offers: list[Offer]) -> str:
    return " ".join(offer.text for offer in offers)


@pytest.mark.parametrize(
    ("left", "before", "spread"),
    [
        ("", None, ""),
        ("a", None, "a"),
        ("a", "a", "a"),
        ("a b", None, "a b"),
        ("a b", "a", "b a"),
        ("a a b", None, "a b a"),
        ("a b b", None, "b a b"),
        ("a b b", "b", "a b b"),
        ("a a b b", None, "a b a b"),
        ("a a b b", "a", "b a b a"),
        ("a a a b", None, "a b a a"),
        ("a b c c c", None, "c a c b c"),
        ("A a b", None, "A b a"),
    ],
)
def test_no_word_twice_in_a_row(left: str, before: str | None, spread: str):
    assert words(spread_out([offer(text) for text in left.split()], before)) == spread


def test_kinds_stay_together_and_what_was_skipped_comes_last():
    offers = [
        offer("skipped", is_skipped=True),
        offer("noise", "noise", seconds=5.0),
        offer("A sentence.", "sentence"),
        offer("often said", takes=3),
        offer("well covered", level=9),
        offer("needed", level=1),
    ]
    assert [o.text for o in in_order(offers, "anybody")] == [
        "needed",
        "well covered",
        "often said",
        "A sentence.",
        "noise",
        "skipped",
    ]


def test_equals_are_shuffled_for_each_speaker_and_again_the_next_time():
    numbers = [offer(f"word {n}") for n in range(10)]
    first = in_order(numbers, "one speaker")
    assert first == in_order(numbers[::-1], "one speaker"), "the same question, the same answer"
    assert first != in_order(numbers, "another speaker")
    said_once = [Offer(o.id, o.kind, o.text, takes=1) for o in numbers]
    assert words(in_order(said_once, "one speaker")) != words(first)


def test_what_was_said_last_is_not_asked_for_first():
    for seed in map(str, range(20)):
        offers = [offer("last", is_latest=True, takes=1), offer("other", takes=1)]
        assert words(in_order(offers, seed)) == "other last"


def test_places_are_all_round_the_ring():
    places = [ring_place(str(n)) for n in range(1000)]
    assert all(0 <= place < 1 for place in places)
    assert all(60 < sum(n / 10 <= p < (n + 1) / 10 for p in places) < 140 for n in range(10))


WORDS = st.lists(st.sampled_from("abcde"), max_size=40)


@given(WORDS, st.one_of(st.none(), st.sampled_from("abcde")))
def test_a_word_follows_itself_only_where_that_cannot_be_avoided(
    left: list[str], before: str | None
):
    spread = spread_out([offer(text) for text in left], before)
    assert Counter(o.text for o in spread) == Counter(left), "nothing is lost, nothing is added"
    read = [before, *(o.text for o in spread)]
    repeats = sum(a == b for a, b in pairwise(read))
    # Each of the n takes of a word needs another word before it; there are only so many others.
    too_many = [
        n - (len(left) - n) - (0 if word == before else 1) for word, n in Counter(left).items()
    ]
    assert repeats == max([0, *too_many])
