"""Tables that are made once and read again: on the disk, under no name, until the download ends."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import BinaryIO

from corpus.exporters.files import ArchiveFile, ReadAudio

#: A large table would fill what is kept in memory there, as many systems' /tmp is.
ON_DISK = "/var/tmp"  # noqa: S108 - the file never has a name
PIECE_NUM_BYTES = 256 * 1024
#: So many blocks are joined before they are written.
BLOCKS_A_PIECE = 64

#: One block of lines for each of some tables, in their order; each line ends with LF.
Blocks = tuple[str, ...]


def _nameless() -> BinaryIO:
    folder = ON_DISK if os.access(ON_DISK, os.W_OK) else None
    return tempfile.TemporaryFile(dir=folder, prefix="choir-")


def _read(file: BinaryIO, begin: int, end: int) -> Iterator[bytes]:
    """By position, so that several may read at once."""
    while piece := os.pread(file.fileno(), min(PIECE_NUM_BYTES, end - begin), begin):
        begin += len(piece)
        yield piece


class Kept:
    """Files that were made to be measured, so that they need not be made again to be sent.

    For files without audio. Half of a first download's time is saved.
    """

    def __init__(self) -> None:
        self._file: BinaryIO | None = None
        self._places: dict[str, tuple[int, int]] = {}

    def __contains__(self, path: str) -> bool:
        return path in self._places

    def keeping(self, file: ArchiveFile) -> ArchiveFile:
        """The same file, whose bytes are kept when they are first made to their end."""
        return replace(file, chunks=partial(self._chunks, file))

    def _chunks(self, file: ArchiveFile, read: ReadAudio) -> Iterator[bytes]:
        if self._file is None:
            self._file = _nameless()
        if file.path in self._places:
            yield from _read(self._file, *self._places[file.path])
            return
        begin = end = self._file.seek(0, os.SEEK_END)
        for chunk in file.chunks(read):
            end += self._file.write(chunk)
            yield chunk
        self._file.flush()
        # Should two have been made in turns, their bytes lie among each other's.
        if self._file.tell() == end:
            self._places[file.path] = begin, end


class Tables:
    """Tables that are made together, in one pass over the rows, where each alone takes one.

    ``blocks`` begins anew at each call; what it gives is kept until the last of ``files`` is gone.
    """

    def __init__(self, paths: Collection[str], blocks: Callable[[], Iterable[Blocks]]) -> None:
        self._blocks = blocks
        self._paths = tuple(paths)
        self._made: list[BinaryIO] = []

    def files(self) -> Iterator[ArchiveFile]:
        """A file for each path, in their order."""
        for number, path in enumerate(self._paths):
            yield ArchiveFile(path, partial(self._chunks, number))

    def _chunks(self, number: int, _read_audio: ReadAudio) -> Iterator[bytes]:
        if not self._made:
            self._made = self._make()
        file = self._made[number]
        yield from _read(file, 0, os.fstat(file.fileno()).st_size)

    def _make(self) -> list[BinaryIO]:
        files = [_nameless() for _ in self._paths]
        left = iter(self._blocks())
        while piece := list(islice(left, BLOCKS_A_PIECE)):
            for file, column in zip(files, zip(*piece, strict=True), strict=True):
                file.write("".join(column).encode())
        for file in files:
            file.flush()
        return files
