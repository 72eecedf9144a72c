"""The tables of the parquet export, by pyarrow: 30 MB that a process holds once it has made one.

Imported when a table is asked for: no worker ever makes one, and few requests do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pyarrow
import pyarrow.parquet

from corpus.exporters.audiofolder import fields
from corpus.exporters.contents import SAMPLING_RATE_HZ, Contents, Row, Shard
from corpus.exporters.files import Audio, ReadAudio

ROW_GROUP_CLIPS = 100
_TYPES = {"take": "int64", "duration": "float64"}
_ARROW: dict[str, Any] = {
    "string": pyarrow.string(),
    "int64": pyarrow.int64(),
    "float64": pyarrow.float64(),
}
_COLUMNS = (
    "id", "text", "kind", "language", "speaker", "take", "duration", "age", "gender", "accent",
)  # fmt: skip


def schema() -> pyarrow.Schema:
    """The table's columns, and Hugging Face's words for them."""
    audio = pyarrow.struct([("bytes", pyarrow.binary()), ("path", pyarrow.string())])
    types = {name: _TYPES.get(name, "string") for name in _COLUMNS}
    features: dict[str, Any] = {"audio": {"sampling_rate": SAMPLING_RATE_HZ, "_type": "Audio"}}
    features |= {name: {"dtype": kind, "_type": "Value"} for name, kind in types.items()}
    columns = [("audio", audio), *((name, _ARROW[kind]) for name, kind in types.items())]
    described = json.dumps({"info": {"features": features}})
    return pyarrow.schema(columns, metadata={"huggingface": described})


def table(contents: Contents, shard: Shard, read: ReadAudio) -> Iterator[bytes]:
    """A shard's clips as a parquet file, one row group after the other."""
    sink = _Sink()
    described = schema()
    with pyarrow.parquet.ParquetWriter(
        pyarrow.PythonFile(sink, mode="w"),
        described,
        compression="none",
        use_dictionary=False,
        write_statistics=False,
        store_schema=False,
    ) as writer:
        rows = contents.rows(shard=shard)
        while group := list(islice(rows, ROW_GROUP_CLIPS)):
            writer.write_table(_group(group, read, described))
            yield sink.take()
    yield sink.take()


def _group(rows: list[Row], read: ReadAudio, described: pyarrow.Schema) -> pyarrow.Table:
    audio = [{"bytes": read(row, Audio.MASTER_FLAC), "path": f"{row.clip_id}.flac"} for row in rows]
    columns = [fields(row) for row in rows]
    values = {name: [column[name] for column in columns] for name in _COLUMNS}
    return pyarrow.table({"audio": audio, **values}, schema=described)


class _Sink:
    """A file that holds what was written since it was last emptied."""

    closed = False

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, content: bytes) -> int:
        """Called by pyarrow."""
        self._held += content
        return len(content)

    def flush(self) -> None:
        """Called by pyarrow."""

    def close(self) -> None:
        """Called by pyarrow."""

    def take(self) -> bytes:
        """What was written; empties it."""
        taken = bytes(self._held)
        self._held.clear()
        return taken
