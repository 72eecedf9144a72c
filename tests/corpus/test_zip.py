"""The ZIP that is made while it is downloaded."""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import UTC, datetime

import pytest

from corpus.archive import ArchiveBroken
from corpus.takeout import zip as stored
from corpus.takeout.zip import Member, Zip, length_of

AT = datetime(2026, 11, 21, 9, 30, 4, tzinfo=UTC)
FILES = {"empty.txt": b"", "ordner/ä 語.txt": b"x" * 513, "sound.flac": bytes(range(256)) * 9}


def member(path: str, body: bytes) -> Member:
    return Member(path, len(body), lambda: (body[:5], body[5:]), at=AT)


ZIP = Zip("mine", lambda: [member(path, body) for path, body in FILES.items()])


def length() -> int:
    return length_of("mine", [(len(path.encode()), len(body)) for path, body in FILES.items()])


def opened(whole: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(whole)) as read:
        assert read.testzip() is None
        return {info.filename: read.read(info) for info in read.infolist()}


def test_every_reader_reads_it_and_its_length_is_known_before():
    whole = b"".join(ZIP.stream())
    assert len(whole) == length()
    assert opened(whole) == {f"mine/{path}": body for path, body in FILES.items()}
    with zipfile.ZipFile(io.BytesIO(whole)) as read:
        assert {info.date_time for info in read.infolist()} == {(2026, 11, 21, 9, 30, 4)}
        assert {info.external_attr >> 16 for info in read.infolist()} == {0o100644}


@pytest.mark.parametrize(("from_32", "from_16"), [(1 << 32, 1 << 16), (600, 1 << 16), (1 << 32, 2)])
def test_it_is_taken_up_again_at_any_byte(
    monkeypatch: pytest.MonkeyPatch, from_32: int, from_16: int
):
    """Also in the form for archives beyond 4 GiB, or of more than 65,535 files."""
    monkeypatch.setattr(stored, "FROM_32", from_32)
    monkeypatch.setattr(stored, "FROM_16", from_16)
    whole = b"".join(ZIP.stream())
    assert len(whole) == length()
    assert opened(whole) == {f"mine/{path}": body for path, body in FILES.items()}
    for start in range(0, len(whole) + 1, 61):
        assert b"".join(ZIP.stream(start)) == whole[start:]


def test_a_long_file_whose_sum_is_known_is_sent_in_pieces():
    pieces = [b"a" * 1000] * 3
    known = Member("long.txt", 3000, lambda: pieces, zlib.crc32(b"a" * 3000))
    sent = list(Zip("mine", lambda: [known]).stream())
    assert sent[1:4] == pieces
    assert opened(b"".join(sent)) == {"mine/long.txt": b"a" * 3000}


def test_what_is_gone_is_stood_in_for_at_its_size():
    def gone() -> list[bytes]:
        raise FileNotFoundError

    lost = Member("sound.flac", 20, gone, instead=b"Taken back.")
    both = Zip("mine", lambda: [lost, member("a", b"1234")])
    assert opened(b"".join(both.stream())) == {
        "mine/sound.flac": b"Taken back.         ",
        "mine/a": b"1234",
    }
    with pytest.raises(FileNotFoundError):  # the half that was sent before had other bytes
        list(both.stream(70))


def test_a_file_of_another_size_breaks_it_off():
    wrong = Member("a", 5, lambda: (b"1234",))
    with pytest.raises(ArchiveBroken, match="4 bytes, not 5"):
        list(Zip("mine", lambda: [wrong]).stream())
