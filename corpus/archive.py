"""A deterministic tar, made while it is being downloaded; nothing is written to disk.

POSIX ustar headers with time, owner and mode fixed: the same rows give the same bytes on every
machine. Its length is known before its first byte, and it can be taken up again in the middle.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field

from corpus.exporters.files import ArchiveFile, ReadAudio, Sums, sha256_of, size_of
from corpus.exporters.tar import END, header, member_num_bytes, padding

SUMS_PATH = "SHA256SUMS"
_SUM_LINE_OVERHEAD = 64 + 2 + 1  # the hash, two spaces, a line feed
#: Pieces of a member, and when they are all given, its SHA-256 (hex).
Pieces = Generator[bytes, None, str]


class ArchiveBroken(RuntimeError):
    """A file's bytes were not what the release says; the download is cut off rather than wrong."""


@dataclass(frozen=True)
class Archive:
    """The files of an archive under one root folder, ending with ``SHA256SUMS`` over them all.

    ``files`` is called for each pass over them, so that they need not be held. ``sums`` remembers
    what was measured, under the files' paths and, for the whole, under the archive's ``name``.
    """

    root: str
    files: Callable[[], Iterable[ArchiveFile]]
    sums: Sums = field(default_factory=dict)
    name: str = "//"

    @property
    def num_bytes(self) -> int:
        """The exact length of the stream; at first it costs a pass without the audio."""
        if self.name not in self.sums:
            self.sums[self.name] = (self._measured(), None)
        return self.sums[self.name][0]

    def _measured(self) -> int:
        members = sums = 0
        for file in self.files():
            members += self._member_num_bytes(file.path, size_of(file.measured(self.sums)))
            sums += _SUM_LINE_OVERHEAD + len(file.path.encode())
        return members + self._member_num_bytes(SUMS_PATH, sums) + len(END)

    def stream(self, read: ReadAudio, start: int = 0) -> Iterator[bytes]:
        """The archive's bytes from byte ``start`` on; ``read`` brings the audio.

        Raises ArchiveBroken when a file turns out longer or shorter than it must be.
        """
        position, sums = 0, bytearray()
        for file in self.files():
            known = file.measured(self.sums)
            end = position + self._member_num_bytes(known.path, size_of(known))
            if position >= start:
                digest = yield from self._member(known, read)
            elif end <= start:
                digest = sha256_of(known, read)
            else:
                digest = yield from _without_first(start - position, self._member(known, read))
            sums += f"{digest}  {known.path}\n".encode()
            position = end
        summary = ArchiveFile(SUMS_PATH, lambda _read: (bytes(sums),), len(sums))
        yield from _without_first(start - position, self._end(summary, read))

    def _end(self, summary: ArchiveFile, read: ReadAudio) -> Pieces:
        digest = yield from self._member(summary, read)
        yield END
        return digest

    def _member(self, file: ArchiveFile, read: ReadAudio) -> Pieces:
        yield header(self._path(file.path), size_of(file))
        # A hash that was frozen is told as it was: should the disk have changed a clip since, its
        # reader finds out by it, and no time is spent on it here.
        digest, written = hashlib.sha256(), 0
        for chunk in file.chunks(read):
            if file.sha256 is None:
                digest.update(chunk)
            written += len(chunk)
            yield chunk
        if written != file.num_bytes:
            raise ArchiveBroken(f"{file.path}: {written} bytes, not {file.num_bytes}")
        yield padding(written)
        return file.sha256 or digest.hexdigest()

    def _member_num_bytes(self, path: str, num_bytes: int) -> int:
        return member_num_bytes(self._path(path), num_bytes)

    def _path(self, path: str) -> str:
        return f"{self.root}/{path}"


def _without_first(num_bytes: int, pieces: Pieces) -> Pieces:
    """The pieces without their first bytes; returns the SHA-256 that they return."""
    while True:
        try:
            piece = next(pieces)
        except StopIteration as end:
            return str(end.value)
        if len(piece) > num_bytes:
            yield piece[max(0, num_bytes) :]
        num_bytes -= len(piece)
