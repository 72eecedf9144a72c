"""Tar members that are the same bytes on every machine: POSIX ustar, no clock, no owner."""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from corpus.exporters.files import ArchiveFile, ReadAudio, size_of

END = b"\0" * (2 * tarfile.BLOCKSIZE)


def header(path: str, num_bytes: int) -> bytes:
    """A member's header."""
    info = tarfile.TarInfo(path)
    info.size, info.mode, info.mtime = num_bytes, 0o644, 0
    # PAX only where a name needs it (long, or not ASCII): every tar reads both.
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "strict")


def padding(num_bytes: int) -> bytes:
    """What fills a member up to a whole block."""
    return b"\0" * (-num_bytes % tarfile.BLOCKSIZE)


def member_num_bytes(path: str, num_bytes: int) -> int:
    """How much of the archive a member takes."""
    return len(header(path, num_bytes)) + num_bytes + len(padding(num_bytes))


def tar_file(path: str, members: Callable[[], Iterable[ArchiveFile]]) -> ArchiveFile:
    """A tar as a file of an archive; ``members`` begins anew at each call."""
    return ArchiveFile(path, partial(_tar, members))


def _tar(members: Callable[[], Iterable[ArchiveFile]], read: ReadAudio) -> Iterator[bytes]:
    for member in members():
        known = member.measured()
        yield header(known.path, size_of(known))
        yield from known.chunks(read)
        yield padding(size_of(known))
    yield END
