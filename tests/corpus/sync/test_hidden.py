"""Copies under other names and in other places: found, or said not to have been looked into."""

from __future__ import annotations

import fcntl
import gzip
import io
import json
import os
import shutil
import tarfile
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet

from clients import choir_sync
from corpus.exporters import Audio
from tests.corpus.exporters.conftest import CLIPS
from tests.corpus.sync.shelves import RELEASE, Lists, lay_out, packed, read, rows_of

ROWS = rows_of(24)
GONE, OTHER = ROWS[0], ROWS[1]


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test pulls the plug of the machine, so none waits for the disk."""
    monkeypatch.setattr(os, "fsync", lambda _file: None)


class Killed(BaseException):
    """As if the machine had lost its power."""


def sync(verb: str, told: list[str], folder: Path) -> int:
    return choir_sync.main([*verb.split(), *told, str(folder)])


def voice(copy: Path) -> bytes:
    return (copy / "audio" / f"{GONE.clip_id}.flac").read_bytes()


def holders(folder: Path, content: bytes) -> list[str]:
    """The files that hold these bytes anywhere, what choir_sync keeps for itself included."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path.name for path in files if content in path.read_bytes()]


def by_another_id(copy: Path) -> None:
    shutil.copy(copy / "audio" / f"{GONE.clip_id}.flac", copy / "audio" / f"{uuid.uuid4()}.flac")


def by_its_id_and_another(copy: Path) -> None:
    name = f"{GONE.clip_id}_{uuid.uuid4()}.flac"
    shutil.copy(copy / "audio" / f"{GONE.clip_id}.flac", copy / "audio" / name)


def in_a_tar_of_ones_own(copy: Path) -> None:
    with tarfile.open(copy / "MINE.TAR", "w") as tar:
        tar.add(copy / "audio" / f"{GONE.clip_id}.flac", "data/one.flac")
        tar.add(copy / "audio" / f"{OTHER.clip_id}.flac", "data/two.flac")


@pytest.mark.parametrize("hide", [by_another_id, by_its_id_and_another, in_a_tar_of_ones_own])
def test_its_bytes_are_found_under_any_name(tmp_path: Path, hide: Callable[[Path], None]):
    lists, copy = Lists(tmp_path), lay_out(ROWS, "nemo", tmp_path / "copy")
    mine, others = voice(copy), (copy / "audio" / f"{OTHER.clip_id}.flac").read_bytes()
    hide(copy)
    kept = len(holders(copy, others))
    told = lists.publish([GONE])
    assert sync("check", told, copy) == choir_sync.Found.code
    assert [sync("prune --yes", told, copy), sync("check", told, copy)] == [0, 0]
    assert holders(copy, mine) == []
    assert len(holders(copy, others)) == kept


@pytest.mark.parametrize("names", ["*", ".", "folder"])
@pytest.mark.parametrize("format_name", ["speech-commands", "nemo"])
def test_a_release_that_somebody_packed_again_is_looked_into(
    tmp_path: Path, format_name: str, names: str
):
    lists, copy = Lists(tmp_path), lay_out(ROWS, format_name, tmp_path / "copy")
    told = lists.publish([GONE])
    kept = tmp_path / "kept"
    kept.mkdir()
    with tarfile.open(kept / "mine.tar", "w") as tar:
        if names == "*":
            for path in sorted(copy.iterdir()):
                tar.add(path, path.name)
        else:
            tar.add(copy, "." if names == "." else copy.name)  # folders have members of their own
    num_files = len([path for path in copy.rglob("*") if path.is_file()])
    found = [read(GONE, audio) for audio in Audio]
    assert sync("check", told, kept) == choir_sync.Found.code
    assert [sync("prune --yes", told, kept), sync("check", told, kept)] == [0, 0]
    for content in found:
        assert holders(kept, content) == []
    assert "mine.tar" not in holders(kept, GONE.clip_id.encode())
    with tarfile.open(kept / "mine.tar") as tar:
        assert len([each for each in tar if each.isfile()]) == num_files - 1


def test_manifests_that_end_in_json_lose_their_lines_and_other_json_is_left(tmp_path: Path):
    lists, copy = Lists(tmp_path), lay_out(ROWS, "nemo", tmp_path / "copy")
    lines = [json.dumps({"audio_filepath": f"audio/{row.clip_id}.flac"}) for row in ROWS[:3]]
    (copy / "train.json").write_text("\n".join(lines) + "\n")
    (copy / "notes.json").write_text(json.dumps({"about": [row.clip_id for row in ROWS]}))
    before = (copy / "notes.json").read_bytes()
    assert sync("prune --yes", lists.publish([GONE]), copy) == 0
    assert (copy / "train.json").read_text().splitlines() == lines[1:]
    assert (copy / "notes.json").read_bytes() == before


def linked_folder(copy: Path) -> None:
    away = copy.parent / "away"
    (copy / "more").mkdir()
    (copy / "more").rename(away)
    (copy / "more").symlink_to(away)


def foreign_parquet(copy: Path) -> None:
    parquet.write_table(pyarrow.table({"id": [1], "audio": [voice(copy)]}), copy / "own.parquet")


def broken_parquet(copy: Path) -> None:
    (copy / "own.parquet").write_bytes(b"PAR1 and no more")


def broken_gzip(copy: Path) -> None:
    (copy / "own.jsonl.gz").write_bytes(gzip.compress(b"{}\n" * 1000)[:-12])


def archive(name: str) -> Callable[[Path], None]:
    def put(copy: Path) -> None:
        (copy / name).write_bytes(b"whatever")

    put.__name__ = name
    return put


ARCHIVES = ["old.ZIP", "old.rar", "old.tbz2", "old.txz", "old.tar.lz4", "old.tar.Z", "x.wav.gz"]


@pytest.mark.parametrize(
    "put",
    [linked_folder, foreign_parquet, broken_parquet, broken_gzip, *map(archive, ARCHIVES)],
    ids=lambda put: put.__name__,
)
def test_what_cannot_be_looked_into_is_named_and_stops_nothing_else(
    tmp_path: Path, put: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
):
    lists, copy = Lists(tmp_path), lay_out(ROWS, "nemo", tmp_path / "copy")
    put(copy)
    told = lists.publish([GONE])
    assert sync("check", told, copy) == choir_sync.Found.code
    assert sync("prune --yes", told, copy) == choir_sync.Unseen.code
    assert not list(copy.rglob(f"{GONE.clip_id}*"))
    assert sync("check", told, copy) == choir_sync.Unseen.code
    told_of = capsys.readouterr().err
    assert any(name in told_of for name in ("more", "own.", "old.", "x.wav.gz"))


def test_a_download_that_broke_off_may_hold_it_and_goes(tmp_path: Path):
    lists, copy = Lists(tmp_path), lay_out(ROWS, "nemo", tmp_path / "copy")
    mine, halves = voice(copy), copy / choir_sync.OWN / "parts"
    told = lists.publish([GONE])
    assert sync("prune --yes", told, copy) == 0
    halves.mkdir()
    (halves / "training-00000.tar").write_bytes(packed(ROWS, "nemo"))
    (copy / choir_sync.OWN / "half-1-1").write_bytes(mine)
    assert sync("check", told, copy) == choir_sync.Found.code
    assert [sync("prune --yes", told, copy), sync("check", told, copy)] == [0, 0]
    assert holders(copy, mine) == []


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is told to a site."""
    said: list[Any] = []

    def ask(_site: Any, _path: str, body: Any = None, **_headers: str) -> Any:
        said.append(body)
        return io.BytesIO()

    monkeypatch.setattr(choir_sync.Site, "ask", ask)
    return said


def test_nobody_attests_a_copy_in_which_something_is_left_to_do(
    tmp_path: Path, said: list[Any], monkeypatch: pytest.MonkeyPatch
):
    lists, copy = Lists(tmp_path), lay_out(ROWS, "nemo", tmp_path / "copy")
    told = lists.publish([GONE])
    (copy / choir_sync.OWN).mkdir()
    choir_sync.Copy(str(copy)).save(release=RELEASE, format="nemo", site="https://choir.example")

    def kill(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(choir_sync, "edit_manifest", kill)
        with pytest.raises(Killed):
            sync("prune --yes", told, copy)
    assert not list(copy.rglob(f"{GONE.clip_id}*"))
    assert (sync("attest", told, copy), said) == (choir_sync.Found.code, [])
    assert sync("prune --yes", told, copy) == 0
    (copy / choir_sync.OWN / "half-1-1").write_bytes(b"x")
    assert (sync("attest", told, copy), said) == (choir_sync.Found.code, [])
    (copy / choir_sync.OWN / "half-1-1").unlink()
    (copy / "old.zip").write_bytes(b"x")
    assert (sync("attest", told, copy), said) == (choir_sync.Unseen.code, [])
    (copy / "old.zip").unlink()
    assert sync("attest", told, copy) == 0
    assert [body["num_removed"] for body in said] == [1]


def test_two_runs_at_once_do_not_get_in_each_others_way(tmp_path: Path):
    lists, copy = Lists(tmp_path), lay_out(ROWS, "nemo", tmp_path / "copy")
    told = lists.publish([GONE])
    (copy / choir_sync.OWN).mkdir()
    with (copy / choir_sync.OWN / "lock").open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert sync("prune --yes", told, copy) == choir_sync.Busy.code
        assert voice(copy)
    assert sync("prune --yes", told, copy) == 0


@pytest.mark.parametrize(
    "name",
    ["../b", "a/../../b", "a//b", "..\\..\\b", "C:\\b", "c:b", ".choir-sync/state.json",
     ".Choir-Sync/state.json", ".choir-sync./state.json", "a/.. /b"],
)  # fmt: skip
def test_a_tar_puts_nothing_outside_of_the_copy_on_any_system(name: str):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        for path in (name, choir_sync.SUMS):
            tar.addfile(tarfile.TarInfo(f"words/{path}"))
    file.seek(0)
    with tarfile.open(fileobj=file) as tar, pytest.raises(choir_sync.Damaged):
        list(choir_sync.files_in(tar))


@pytest.mark.parametrize("text", [text for text, *_ in CLIPS])
def test_all_that_the_site_packs_is_harmless(text: str):
    rows = [row for row in ROWS if row.text == text]
    for format_name in ("speech-commands", "librispeech", "nemo"):
        with tarfile.open(fileobj=io.BytesIO(packed(rows, format_name))) as tar:
            assert list(choir_sync.files_in(tar))


@pytest.mark.parametrize("key", [b"not a key", b"-----BEGIN\n!!\n-----END", b'[{"key": 1}]', b"{}"])
def test_a_key_that_is_none_is_said_so(
    tmp_path: Path, key: bytes, capsys: pytest.CaptureFixture[str]
):
    lists, copy = Lists(tmp_path), lay_out(ROWS, "nemo", tmp_path / "copy")
    told = lists.publish([GONE])
    Path(told[-1]).write_bytes(key)
    assert sync("check", told, copy) == choir_sync.Unknown.code
    assert "holds no key of a site" in capsys.readouterr().err


def test_what_it_knows_of_a_copy_is_not_guessed_when_it_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    lists, copy = Lists(tmp_path), lay_out(ROWS, "nemo", tmp_path / "copy")
    (copy / choir_sync.OWN).mkdir()
    (copy / choir_sync.OWN / "state.json").write_bytes(b"")
    assert sync("check", lists.publish([GONE]), copy) == choir_sync.Unknown.code
    assert "cannot be read: restore that" in capsys.readouterr().err


def test_something_signed_that_is_no_list_is_refused(tmp_path: Path):
    lists, copy = Lists(tmp_path), lay_out(ROWS, "nemo", tmp_path / "copy")
    lists.publish()
    told = lists.told(b"{ no list \n]\n}\n")
    assert sync("check", told, copy) == choir_sync.Truncated.code
