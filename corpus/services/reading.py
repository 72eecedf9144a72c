"""Bringing the audio of a release's clips, in the shape that an export asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from collector.audio.cut import cut_second, whole_wav
from collector.storage import master_key
from collector.storage.ahead import FilesAhead
from corpus.exporters import Audio, Contents, Row
from corpus.exporters.contents import Rows

#: So many clips' keys are fetched by one query.
BATCH = 256


class AudioReader:
    """A ``ReadAudio`` for one download: each clip is cut from the one copy of its audio.

    A clip that was taken back while the download runs is no longer there: the read raises
    FileNotFoundError and the download breaks off, and the next one is without it.
    """

    def __init__(self) -> None:
        self._files = FilesAhead()

    def following(self, contents: Contents) -> Contents:
        """The same contents; whoever goes through their rows tells this reader what is coming."""
        return replace(contents, rows=_Followed(contents.rows, self._files))

    def __call__(self, row: Row, audio: Audio) -> bytes:
        """The clip's bytes in the shape."""
        flac = self._files.get(_name(row))
        if audio is Audio.LOUDEST_SECOND_WAV:
            return cut_second(flac, row.loudest_second_offset)
        return whole_wav(flac) if audio is Audio.WHOLE_WAV else flac


@dataclass(frozen=True)
class _Followed:
    """Rows that are expected to be read, one batch ahead."""

    rows: Rows
    files: FilesAhead

    def __call__(self, **query: Any) -> Iterator[Row]:
        left = self.rows(**query)
        if query.get("shard") is None:
            return left  # whoever reads audio goes through a shard
        return self._expected(left)

    def _expected(self, left: Iterator[Row]) -> Iterator[Row]:
        while batch := list(islice(left, BATCH)):
            self.files.expect([_name(row) for row in batch])
            yield from batch

    def columns(self, *names: str, **query: Any) -> Iterator[tuple[Any, ...]]:
        return self.rows.columns(*names, **query)


def _name(row: Row) -> str:
    return master_key(row.clip_id, row.master_sha256)
