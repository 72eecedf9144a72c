"""Lhotse Shar: cuts and their audio in pairs of shards, read from the first byte to the last."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext_noop

from corpus.exporters.contents import (
    RAW,
    Contents,
    Row,
    Shard,
    json_of,
    json_template,
    quoted,
    seconds,
)
from corpus.exporters.files import ArchiveFile, Audio, Exporter
from corpus.exporters.lhotse import custom, recording, supervision
from corpus.exporters.stored_gzip import gzipped_lines
from corpus.exporters.tar import tar_file
from corpus.exporters.words import is_speech


def cut_line(row: Row) -> str:
    """One cut: the whole clip, its text, and word that its audio is in the shard's other file."""
    return _CUT % (
        row.clip_id, seconds(row.num_samples), _said(row) if is_speech(row) else "",
        recording_line(row),
    )  # fmt: skip


_CUT = json_template(
    {
        "id": "%s",
        "start": 0.0,
        "duration": RAW,
        "channel": 0,
        "supervisions": [RAW],
        "recording": RAW,
        "type": "MonoCut",
    }
)
_RECORDING = recording("shar", "")


def recording_line(row: Row) -> str:
    """What a cut says of its audio."""
    return _RECORDING % (row.clip_id, row.num_samples, seconds(row.num_samples))


def _said(row: Row) -> str:
    told = custom(row.kind, row.take, json_of(row.details))
    return supervision(row.language) % (
        row.clip_id, row.clip_id, seconds(row.num_samples), quoted(row.text), row.pseudonym, told,
    )  # fmt: skip


def texts(_contents: Contents) -> Iterator[ArchiveFile]:
    """None: each shard describes itself."""
    return iter(())


def shard(contents: Contents, shard: Shard) -> Iterator[ArchiveFile]:
    """A shard's two files, in the same order: they are read and pruned together."""
    folder = f"{shard.split}/"
    cuts = partial(_cut_lines, contents, shard)
    yield gzipped_lines(f"{folder}cuts.{shard.index:06d}.jsonl.gz", cuts)
    yield tar_file(f"{folder}recording.{shard.index:06d}.tar", partial(_audio, contents, shard))


def _cut_lines(contents: Contents, shard: Shard) -> Iterator[str]:
    return map(cut_line, contents.rows(shard=shard))


def _audio(contents: Contents, shard: Shard) -> Iterator[ArchiveFile]:
    for row in contents.rows(shard=shard):
        yield ArchiveFile.of_clip(f"{row.clip_id}.flac", row, Audio.MASTER_FLAC)
        described = recording_line(row)
        yield ArchiveFile.of_lines(f"{row.clip_id}.json", partial(list, (described,)))


EXPORTER = Exporter(
    format="lhotse-shar",
    label="Lhotse Shar",
    description=gettext_noop("Cuts with their audio in tar shards, for reading in one go."),
    usage=(
        "from lhotse import CutSet\n"
        'cuts = CutSet.from_shar(in_dir="training")\n'
        "print(next(iter(cuts)).supervisions[0].text)"
    ),
    texts=texts,
    shard=shard,
)
