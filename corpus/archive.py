"""A deterministic tar, made while it is being downloaded; nothing is written to disk.

POSIX ustar headers with time, owner and mode fixed: the same rows give the same bytes on every
machine. Its length is known before its first byte, from the sizes alone.
"""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from corpus.exporters.rows import ArchiveFile

SUMS_PATH = "SHA256SUMS"
_SUM_LINE_OVERHEAD = 64 + 2 + 1  # the hash, two spaces, a line feed
_END = b"\0" * (2 * tarfile.BLOCKSIZE)


class ArchiveBroken(RuntimeError):
    """A file's bytes were not what the release says; the download is cut off rather than wrong."""


@dataclass(frozen=True)
class Archive:
    """The files of an archive under one root folder, ending with ``SHA256SUMS`` over them all."""

    root: str
    files: tuple[ArchiveFile, ...]

    @property
    def num_bytes(self) -> int:
        """The exact length of the stream."""
        sums = sum(_SUM_LINE_OVERHEAD + len(file.path.encode()) for file in self.files)
        sizes = [(file.path, file.num_bytes) for file in self.files] + [(SUMS_PATH, sums)]
        return sum(self._member_num_bytes(*size) for size in sizes) + len(_END)

    def _member_num_bytes(self, path: str, num_bytes: int) -> int:
        return len(self._header(path, num_bytes)) + num_bytes + len(_padding(num_bytes))

    def _header(self, path: str, num_bytes: int) -> bytes:
        info = tarfile.TarInfo(f"{self.root}/{path}")
        info.size, info.mode, info.mtime = num_bytes, 0o644, 0
        # PAX only where a name needs it (long, or not ASCII): every tar reads both.
        return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "strict")

    def stream(self, read: Callable[[ArchiveFile], bytes]) -> Iterator[bytes]:
        """The archive's bytes; ``read`` brings a file's. Raises ArchiveBroken on a wrong size."""
        sums: list[str] = []
        for file in self.files:
            content = read(file)
            if len(content) != file.num_bytes:
                raise ArchiveBroken(f"{file.path}: {len(content)} bytes, not {file.num_bytes}")
            sums.append(f"{hashlib.sha256(content).hexdigest()}  {file.path}\n")
            yield from self._member(file.path, content)
        yield from self._member(SUMS_PATH, "".join(sums).encode())
        yield _END

    def _member(self, path: str, content: bytes) -> Iterable[bytes]:
        return self._header(path, len(content)), content, _padding(len(content))


def _padding(num_bytes: int) -> bytes:
    return b"\0" * (-num_bytes % tarfile.BLOCKSIZE)
