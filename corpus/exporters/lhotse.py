"""Lhotse's manifests: recordings and supervisions of each split, as ``.jsonl.gz``.

What Lhotse does not know goes under ``custom``: a field of another name at the top makes the file
one of an unknown type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from orjson import Fragment

from corpus.exporters.contents import SAMPLING_RATE_HZ, SPLITS, Contents, Row, json_line
from corpus.exporters.files import ArchiveFile, Exporter, clip_files, master_file, master_path
from corpus.exporters.stored_gzip import gzipped_lines
from corpus.exporters.words import is_speech

PREFIX = "choir"
SPOKEN = ("keyword", "sentence")


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
    """What is said in a clip, and by whom; for ``json_line``."""
    return {
        "id": row.clip_id,
        "recording_id": row.clip_id,
        "start": 0.0,
        "duration": row.duration_s,
        "channel": 0,
        "text": row.text,
        "language": row.language,
        "speaker": row.pseudonym,
        "custom": Fragment(json_line({"kind": row.kind, "take": row.take}, row.details)),
    }


def texts(contents: Contents) -> Iterator[ArchiveFile]:
    """A pair of manifests for each split that has speech, and the noises' recordings."""
    for split in SPLITS:
        # Lhotse cannot tell what an empty file was meant to be, so an empty split has none.
        rows = partial(contents.rows, split=split)
        if any(_is_there(rows, kind) for kind in SPOKEN):
            brief = partial(rows, details=False)
            yield _manifest(f"recordings_{split}", partial(_speech, brief, _recording_line))
            yield _manifest(f"supervisions_{split}", partial(_speech, rows, _supervision_line))
    noises = partial(contents.rows, kind="noise", details=False)
    if _is_there(contents.rows, "noise"):
        yield _manifest("recordings_noise", lambda: map(_recording_line, noises()))


def _is_there(rows: Callable[..., Iterator[Row]], kind: str) -> bool:
    return any(True for _ in rows(kind=kind, details=False, limit=1))


def _manifest(name: str, lines: Callable[[], Iterator[str]]) -> ArchiveFile:
    return gzipped_lines(f"{PREFIX}_{name}.jsonl.gz", lines)


def _speech(rows: Callable[[], Iterator[Row]], line: Callable[[Row], str]) -> Iterator[str]:
    return (line(row) for row in rows() if is_speech(row))


def _recording_line(row: Row) -> str:
    return json_line(recording(row, {"type": "file", "source": master_path(row)}))


def _supervision_line(row: Row) -> str:
    return json_line(supervision(row))


EXPORTER = Exporter(
    format="lhotse",
    label="Lhotse",
    description="Recordings and supervisions as JSON lines, for Lhotse, icefall and k2.",
    usage=(
        "from lhotse import CutSet, load_manifest\n"
        'audio, said = (load_manifest(f"choir_{part}_training.jsonl.gz")'
        ' for part in ("recordings", "supervisions"))\n'
        'print(CutSet.from_manifests(audio.with_path_prefix("."), said)[0])'
    ),
    texts=texts,
    shard=clip_files(master_file),
)
