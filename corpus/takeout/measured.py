"""What is known of an archive before its first byte: the sizes and sums of what it will hold."""

from __future__ import annotations

import hashlib
import zlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple


@dataclass
class Gauge:
    """The size and the sums of a text, of which nothing is kept."""

    num_bytes: int = 0
    crc32: int = 0
    sha256: Any = field(default_factory=hashlib.sha256)

    @staticmethod
    def of(pieces: Iterable[bytes]) -> Gauge:
        """Those of all these pieces together."""
        gauge = Gauge()
        for piece in pieces:
            gauge.take(piece)
        return gauge

    def take(self, piece: bytes) -> None:
        """The text goes on with this piece."""
        self.num_bytes += len(piece)
        self.crc32 = zlib.crc32(piece, self.crc32)
        self.sha256.update(piece)


class Sizes:
    """How long paths and files are, in bytes; sixteen bytes are kept of each file."""

    def __init__(self) -> None:
        self._numbers = array("Q")

    def add(self, path: str, num_bytes: int) -> None:
        """One more file, behind the others."""
        self._numbers.extend((len(path.encode()), num_bytes))

    def __iter__(self) -> Iterator[tuple[int, int]]:
        """Each file's length of path and size, in order."""
        numbers = iter(self._numbers)
        return zip(numbers, numbers, strict=True)


class Measured(NamedTuple):
    """The texts by their paths, and the recordings, in the order in which they are sent."""

    texts: dict[str, Gauge]
    recordings: Sizes

    def sizes(self) -> Iterator[tuple[int, int]]:
        """Each file's length of path and size, in order."""
        for path, gauge in self.texts.items():
            yield len(path.encode()), gauge.num_bytes
        yield from self.recordings

    def tag(self) -> str:
        """The same for the same bytes: of all texts, which name each recording by its hash."""
        digest = hashlib.sha256()
        for path, gauge in self.texts.items():
            digest.update(f"{path}\0{gauge.num_bytes}\0".encode() + gauge.sha256.digest())
        return digest.hexdigest()[:32]
