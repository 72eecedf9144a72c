"""What exporters give: files, described before they are made and made while they are sent."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from dataclasses import dataclass, replace
from enum import Enum
from itertools import islice
from typing import Protocol

from corpus.exporters.contents import SAMPLING_RATE_HZ, Contents, Row, Shard

#: A canonical PCM WAV header: RIFF, fmt, data.
WAV_HEADER_NUM_BYTES = 44
#: Some 64 kB: a million small pieces cost more than their bytes.
CHUNK_LINES = 256


class Audio(Enum):
    """In which shape a clip's audio goes into an archive."""

    MASTER_FLAC = "master"
    LOUDEST_SECOND_WAV = "loudest second"
    WHOLE_WAV = "whole"


def audio_num_bytes(row: Row, audio: Audio) -> int:
    """The exact size of a clip in a shape, known without reading it."""
    if audio is Audio.MASTER_FLAC:
        return row.master_num_bytes
    one_second = audio is Audio.LOUDEST_SECOND_WAV
    return wav_num_bytes(SAMPLING_RATE_HZ if one_second else row.num_samples)


def wav_num_bytes(num_samples: int) -> int:
    """The size of a WAV of 16 bits and one channel."""
    return WAV_HEADER_NUM_BYTES + 2 * num_samples


class ReadAudio(Protocol):
    """Brings a clip's bytes in a shape."""

    def __call__(self, row: Row, audio: Audio) -> bytes:
        """The bytes; FileNotFoundError when the clip has been taken back meanwhile."""


def silence(row: Row, audio: Audio) -> bytes:
    """A ``ReadAudio`` that reads nothing: bytes of the right number, to measure files with."""
    return bytes(audio_num_bytes(row, audio))


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """A file of an archive: its path, and a function that makes its bytes, piece by piece.

    ``num_bytes`` and ``sha256`` are given where they are known beforehand. The size of a file
    must not depend on what is in the audio, only on how long it is: so an archive's length is
    known before its first byte.
    """

    path: str
    chunks: Callable[[ReadAudio], Iterable[bytes]]
    num_bytes: int | None = None
    sha256: str | None = None

    @staticmethod
    def of_lines(path: str, lines: Callable[[], Iterable[str]]) -> ArchiveFile:
        """A UTF-8 text file, every line ended by LF; ``lines`` begins anew at each call."""
        return ArchiveFile(path, lambda _read: joined(lines()))

    @staticmethod
    def of_clip(path: str, row: Row, audio: Audio) -> ArchiveFile:
        """A clip's audio."""
        sha256 = row.master_sha256 if audio is Audio.MASTER_FLAC else None
        num_bytes = audio_num_bytes(row, audio)
        return ArchiveFile(path, lambda read: (read(row, audio),), num_bytes, sha256)

    def measured(self, sums: Sums, *, has_audio: bool = True) -> ArchiveFile:
        """The same file with its size known, by making it once without any audio.

        ``sums`` remembers it, and the hash of what has no audio in it.
        """
        if self.num_bytes is not None:
            return self
        if self.path not in sums:
            sums[self.path] = _sum_of(self, hashed=not has_audio)
        num_bytes, sha256 = sums[self.path]
        return replace(self, num_bytes=num_bytes, sha256=sha256)


Sums = MutableMapping[str, tuple[int, str | None]]


def _sum_of(file: ArchiveFile, *, hashed: bool) -> tuple[int, str | None]:
    digest, num_bytes = hashlib.sha256(), 0
    for chunk in file.chunks(silence):
        num_bytes += len(chunk)
        if hashed:
            digest.update(chunk)
    return num_bytes, digest.hexdigest() if hashed else None


def joined(lines: Iterable[str]) -> Iterator[bytes]:
    """Lines, each ended by LF, as larger pieces."""
    left = iter(lines)
    while piece := list(islice(left, CHUNK_LINES)):
        piece.append("")
        yield "\n".join(piece).encode()


def size_of(file: ArchiveFile) -> int:
    """The size of a file that has been measured."""
    if file.num_bytes is None:
        raise ValueError(f"{file.path} has not been measured")
    return file.num_bytes


def sha256_of(file: ArchiveFile, read: ReadAudio) -> str:
    """The file's SHA-256 (hex): known, or found by making it."""
    if file.sha256 is not None:
        return file.sha256
    digest = hashlib.sha256()
    for chunk in file.chunks(read):
        digest.update(chunk)
    return digest.hexdigest()


@dataclass(frozen=True)
class Exporter:
    """One format: its name in addresses, its name for people, and two pure functions.

    ``texts`` lays out what describes the whole release, ``shard`` what a shard of it holds. So a
    large release is fetched in parts, and a withdrawal changes only the parts that it touches.
    ``description`` is for people, in English, and marked to be translated where it is shown;
    ``usage`` is the code with which the format's own loader opens it.
    """

    format: str
    label: str
    description: str
    usage: str
    texts: Callable[[Contents], Iterator[ArchiveFile]]
    shard: Callable[[Contents, Shard], Iterator[ArchiveFile]]


def master_path(clip_id: str) -> str:
    """Where a clip's master lies in the formats that do not prescribe it."""
    return f"audio/{clip_id}.flac"


def master_file(row: Row) -> ArchiveFile:
    """A clip's master, in its usual place."""
    return ArchiveFile.of_clip(master_path(row.clip_id), row, Audio.MASTER_FLAC)


def clip_files(place: Callable[[Row], ArchiveFile | None]) -> Callable[..., Iterator[ArchiveFile]]:
    """A ``shard`` function for formats in which each clip is a file; None leaves a clip out."""

    def shard_files(contents: Contents, shard: Shard) -> Iterator[ArchiveFile]:
        return (file for row in contents.rows(shard=shard, details=False) if (file := place(row)))

    return shard_files
