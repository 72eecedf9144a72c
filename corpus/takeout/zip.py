"""A stored ZIP, made while it is being downloaded; nothing is written to disk.

PKWARE's APPNOTE 6.3.10, sections 4.3 (the parts) and 4.5.3 (ZIP64). Each member's size and sum
stand before its bytes, so that it can be unpacked from the stream; the time is the member's own,
so the same rows give the same bytes. Its length is known before its first byte, and it can be
taken up again in the middle.

None of the libraries for ZIP streams does the last, and they keep an object for every member:
here a member that was sent leaves its line in the directory, some hundred bytes.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from corpus.archive import ArchiveBroken

_LOCAL: Final = struct.Struct("<IHHHHHIIIHH")
_CENTRAL: Final = struct.Struct("<IHHHHHHIIIHHHHHII")
_ZIP64_OFFSET: Final = struct.Struct("<HHQ")
_ZIP64_END: Final = struct.Struct("<IQHHIIQQQQ")
_ZIP64_LOCATOR: Final = struct.Struct("<IIQI")
_END: Final = struct.Struct("<IHHHHIIH")

_UTF8: Final = 0x0800
_STORED: Final = 0
_BY_UNIX: Final = 3 << 8
_PLAIN, _ZIP64 = 20, 45  # the version of the format that a reader needs
_MODE: Final = 0o100644 << 16
_FULL_32, _FULL_16 = 0xFFFF_FFFF, 0xFFFF
#: From where on the 32 bits of an offset, and the 16 of a count, say "see ZIP64".
FROM_32, FROM_16 = _FULL_32, _FULL_16
#: The earliest time that the format can tell.
EARLIEST: Final = datetime(1980, 1, 1)


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the archive: its path, its size, and a function that makes its bytes.

    Without a ``crc32`` the bytes are made first and held for a moment: for what is small, as a
    clip is. ``instead`` stands in for bytes that are gone by then (FileNotFoundError).
    """

    path: str
    num_bytes: int
    pieces: Callable[[], Iterable[bytes]]
    crc32: int | None = None
    at: datetime = EARLIEST
    instead: bytes = b""


@dataclass(frozen=True)
class Zip:
    """The members under one root folder; ``members`` is called for each pass over them."""

    root: str
    members: Callable[[], Iterable[Member]]

    def stream(self, start: int = 0) -> Iterator[bytes]:
        """The archive's bytes from byte ``start`` on.

        Taken up in the middle, what was sent before is read once more, as the directory at the end
        tells its sums. Raises ArchiveBroken when a member turns out longer or shorter than it must
        be, FileNotFoundError when one that was sent before is gone since.
        """
        position, directory = 0, _Directory()
        for member in self.members():
            end = position + self._member_num_bytes(member)
            name = self._name(member)
            if end <= start:
                crc32 = _sum_of(member)
            else:
                crc32 = yield from _without_first(start - position, self._member(name, member))
            directory.add(name, member, crc32, position)
            position = end
        yield from _without_first(start - position, _end(directory, position))

    def _member(self, name: bytes, member: Member) -> Generator[bytes, None, int]:
        crc32, pieces = member.crc32, member.pieces
        if crc32 is None:
            whole = _whole(member)
            crc32, pieces = zlib.crc32(whole), lambda: (whole,)
        yield _local_header(name, member, crc32)
        written = 0
        for piece in pieces():
            written += len(piece)
            yield piece
        if written != member.num_bytes:
            raise ArchiveBroken(f"{member.path}: {written} bytes, not {member.num_bytes}")
        return crc32

    def _name(self, member: Member) -> bytes:
        return f"{self.root}/{member.path}".encode()

    def _member_num_bytes(self, member: Member) -> int:
        return _LOCAL.size + len(self._name(member)) + member.num_bytes


def length_of(root: str, sizes: Iterable[tuple[int, int]]) -> int:
    """The exact length of an archive, by its members' lengths of path and sizes, in their order."""
    position, directory, root_num_bytes = 0, _Directory(), len(f"{root}/".encode())
    for path_num_bytes, num_bytes in sizes:
        name_num_bytes = root_num_bytes + path_num_bytes
        directory.num_bytes += directory.line_num_bytes(name_num_bytes, position)
        directory.count += 1
        position += _LOCAL.size + name_num_bytes + num_bytes
    return position + directory.num_bytes + len(directory.end(position))


def _whole(member: Member) -> bytes:
    """All bytes of a member, or what stands in for them, filled up to the announced size."""
    try:
        return b"".join(member.pieces())
    except FileNotFoundError:
        return member.instead[: member.num_bytes].ljust(member.num_bytes)


def _sum_of(member: Member) -> int:
    if member.crc32 is not None:
        return member.crc32
    crc32 = 0
    for piece in member.pieces():
        crc32 = zlib.crc32(piece, crc32)
    return crc32


def _local_header(name: bytes, member: Member, crc32: int) -> bytes:
    size = member.num_bytes
    fixed = (0x04034B50, _PLAIN, _UTF8, _STORED, *_dos_time(member.at), crc32, size, size)
    return _LOCAL.pack(*fixed, len(name), 0) + name


def _dos_time(at: datetime) -> tuple[int, int]:
    """Time and date as MS-DOS has them, to two seconds (section 4.4.6)."""
    at = max(at.replace(tzinfo=None), EARLIEST)
    time = at.hour << 11 | at.minute << 5 | at.second // 2
    return time, (at.year - 1980) << 9 | at.month << 5 | at.day


class _Directory:
    """The central directory: a line for each member that was sent."""

    def __init__(self) -> None:
        self.lines = bytearray()
        self.count = self.num_bytes = 0

    def add(self, name: bytes, member: Member, crc32: int, offset: int) -> None:
        """The line of a member that begins at ``offset``."""
        extra = _ZIP64_OFFSET.pack(1, 8, offset) if offset >= FROM_32 else b""
        size = member.num_bytes
        needs = _ZIP64 if extra else _PLAIN
        fixed = (0x02014B50, _BY_UNIX | needs, needs, _UTF8, _STORED, *_dos_time(member.at))
        place = (len(name), len(extra), 0, 0, 0, _MODE, _FULL_32 if extra else offset)
        self.lines += _CENTRAL.pack(*fixed, crc32, size, size, *place) + name + extra
        self.count += 1
        self.num_bytes = len(self.lines)

    @staticmethod
    def line_num_bytes(name_num_bytes: int, offset: int) -> int:
        """How long a member's line is."""
        return _CENTRAL.size + name_num_bytes + (_ZIP64_OFFSET.size if offset >= FROM_32 else 0)

    def end(self, offset: int) -> bytes:
        """What follows the directory, which begins at ``offset``."""
        count, size = self.count, self.num_bytes
        if max(offset, size) < FROM_32 and count < FROM_16:
            return _END.pack(0x06054B50, 0, 0, count, count, size, offset, 0)
        made_by = _BY_UNIX | _ZIP64
        end = _ZIP64_END.pack(
            0x06064B50, _ZIP64_END.size - 12, made_by, _ZIP64, 0, 0, count, count, size, offset
        )
        locator = _ZIP64_LOCATOR.pack(0x07064B50, 0, offset + size, 1)
        few = (_FULL_16, _FULL_16, _FULL_32, _FULL_32)
        return end + locator + _END.pack(0x06054B50, 0, 0, *few, 0)


def _end(directory: _Directory, offset: int) -> Generator[bytes, None, int]:
    yield bytes(directory.lines)
    yield directory.end(offset)
    return 0


def _without_first(
    num_bytes: int, pieces: Generator[bytes, None, int]
) -> Generator[bytes, None, int]:
    """The pieces without their first bytes; returns what they return."""
    while True:
        try:
            piece = next(pieces)
        except StopIteration as end:
            return int(end.value)
        if len(piece) > num_bytes:
            yield piece[max(0, num_bytes) :]
        num_bytes -= len(piece)
