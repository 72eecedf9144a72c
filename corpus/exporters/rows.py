"""What exporters take and give."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

SAMPLING_RATE_HZ = 16_000
#: A canonical PCM WAV header (RIFF, fmt, data) and one second of 16-bit mono.
SECOND_WAV_NUM_BYTES = 44 + 2 * SAMPLING_RATE_HZ


@dataclass(frozen=True)
class Row:
    """One clip of a release. ``clip_id`` is a UUID in its usual spelling, all lower case."""

    clip_id: str
    split: str
    pseudonym: str
    text: str
    kind: str
    language: str
    take: int
    num_samples: int
    master_sha256: str
    master_num_bytes: int
    loudest_second_offset: int

    @property
    def duration_s(self) -> float:
        """Exact to the sample."""
        return self.num_samples / SAMPLING_RATE_HZ


class Audio(Enum):
    """In which shape a clip's audio goes into an archive."""

    MASTER_FLAC = "master"
    LOUDEST_SECOND_WAV = "loudest second"
    WHOLE_WAV = "whole"


@dataclass(frozen=True)
class ArchiveFile:
    """A file of an archive: its path, its exact size, and its bytes or the clip they come from."""

    path: str
    num_bytes: int
    content: bytes | None = None
    row: Row | None = None
    audio: Audio | None = None

    @staticmethod
    def of_text(path: str, lines: Iterable[str]) -> ArchiveFile:
        """A UTF-8 text file, every line ended by LF."""
        content = "".join(f"{line}\n" for line in lines).encode()
        return ArchiveFile(path, len(content), content=content)

    @staticmethod
    def of_clip(path: str, row: Row, audio: Audio) -> ArchiveFile:
        """A clip's audio."""
        sizes = {
            Audio.MASTER_FLAC: row.master_num_bytes,
            Audio.LOUDEST_SECOND_WAV: SECOND_WAV_NUM_BYTES,
            Audio.WHOLE_WAV: 44 + 2 * row.num_samples,
        }
        return ArchiveFile(path, sizes[audio], row=row, audio=audio)


@dataclass(frozen=True)
class Exporter:
    """One format: its name in addresses, its name for people, and the function that lays it out.

    ``files`` takes the rows in byte order of their ids and yields the files in archive order.
    """

    format: str
    label: str
    description: str
    usage: str
    files: Callable[[Sequence[Row]], Iterator[ArchiveFile]]
