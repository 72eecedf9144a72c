"""Tar members that are the same bytes on every machine: POSIX ustar, no clock, no owner."""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from corpus.exporters.files import ArchiveFile, ReadAudio, size_of

END = b"\0" * (2 * tarfile.BLOCKSIZE)
_NAME_NUM_BYTES = 100
_MAX_NUM_BYTES = 8**11 - 1
#: A plain header behind its name, around its size and its sum: mode, owner 0, group 0; time 0;
#: a regular file, no link, "ustar" of version 00, no names, no device, no prefix.
_BEFORE_SIZE = b"0000644\0" + 2 * b"0000000\0"
_AFTER_SIZE = b"\0" + b"0" * 11 + b"\0"
_AFTER_SUM = b"\0 0" + bytes(100) + b"ustar\x0000" + bytes(32 + 32 + 8 + 8 + 155 + 12)
#: The sum counts itself as eight spaces.
_FIXED_SUM = sum(_BEFORE_SIZE) + sum(_AFTER_SIZE) + sum(_AFTER_SUM[2:]) + 8 * ord(" ")


def _is_plain(path: str, num_bytes: int) -> bool:
    return len(path) <= _NAME_NUM_BYTES and path.isascii() and num_bytes <= _MAX_NUM_BYTES


def header(path: str, num_bytes: int) -> bytes:
    """A member's header.

    The plain ones, which nearly all are, are put together here: ``tarfile`` takes longer for one
    than all else that a clip costs, and does not write the same in each version of Python.
    """
    if _is_plain(path, num_bytes):
        name, size = path.encode(), b"%011o" % num_bytes
        total = b"%06o" % (_FIXED_SUM + sum(name) + sum(size))
        name = name.ljust(_NAME_NUM_BYTES, b"\0")
        return b"".join((name, _BEFORE_SIZE, size, _AFTER_SIZE, total, _AFTER_SUM))
    info = tarfile.TarInfo(path)
    info.size, info.mode, info.mtime = num_bytes, 0o644, 0
    # PAX only where a name needs it (long, or not ASCII): every tar reads both.
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "strict")


def padding(num_bytes: int) -> bytes:
    """What fills a member up to a whole block."""
    return b"\0" * (-num_bytes % tarfile.BLOCKSIZE)


def member_num_bytes(path: str, num_bytes: int) -> int:
    """How much of the archive a member takes."""
    plain = _is_plain(path, num_bytes)
    header_num_bytes = tarfile.BLOCKSIZE if plain else len(header(path, num_bytes))
    return header_num_bytes + num_bytes + -num_bytes % tarfile.BLOCKSIZE


def tar_file(path: str, members: Callable[[], Iterable[ArchiveFile]]) -> ArchiveFile:
    """A tar as a file of an archive; ``members`` begins anew at each call."""
    return ArchiveFile(path, partial(_tar, members))


def _tar(members: Callable[[], Iterable[ArchiveFile]], read: ReadAudio) -> Iterator[bytes]:
    for member in members():
        known = member.measured({})
        yield header(known.path, size_of(known))
        yield from known.chunks(read)
        yield padding(size_of(known))
    yield END
