"""The tar that is made while it is downloaded."""

from __future__ import annotations

import io
import tarfile

import pytest

from corpus.archive import Archive, ArchiveBroken
from corpus.exporters import ArchiveFile, Audio, Row
from corpus.exporters.speech_commands import word_folder
from corpus.http import parse_range
from corpus.pieces import in_large_pieces


def text_file(path: str, content: bytes, num_bytes: int | None = None) -> ArchiveFile:
    return ArchiveFile(path, lambda _read: (content[:3], content[3:]), num_bytes)


def no_audio(row: Row, audio: Audio) -> bytes:
    raise AssertionError("no clip is in this archive")


LONG_NAME = "folder/" + "ü" * 120 + ".txt"
FILES = {"empty.txt": b"", "a.txt": b"x" * 512, LONG_NAME: b"y" * 513}
ARCHIVE = Archive("root", lambda: [text_file(path, body) for path, body in FILES.items()])


def test_every_tar_reader_reads_it_and_its_length_is_known_before():
    tar = b"".join(ARCHIVE.stream(no_audio))
    assert len(tar) == ARCHIVE.num_bytes
    assert tar == b"".join(ARCHIVE.stream(no_audio))
    with tarfile.open(fileobj=io.BytesIO(tar)) as read:
        assert read.getnames() == [f"root/{path}" for path in FILES] + ["root/SHA256SUMS"]
        assert all((m.mtime, m.uid, m.uname, m.mode) == (0, 0, "", 0o644) for m in read)


def test_it_is_taken_up_again_at_any_byte():
    tar = b"".join(ARCHIVE.stream(no_audio))
    for start in range(0, len(tar) + 1, 97):
        assert b"".join(ARCHIVE.stream(no_audio, start)) == tar[start:]


def test_a_file_of_another_size_breaks_it_off():
    archive = Archive("root", lambda: [text_file("a", b"1234", 5)])
    with pytest.raises(ArchiveBroken, match="4 bytes, not 5"):
        list(archive.stream(no_audio))


@pytest.mark.parametrize(
    ("pieces", "sent"),
    [
        ([], []),
        ([b"", b""], []),
        ([b"ab", b"c"], [b"abc"]),
        ([b"ab", b"cd", b"e"], [b"abcd", b"e"]),
        ([b"abcdefgh", b"", b"ijkl"], [b"abcdefgh", b"ijkl"]),
    ],
)
def test_small_pieces_are_sent_together(pieces: list[bytes], sent: list[bytes]):
    assert list(in_large_pieces(pieces, 4)) == sent


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
        ("bytes=" + "9" * 18 + "-", (10**18 - 1, 0)),
        ("bytes=" + "9" * 5000 + "-", None),
        ("bytes=0-" + "9" * 5000, None),
        ("bytes=-" + "9" * 5000, None),
        ("bytes=٣-", None),
        ("bytes=0-1,5-6", None),
        ("items=0-1", None),
    ],
)
def test_ranges(header: str, part: tuple[int, int] | None):
    assert parse_range(header, 100) == part
