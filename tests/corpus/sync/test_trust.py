"""Which lists a copy follows, and which it refuses: each lie has its own exit code."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from clients import choir_sync
from corpus.revocations import keys
from tests.corpus.sync.shelves import Lists, lay_out, rows_of, tree_of

ROWS = rows_of(12)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test pulls the plug of the machine, so none waits for the disk."""
    monkeypatch.setattr(os, "fsync", lambda _file: None)


@pytest.fixture
def lists(tmp_path: Path) -> Lists:
    """A site that has published five lists."""
    made = Lists(tmp_path)
    for row in ROWS[:4]:
        made.publish([row])
    return made


@pytest.fixture
def copy(lists: Lists, tmp_path: Path) -> Path:
    """A copy that has followed the fifth."""
    folder = lay_out(ROWS, "nemo", tmp_path / "copy")
    assert prune(folder, lists.publish()) == 0
    return folder


def prune(copy: Path, told: list[str]) -> int:
    return choir_sync.main(["prune", "--yes", *told, str(copy)])


def forged(lists: Lists) -> list[str]:
    content = lists.content().replace(b"withdrawn", b"quality", 1)
    return lists.told(content, signature=lists.key.sign(lists.content()))


def signed_by_another(lists: Lists) -> list[str]:
    return lists.told(lists.content(), signature=keys.make_key().sign(lists.content()))


def truncated(lists: Lists) -> list[str]:
    content = lists.content()
    return lists.told(content[: len(content) * 2 // 3], signature=lists.key.sign(content))


def a_part(lists: Lists) -> list[str]:
    """Signed, but only what came since another: as a whole it would hide the rest."""
    content = lists.content().replace(b'"since": 0', b'"since": 2')
    return lists.told(content)


def fewer_than_it_says(lists: Lists) -> list[str]:
    content = lists.content()
    line = content.split(b"\n")[-4]
    return lists.told(content.replace(b",\n" + line, b""))


def rolled_back(lists: Lists) -> list[str]:
    lists.number, lists.entries = 3, lists.entries[:3]
    return lists.told(lists.content())


def begun_again(lists: Lists) -> list[str]:
    """As a site would that was restored from a backup and told nobody."""
    lists.number, lists.entries = 0, []
    return lists.publish()


def frozen(lists: Lists) -> list[str]:
    lists.at -= 3 * HOUR
    return lists.publish(valid=2 * HOUR)


def two_of_one_number(lists: Lists) -> list[str]:
    lists.number -= 1
    return lists.publish([ROWS[7]])


def one_that_forgets(lists: Lists) -> list[str]:
    lists.entries.pop(1)
    return lists.publish([ROWS[7]])


def one_that_follows_another(lists: Lists) -> list[str]:
    lists.sha256 = "f" * 64
    return lists.publish([ROWS[7]])


def from_tomorrow(lists: Lists) -> list[str]:
    lists.at += 24 * HOUR
    return lists.publish()


def of_a_new_key(lists: Lists) -> list[str]:
    lists.key = keys.make_key()
    return lists.publish()


@pytest.mark.parametrize(
    ("lie", "refusal"),
    [
        (forged, choir_sync.Forged),
        (signed_by_another, choir_sync.Forged),
        (truncated, choir_sync.Truncated),
        (a_part, choir_sync.Truncated),
        (fewer_than_it_says, choir_sync.Truncated),
        (rolled_back, choir_sync.RolledBack),
        (begun_again, choir_sync.RolledBack),
        (frozen, choir_sync.Frozen),
        (two_of_one_number, choir_sync.TwoLists),
        (one_that_forgets, choir_sync.TwoLists),
        (one_that_follows_another, choir_sync.TwoLists),
        (from_tomorrow, choir_sync.ClockWrong),
        (of_a_new_key, choir_sync.KeyChanged),
    ],
)
def test_a_lie_is_refused_with_its_code_and_changes_nothing(
    lists: Lists, copy: Path, capsys: pytest.CaptureFixture[str],
    lie: Callable[[Lists], list[str]], refusal: type[choir_sync.Refusal],
):  # fmt: skip
    state, before = (copy / ".choir-sync" / "state.json").read_bytes(), tree_of(copy)
    told = lie(lists)
    assert prune(copy, told) == refusal.code
    assert refusal.sentence in capsys.readouterr().err
    assert tree_of(copy) == before
    assert (copy / ".choir-sync" / "state.json").read_bytes() == state


def test_each_refusal_has_a_code_of_its_own():
    codes = [refusal.code for refusal in choir_sync.REFUSALS]
    assert len(set(codes)) == len(codes)
    assert not {0, 1, 2} & set(codes)


def test_the_same_list_again_is_no_lie(lists: Lists, copy: Path):
    told = lists.publish([ROWS[8]])
    assert [prune(copy, told), prune(copy, told)] == [0, 0]


@pytest.mark.parametrize("ahead_s", [-280, 280])
def test_clocks_may_differ_by_some_minutes_and_that_is_said(
    lists: Lists, copy: Path, capsys: pytest.CaptureFixture[str], ahead_s: int,
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    told, now = lists.publish(valid=timedelta(seconds=1)), time.time()
    monkeypatch.setattr(choir_sync, "SKEW_S", 300)
    monkeypatch.setattr(choir_sync.time, "time", lambda: now + ahead_s)
    assert prune(copy, told) == 0
    assert "The clocks differ" in capsys.readouterr().err


def test_a_clock_that_was_set_back_does_not_bring_an_old_list_to_life(
    lists: Lists, copy: Path, monkeypatch: pytest.MonkeyPatch
):
    """A list is past its time; its reader's clock is set back to when it was not."""
    now = time.time()
    lists.at -= HOUR / 2
    told = lists.publish(valid=HOUR / 4)
    assert prune(copy, told) == choir_sync.Frozen.code
    monkeypatch.setattr(choir_sync.time, "time", lambda: now - 1500)
    assert prune(copy, told) == choir_sync.ClockWrong.code


def test_a_new_key_that_the_old_one_signed_is_followed(lists: Lists, copy: Path, tmp_path: Path):
    old, lists.key = lists.key, keys.make_key()
    told, new = lists.publish([ROWS[8]]), keys.public_of(lists.key)
    chain = [
        {"public_key": keys.public_of(old), "signature": ""},
        {"public_key": new, "signature": keys.hand_over(old, new)},
    ]
    file = tmp_path / "keys.json"
    for signature, code in (("00" * 64, choir_sync.KeyChanged.code), (chain[1]["signature"], 0)):
        file.write_text(json.dumps([chain[0], {**chain[1], "signature": signature}]))
        assert prune(copy, [*told[:-1], str(file)]) == code


def test_what_came_since_is_put_together_to_the_byte(tmp_path: Path):
    from corpus.revocations import document

    lists = Lists(tmp_path)
    for count in (0, 1, 3):
        before = Lists(tmp_path, lists.key, lists.number, lists.sha256, list(lists.entries))
        known = lists.publish(ROWS[count : 2 * count])
        old = choir_sync.Listed(
            Path(known[1]).read_bytes(), json.loads(Path(known[1]).read_bytes())
        )
        num_known, old_sha256 = len(lists.entries), lists.sha256
        new = Path(lists.publish(ROWS[6 : 6 + count])[1]).read_bytes()
        release = json.loads(new)["releases"]
        head = document.Head(
            lists.number, lists.at, lists.at + timedelta(days=1), old_sha256,
            len(lists.entries), release,
        )  # fmt: skip
        delta = b"".join(
            document.since(
                head,
                old.number,
                old_sha256,
                document.sha256_of([new]),
                map(document.entry_line, lists.entries[num_known:]),
            )
        )
        more = choir_sync.Listed(delta, json.loads(delta))
        assert choir_sync.grown(old, more) == new
        wrong = choir_sync.Listed(delta, {**more.fields, "since_sha256": before.sha256})
        with pytest.raises(choir_sync.TwoLists):
            choir_sync.grown(old, wrong)
