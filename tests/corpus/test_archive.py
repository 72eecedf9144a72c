"""The tar that is made while it is downloaded."""

from __future__ import annotations

import io
import tarfile

import pytest

from corpus.archive import Archive, ArchiveBroken
from corpus.exporters import ArchiveFile
from corpus.exporters.speech_commands import word_folder
from corpus.http import parse_range


def _content(file: ArchiveFile) -> bytes:
    assert file.content is not None
    return file.content


def test_every_tar_reader_reads_it_and_its_length_is_known_before():
    long_name = "folder/" + "ü" * 120 + ".txt"
    files = [("empty.txt", b""), ("a.txt", b"x" * 512), (long_name, b"y" * 513)]
    archive = Archive("root", tuple(ArchiveFile(p, len(b), content=b) for p, b in files))
    tar = b"".join(archive.stream(_content))
    assert len(tar) == archive.num_bytes
    assert tar == b"".join(archive.stream(_content))
    with tarfile.open(fileobj=io.BytesIO(tar)) as read:
        assert read.getnames() == [f"root/{path}" for path, _ in files] + ["root/SHA256SUMS"]
        assert all((m.mtime, m.uid, m.uname, m.mode) == (0, 0, "", 0o644) for m in read)


def test_a_file_of_another_size_breaks_it_off():
    archive = Archive("root", (ArchiveFile("a", 5, content=b"1234"),))
    with pytest.raises(ArchiveBroken, match="4 bytes, not 5"):
        list(archive.stream(_content))


@pytest.mark.parametrize(
    ("text", "folder"),
    [
        ("Yes", "yes"),
        ("hey choir", "hey_choir"),
        ("../../etc", "etc"),
        ("a/b\\c", "a_b_c"),
        ("...", "_"),
        ("Ärger", "ärger"),
    ],
)
def test_a_word_is_a_harmless_folder(text: str, folder: str):
    assert word_folder(text) == folder


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("", None),
        ("bytes=0-3", (0, 4)),
        ("bytes=90-", (90, 10)),
        ("bytes=-10", (90, 10)),
        ("bytes=-1000", (0, 100)),
        ("bytes=0-1000", (0, 100)),
        ("bytes=100-", (100, 0)),
        ("bytes=5-3", (5, 0)),
        ("bytes=-", None),
        ("bytes=0-1,5-6", None),
        ("items=0-1", None),
    ],
)
def test_ranges(header: str, part: tuple[int, int] | None):
    assert parse_range(header, 100) == part
