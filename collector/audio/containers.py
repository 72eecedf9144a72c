"""What kind of sound file this is, from its own first bytes, and whether all of it is there.

A name or a ``Content-Type`` is never believed. ffmpeg says nothing when the end of a WAV, Ogg
or MP4 file is missing, or a page of Ogg, so their outer structure is walked here, without reading
any sound.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from enum import StrEnum
from typing import BinaryIO

HEAD_BYTES = 12
WAV_UNKNOWN_BYTES = 0x7FFF_F000  # a recorder that streams writes this or more as the length
OGG_PAGE = struct.Struct("<5xB8xII4xB")
OGG_BEGINS = 2  # the flag of a stream's first page
MAX_PARTS = 50_000  # a minute has some thousands; more would only cost the worker time
MP4_FIRST_BOXES = (b"ftyp", b"moov", b"mdat", b"wide")


class Container(StrEnum):
    """The containers that are let in; each value is the name of ffmpeg's demuxer."""

    WAV = "wav"
    FLAC = "flac"
    OGG = "ogg"
    MATROSKA = "matroska"
    MP4 = "mp4"
    MP3 = "mp3"
    AAC = "aac"


def sniff(head: bytes) -> Container | None:
    """The container whose signature the first 12 bytes bear, or None."""
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return Container.WAV
    if head[4:8] in MP4_FIRST_BOXES:
        return Container.MP4
    for signature, container in _SIGNATURES.items():
        if head.startswith(signature):
            return container
    return _sniff_frame_sync(head)


_SIGNATURES = {
    b"fLaC": Container.FLAC,
    b"OggS": Container.OGG,
    b"\x1aE\xdf\xa3": Container.MATROSKA,
    b"ID3": Container.MP3,
}


def _sniff_frame_sync(head: bytes) -> Container | None:
    """MP3 and ADTS AAC have no header: each frame opens with eleven set bits and its layer."""
    if len(head) < 2 or head[0] != 0xFF:
        return None
    if head[1] & 0xF6 == 0xF0:
        return Container.AAC
    return Container.MP3 if head[1] & 0xE6 == 0xE2 else None


def is_incomplete(container: Container, file: BinaryIO) -> bool:
    """Whether the file's own structure says that bytes of it are missing, or has no end.

    Leaves the file at its start. An Ogg file cut exactly between two pages passes: its last page
    should be marked as the last, but Android's recorder never marks it.
    """
    size_bytes = file.seek(0, os.SEEK_END)
    file.seek(0)
    walk = _WALKS.get(container)
    incomplete = walk(file, size_bytes) if walk else False
    file.seek(0)
    return incomplete


def _wav_is_incomplete(file: BinaryIO, size_bytes: int) -> bool:
    """RIFF: chunks of name and length until ``data``. Zero or a huge length means "streamed".

    RF64 (EBU Tech 3306) tells the length of ``data`` in its ``ds64`` chunk.
    """
    file.seek(12)
    long_length_bytes = 0
    for _part in range(MAX_PARTS):
        header = file.read(8)
        if len(header) < 8:
            return True
        name, length_bytes = struct.unpack("<4sI", header)
        start = file.tell()
        if name == b"data":
            streamed = length_bytes == 0 or length_bytes >= WAV_UNKNOWN_BYTES
            return start + (long_length_bytes if streamed else length_bytes) > size_bytes
        if name == b"ds64":
            _riff_bytes, long_length_bytes = struct.unpack("<QQ", file.read(16).ljust(16, b"\0"))
        file.seek(start + length_bytes + length_bytes % 2)
    return True


def _mp4_is_incomplete(file: BinaryIO, size_bytes: int) -> bool:
    """ISO 14496-12: boxes of length and name; 1 means a 64-bit length, 0 "to the end"."""
    start = 0
    for _part in range(MAX_PARTS):
        if start >= size_bytes:
            return start > size_bytes
        file.seek(start)
        header = file.read(16)
        if len(header) < 8:
            return True
        length_bytes, _name, long_length_bytes = struct.unpack(">I4sQ", header.ljust(16, b"\0"))
        if length_bytes == 0:
            return False
        length_bytes = long_length_bytes if length_bytes == 1 else length_bytes
        start += max(length_bytes, 8)
    return True


def _ogg_is_incomplete(file: BinaryIO, size_bytes: int) -> bool:
    """RFC 3533: pages, each with its stream's serial and page number and its segments' lengths."""
    start = 0
    next_pages: dict[int, int] = {}
    for _part in range(MAX_PARTS):
        if start >= size_bytes:
            return start > size_bytes
        file.seek(start)
        header = file.read(27)
        if len(header) < 27 or not header.startswith(b"OggS"):
            return True
        flags, serial, page, segments = OGG_PAGE.unpack(header)
        if not flags & OGG_BEGINS and page != next_pages.get(serial, page):
            return True
        next_pages[serial] = page + 1 & 0xFFFF_FFFF
        start += 27 + segments + sum(file.read(segments))
    return True


_WALKS: dict[Container, Callable[[BinaryIO, int], bool]] = {
    Container.WAV: _wav_is_incomplete,
    Container.MP4: _mp4_is_incomplete,
    Container.OGG: _ogg_is_incomplete,
}
