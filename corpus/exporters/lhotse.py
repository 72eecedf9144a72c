"""Lhotse's manifests: recordings and supervisions of each split, as ``.jsonl.gz``.

What Lhotse does not know goes under ``custom``: a field of another name at the top makes the file
one of an unknown type.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from corpus.exporters.contents import SAMPLING_RATE_HZ, SPLITS, Contents, Row
from corpus.exporters.files import ArchiveFile, Exporter, clip_files, master_file, master_path
from corpus.exporters.stored_gzip import gzipped_lines
from corpus.exporters.words import is_speech

PREFIX = "choir"


def recording(row: Row, source: dict[str, Any]) -> dict[str, Any]:
    """A clip's bytes as Lhotse knows them; the number of samples is the truth."""
    return {
        "id": row.clip_id,
        "sources": [{**source, "channels": [0]}],
        "sampling_rate": SAMPLING_RATE_HZ,
        "num_samples": row.num_samples,
        "duration": row.duration_s,
        "channel_ids": [0],
    }


def supervision(row: Row) -> dict[str, Any]:
    """What is said in a clip, and by whom."""
    return {
        "id": row.clip_id,
        "recording_id": row.clip_id,
        "start": 0.0,
        "duration": row.duration_s,
        "channel": 0,
        "text": row.text,
        "language": row.language,
        "speaker": row.pseudonym,
        "custom": {"kind": row.kind, "take": row.take, **row.details},
    }


def texts(contents: Contents) -> Iterator[ArchiveFile]:
    """A pair of manifests for each split that has speech, and the noises' recordings."""
    for split in SPLITS:
        # Lhotse cannot tell what an empty file was meant to be, so an empty split has none.
        if any(map(is_speech, contents.rows(split=split))):
            yield _manifest(contents, "recordings", split, is_speech, _recording_line)
            yield _manifest(contents, "supervisions", split, is_speech, _supervision_line)
    if any(map(_is_noise, contents.rows())):
        yield _manifest(contents, "recordings", None, _is_noise, _recording_line)


def _manifest(
    contents: Contents,
    what: str,
    split: str | None,
    wanted: Callable[[Row], bool],
    line: Callable[[Row], str],
) -> ArchiveFile:
    path = f"{PREFIX}_{what}_{split or 'noise'}.jsonl.gz"
    return gzipped_lines(path, partial(_lines, contents, split, wanted, line))


def _lines(
    contents: Contents,
    split: str | None,
    wanted: Callable[[Row], bool],
    line: Callable[[Row], str],
) -> Iterator[str]:
    return (line(row) for row in contents.rows(split=split) if wanted(row))


def _is_noise(row: Row) -> bool:
    return row.kind == "noise"


def _recording_line(row: Row) -> str:
    return json.dumps(recording(row, {"type": "file", "source": master_path(row)}))


def _supervision_line(row: Row) -> str:
    return json.dumps(supervision(row), ensure_ascii=False)


EXPORTER = Exporter(
    format="lhotse",
    label="Lhotse",
    description="Recordings and supervisions as JSON lines, for Lhotse, icefall and k2.",
    usage=(
        "from lhotse import load_manifest\n"
        'recordings = load_manifest("choir_recordings_training.jsonl.gz").with_path_prefix(".")\n'
        'supervisions = load_manifest("choir_supervisions_training.jsonl.gz")'
    ),
    texts=texts,
    shard=clip_files(master_file),
)
