"""WebDataset: tar shards in which the files of one clip stand side by side under one key.

A key ends at its first dot, so that ids with dots would be merged; ours have none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext_noop

from corpus.exporters.contents import Contents, Row, Shard
from corpus.exporters.files import ArchiveFile, Audio, Exporter
from corpus.exporters.tar import tar_file


def describe(row: Row) -> dict[str, object]:
    """What a clip's ``.json`` says."""
    return {
        "id": row.clip_id,
        "text": row.text,
        "kind": row.kind,
        "language": row.language,
        "speaker": row.pseudonym,
        "take": row.take,
        "duration": row.duration_s,
        **row.details,
    }


def texts(_contents: Contents) -> Iterator[ArchiveFile]:
    """None: each shard describes itself."""
    return iter(())


def shard(contents: Contents, shard: Shard) -> Iterator[ArchiveFile]:
    """One tar."""
    yield tar_file(f"{shard.split}-{shard.index:06d}.tar", partial(_members, contents, shard))


def _members(contents: Contents, shard: Shard) -> Iterator[ArchiveFile]:
    for row in contents.rows(shard=shard):
        described = json.dumps(describe(row), ensure_ascii=False)
        yield ArchiveFile.of_lines(f"{row.clip_id}.json", partial(list, (described,)))
        # Without a line feed: what is in the file is the text, to the letter.
        text = row.text.encode()
        yield ArchiveFile(f"{row.clip_id}.txt", partial(_whole, text), len(text))
        yield ArchiveFile.of_clip(f"{row.clip_id}.wav", row, Audio.WHOLE_WAV)


def _whole(content: bytes, _read: object) -> tuple[bytes]:
    return (content,)


EXPORTER = Exporter(
    format="webdataset",
    label="WebDataset",
    description=gettext_noop("Tar shards of WAV, text and JSON, for reading in one go."),
    usage=(
        "import webdataset\n"
        'data = webdataset.WebDataset("training-000000.tar", shardshuffle=False).decode()\n'
        'print(next(iter(data))["txt"])'
    ),
    texts=texts,
    shard=shard,
)
