"""Gzip without compression (RFC 1951, section 3.2.4; RFC 1952).

Loaders want ``.gz``, but what a compressor writes differs between versions of zlib, and the same
release must be the same bytes on every machine. A text that is stored compresses well on the way,
by whatever the web server does.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from corpus.exporters.files import ArchiveFile, joined

_HEADER = b"\x1f\x8b\x08\x00" + bytes(4) + b"\x00\xff"  # no time, no name, no system
_MAX_BLOCK = 65_535


def gzipped_lines(path: str, lines: Callable[[], Iterable[str]]) -> ArchiveFile:
    """A UTF-8 text file in gzip's format; ``lines`` begins anew at each call."""
    return ArchiveFile(path, partial(_stored, lines))


def _stored(lines: Callable[[], Iterable[str]], _read: object) -> Iterator[bytes]:
    yield _HEADER
    crc, size, waiting = 0, 0, bytearray()
    for piece in joined(lines()):
        crc, size = zlib.crc32(piece, crc), size + len(piece)
        waiting += piece
        while len(waiting) >= _MAX_BLOCK:
            yield _block(waiting[:_MAX_BLOCK], last=False)
            del waiting[:_MAX_BLOCK]
    yield _block(waiting, last=True)
    yield struct.pack("<II", crc, size & 0xFFFFFFFF)


def _block(content: bytes | bytearray, *, last: bool) -> bytes:
    return struct.pack("<BHH", last, len(content), len(content) ^ 0xFFFF) + content
