"""Hugging Face's parquet: the audio in the table, in row groups small enough to stream.

Nothing is compressed or indexed by value, so that a file's size follows from the sizes of what is
in it (the audio is compressed already).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext_noop

from corpus.exporters.audiofolder import HF_SPLITS
from corpus.exporters.contents import Contents, Shard
from corpus.exporters.files import ArchiveFile, Exporter, ReadAudio


def texts(_contents: Contents) -> Iterator[ArchiveFile]:
    """None: each shard describes itself."""
    return iter(())


def shard(contents: Contents, shard: Shard) -> Iterator[ArchiveFile]:
    """One file, which says of how many it is one."""
    name = f"{HF_SPLITS[shard.split]}-{shard.index:05d}-of-{shard.of:05d}.parquet"
    yield ArchiveFile(f"data/{name}", partial(_table, contents, shard))


def _table(contents: Contents, shard: Shard, read: ReadAudio) -> Iterator[bytes]:
    from corpus.exporters import arrow  # late: see there

    return arrow.table(contents, shard, read)


EXPORTER = Exporter(
    format="parquet",
    label="Hugging Face parquet",
    description=gettext_noop("Tables that hold the audio, for datasets, DuckDB, Spark and others."),
    usage=(
        "from datasets import load_dataset\n"
        'data = load_dataset("parquet", data_dir="data")\n'
        'print(data["train"][0]["text"])'
    ),
    texts=texts,
    shard=shard,
)
