"""The bytes of a list, and when it is due."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from corpus.revocations import document
from corpus.revocations.timing import is_due, time_of_list

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ENTRY = document.Entry(
    uuid.UUID(int=7), {"wav": "b" * 64, "flac": "a" * 64}, NOON, "words-1", "withdrawn"
)


def head(number: int = 2, num_entries: int = 1) -> document.Head:
    return document.Head(
        number, NOON, NOON + timedelta(days=1), "0" * 64, num_entries,
        {"b": {"name": "words-2", "revision": 0}, "a": {"revision": 3, "name": "words-1"}},
    )  # fmt: skip


def test_a_list_is_these_bytes():
    assert b"".join(document.whole(head(), [document.entry_line(ENTRY)])).decode() == (
        '{\n"list_number": 2,\n"since": 0,\n"this_update": "2026-11-21T12:00:00Z",\n'
        '"next_update": "2026-11-22T12:00:00Z",\n'
        f'"previous_sha256": "{"0" * 64}",\n"num_entries": 1,\n'
        '"releases": {"a":{"name":"words-1","revision":3},"b":{"name":"words-2","revision":0}},\n'
        '"entries": [\n'
        '{"clip_id":"00000000-0000-0000-0000-000000000007",'
        f'"sha256":{{"flac":"{"a" * 64}","wav":"{"b" * 64}"}},'
        '"revoked_at":"2026-11-21T12:00:00Z","first_release":"words-1","reason":"withdrawn"}\n'
        "]\n}\n"
    )


@pytest.mark.parametrize("count", [0, 1, 2, 511, 512, 513, 1025])
def test_a_list_of_any_length_is_json(count: int):
    parsed = json.loads(b"".join(document.whole(head(), [document.entry_line(ENTRY)] * count)))
    assert len(parsed["entries"]) == count


def test_what_came_since_names_the_hashes_of_both_lists():
    parsed = json.loads(b"".join(document.since(head(), 1, "c" * 64, "d" * 64, [])))
    assert (parsed["since"], parsed["since_sha256"], parsed["whole_sha256"]) == (
        1, "c" * 64, "d" * 64,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("after_s", "has_waiting", "due"),
    [
        (0, False, False), (0, True, False), (9, True, False), (10, True, True),
        (43_199, False, False), (43_200, False, True), (90_000, False, True),
        (-3_600, True, False),  # the clock was set back
    ],
)  # fmt: skip
def test_when_a_list_is_due(after_s: int, has_waiting: bool, due: bool):
    newest = (NOON, NOON + timedelta(days=1))
    assert is_due(NOON + timedelta(seconds=after_s), newest, has_waiting=has_waiting) is due


def test_the_first_list_is_due_at_once():
    assert is_due(NOON, None, has_waiting=False)


def test_no_list_looks_older_than_the_one_before_it():
    assert time_of_list(NOON - timedelta(hours=1), NOON) == NOON
    assert time_of_list(NOON + timedelta(microseconds=5), None) == NOON
