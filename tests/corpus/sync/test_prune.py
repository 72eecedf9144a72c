"""What prune does to a copy, whatever it looks like and wherever it is broken off."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients import choir_sync
from corpus.exporters import EXPORTERS, Row
from tests.corpus.sync.shelves import Lists, lay_out, packed, rows_of, tree_of

ROWS = rows_of(24)
SOME = rows_of(50)
#: Several row groups, and manifests longer than a block of gzip.
MANY = rows_of(430)
PACKED = ("parquet", "lhotse-shar", "webdataset")
EXAMPLES = int(os.environ.get("CHOIR_EXAMPLES", "2"))


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test pulls the plug of the machine, so none waits for the disk."""
    monkeypatch.setattr(os, "fsync", lambda _file: None)


class Killed(BaseException):
    """As if the machine had lost its power."""


@pytest.mark.parametrize("format_name", EXPORTERS)
@settings(
    max_examples=EXAMPLES, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(lots=st.sets(st.integers(0, len(MANY) - 1), min_size=1), rounds=st.integers(1, 2))
def test_a_pruned_copy_is_a_fresh_export_of_what_is_left(
    tmp_path_factory: pytest.TempPathFactory, format_name: str, lots: set[int], rounds: int
):
    rows = MANY if format_name in PACKED else SOME
    gone = {number % len(rows) for number in lots}
    folder = tmp_path_factory.mktemp("mirror")
    lists, copy = Lists(folder), lay_out(rows, format_name, folder / "copy")
    order = sorted(gone)
    for part in (order[: len(order) // rounds], order):
        new = [rows[n] for n in part if rows[n].clip_id not in str(lists.entries)]
        assert choir_sync.main(["prune", "--yes", *lists.publish(new), str(copy)]) == 0
    left = [row for number, row in enumerate(rows) if number not in gone]
    fresh = tree_of(lay_out(left, format_name, folder / "fresh", lists.revision))
    pruned = tree_of(copy)
    assert set(pruned) == set(fresh)
    assert [path for path in fresh if pruned[path] != fresh[path]] == []
    shutil.rmtree(folder)


def kept_packed(rows: list[Row], format_name: str, folder: Path, revision: int = 0) -> Path:
    """A release of these rows as it was downloaded."""
    folder.mkdir()
    (folder / "mine.tar").write_bytes(packed(rows, format_name, revision))
    return folder


@pytest.mark.parametrize(
    ("kept", "format_name"),
    [*product([lay_out], EXPORTERS), (kept_packed, "nemo")],
)
def test_killed_at_any_step_it_completes_when_it_is_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: Callable[..., Path], format_name: str
):
    # Packed, all that is unpacked and packed again is a step, too.
    rows = ROWS[:5] if kept is lay_out else ROWS[:2]
    lists, original = Lists(tmp_path), kept(rows, format_name, tmp_path / "original")
    gone = rows[::4]
    told = lists.publish(gone)
    left = [row for row in rows if row not in gone]
    fresh = tree_of(kept(left, format_name, tmp_path / "fresh", lists.revision))
    at, steps = 0, [0]

    def kill() -> None:
        steps[0] += 1
        if steps[0] == at:
            raise Killed

    while steps[0] >= at:
        at, steps[0], copy = at + 1, 0, tmp_path / f"copy-{at}"
        shutil.copytree(original, copy)
        monkeypatch.setattr(choir_sync, "step", kill)
        try:
            choir_sync.main(["prune", "--yes", *told, str(copy)])
        except Killed:
            monkeypatch.setattr(choir_sync, "step", lambda: None)
            assert choir_sync.main(["prune", "--yes", *told, str(copy)]) == 0
        assert tree_of(copy) == fresh, f"killed at step {at}"
        kept_aside = {path.name for path in (copy / choir_sync.OWN).iterdir()}
        assert kept_aside <= {"state.json", "list.json", "list.sig", "hashes.json", "lock"}
        shutil.rmtree(copy)
    assert at > 8


def test_nothing_is_changed_without_yes(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    lists, copy = Lists(tmp_path), lay_out(ROWS, "nemo", tmp_path / "copy")
    before = tree_of(copy)
    assert choir_sync.main(["prune", *lists.publish(ROWS[:2]), str(copy)]) == choir_sync.Found.code
    assert tree_of(copy) == before
    said = capsys.readouterr().out
    assert f"remove  audio/{ROWS[0].clip_id}.flac" in said
    assert "2 clips of this copy were taken back." in said


def rename_flac(copy: Path) -> Path:
    (old,) = copy.glob(f"audio/{ROWS[0].clip_id}.flac")
    return old.rename(copy / "mine.bin")


def twice(copy: Path) -> Path:
    (old,) = copy.glob(f"audio/{ROWS[0].clip_id}.flac")
    return Path(shutil.copy(old, copy / "audio" / "my favourite.flac"))


def in_a_folder(copy: Path) -> Path:
    shutil.copytree(copy / "audio", copy / "experiments" / "seven")
    return copy / "experiments" / "seven" / f"{ROWS[0].clip_id}.flac"


@pytest.mark.parametrize("hide", [rename_flac, twice, in_a_folder])
def test_copies_are_found_by_their_hash_and_by_their_name(
    tmp_path: Path, hide: Callable[[Path], Path]
):
    lists, copy = Lists(tmp_path), lay_out(ROWS, "nemo", tmp_path / "copy")
    hidden = hide(copy)
    assert choir_sync.main(["prune", "--yes", *lists.publish(ROWS[:1]), str(copy)]) == 0
    assert not hidden.exists()
    assert not list(copy.rglob(f"{ROWS[0].clip_id}*"))
    assert choir_sync.main(["prune", "--yes", *lists.publish(), str(copy)]) == 0


@pytest.mark.parametrize("format_name", EXPORTERS)
def test_a_release_that_was_never_unpacked_is_pruned_to_a_fresh_download(
    tmp_path: Path, format_name: str
):
    lists, tar = Lists(tmp_path), tmp_path / "copy" / "mine.tar"
    tar.parent.mkdir()
    tar.write_bytes(packed(ROWS, format_name))
    left = list(ROWS)
    for _ in range(2):
        gone = [left.pop(number) for number in (9, 4, 0)]
        told = lists.publish(gone)
        check = ["check", *told, str(tar.parent)]
        assert choir_sync.main(check) == choir_sync.Found.code
        assert choir_sync.main(["prune", "--yes", *told, str(tar.parent)]) == 0
        assert tar.read_bytes() == packed(left, format_name, lists.revision)
        assert choir_sync.main(check) == 0
        assert list(tree_of(tar.parent)) == ["mine.tar"]


def test_a_packed_release_that_is_no_tar_any_more_or_hides_a_path_is_refused(tmp_path: Path):
    lists, tar = Lists(tmp_path), tmp_path / "copy" / "mine.tar"
    tar.parent.mkdir()
    told = lists.publish(ROWS[:1])
    whole = packed(ROWS, "nemo")
    name = f"words-1.0-nemo/audio/{ROWS[1].clip_id}.flac".encode()
    outside = b"words-1.0-nemo/../".ljust(len(name), b"x")
    for broken in (whole[: len(whole) // 2], b"no tar", retold(whole, name, outside)):
        tar.write_bytes(broken)
        code = choir_sync.main(["prune", "--yes", *told, str(tar.parent)])
        assert code == choir_sync.Damaged.code
        assert tar.read_bytes() == broken


def retold(tar: bytes, name: bytes, other: bytes) -> bytes:
    """The tar with another name for one member, and a right sum of its header."""
    at = tar.index(name)
    header = tar[at : at + 512].replace(name, other)
    total = sum(header[:148]) + 8 * ord(" ") + sum(header[156:])
    return tar[:at] + header[:148] + b"%06o\0 " % total + header[156:] + tar[at + 512 :]


@pytest.mark.parametrize("ending", ["tar.gz", "zip"])
def test_what_is_compressed_is_not_taken_for_clean_and_stops_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str
):
    lists, copy = Lists(tmp_path), lay_out(ROWS, "nemo", tmp_path / "copy")
    (copy / f"old.{ending}").write_bytes(b"whatever")
    told = lists.publish(ROWS[:1])
    assert choir_sync.main(["check", *told, str(copy)]) == choir_sync.Found.code
    assert choir_sync.main(["prune", "--yes", *told, str(copy)]) == choir_sync.Unseen.code
    assert not list(copy.rglob(f"{ROWS[0].clip_id}*"))
    assert choir_sync.main(["check", *told, str(copy)]) == choir_sync.Unseen.code
    assert f"old.{ending}" in capsys.readouterr().err


def test_of_two_clips_that_sound_the_same_the_other_one_stays(tmp_path: Path):
    lists, copy = Lists(tmp_path), lay_out(ROWS, "nemo", tmp_path / "copy")
    one, other = (copy / "audio" / f"{row.clip_id}.flac" for row in ROWS[:2])
    shutil.copy(one, other)
    assert choir_sync.main(["prune", "--yes", *lists.publish(ROWS[:1]), str(copy)]) == 0
    assert (one.exists(), other.exists()) == (False, True)


def test_verify_tells_of_each_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    copy = lay_out(ROWS, "nemo", tmp_path / "copy")
    assert choir_sync.main(["verify", str(copy)]) == 0
    lost, changed = (copy / "audio" / f"{row.clip_id}.flac" for row in ROWS[:2])
    lost.unlink()
    changed.write_bytes(b"x")
    (copy / "notes.md").write_text("mine")
    assert choir_sync.main(["verify", str(copy)]) == choir_sync.Damaged.code
    said = capsys.readouterr().err
    for line in (f"missing: audio/{lost.name}", f"changed: audio/{changed.name}", "notes.md"):
        assert line in said
