"""Tables made once and read again: the same bytes, whoever asks in whatever order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import pytest

from corpus.exporters import kept as module
from corpus.exporters.files import ArchiveFile, silence
from corpus.exporters.kept import Kept, Tables


class Counted:
    """A file of some pieces that counts how often it is made."""

    def __init__(self, path: str, *pieces: bytes) -> None:
        self.num_made = 0
        self.pieces = pieces
        self.file = ArchiveFile(path, self._chunks)

    def _chunks(self, _read: object) -> Iterator[bytes]:
        self.num_made += 1
        yield from self.pieces


def read(file: ArchiveFile) -> bytes:
    return b"".join(file.chunks(silence))


def test_a_file_is_made_once():
    kept, one, two = Kept(), Counted("one", b"a" * 300_000, b"b"), Counted("two", b"c")
    for _ in range(3):
        assert read(kept.keeping(one.file)) == b"a" * 300_000 + b"b"
        assert read(kept.keeping(two.file)) == b"c"
    assert (one.num_made, two.num_made) == (1, 1)
    assert "one" in kept and "three" not in kept


def test_what_broke_off_is_made_again():
    kept, one = Kept(), Counted("one", b"a", b"b")
    pieces = iter(kept.keeping(one.file).chunks(silence))
    assert next(pieces) == b"a"
    del pieces
    assert "one" not in kept
    assert read(kept.keeping(one.file)) == b"ab"
    assert read(kept.keeping(one.file)) == b"ab"
    assert one.num_made == 2


def test_files_made_in_turns_are_not_mixed_up():
    kept = Kept()
    files = Counted("one", b"a", b"b", b"c"), Counted("two", b"1", b"2", b"3")
    streams = [kept.keeping(each.file).chunks(silence) for each in files]
    turns = list(zip_longest(*streams))
    assert [b"".join(column) for column in zip(*turns, strict=True)] == [b"abc", b"123"]
    for _ in range(2):
        assert [read(kept.keeping(each.file)) for each in files] == [b"abc", b"123"]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 1, 0, 2, 2)])
def test_tables_come_out_of_one_pass(order: tuple[int, ...]):
    passes = []

    def blocks() -> Iterator[tuple[str, ...]]:
        passes.append(1)
        for number in range(1_000):
            yield f"a{number}\n", "", f"ü{number}\n\n"

    files = list(Tables(["a", "empty", "u"], blocks).files())
    assert [file.path for file in files] == ["a", "empty", "u"]
    wanted = [
        "".join(f"a{number}\n" for number in range(1_000)),
        "",
        "".join(f"ü{number}\n\n" for number in range(1_000)),
    ]
    for number in order:
        assert read(files[number]).decode() == wanted[number]
    assert len(passes) == 1


def test_nothing_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "ON_DISK", str(tmp_path))
    kept, one = Kept(), Counted("one", b"a")
    assert read(kept.keeping(one.file)) == b"a"
    tables = list(Tables(["t"], lambda: [("x\n",)]).files())
    assert read(tables[0]) == b"x\n"
    assert list(tmp_path.iterdir()) == []
