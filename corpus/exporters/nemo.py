"""NeMo's JSON lines: a manifest for each split, and the masters beside them.

The loader wants ``audio_filepath`` relative to the manifest's own folder, and fails on the first
bad line (NVIDIA NeMo, ``nemo.collections.common.parts.preprocessing.manifest``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from corpus.exporters.rows import ArchiveFile, Audio, Exporter, Row

SPLITS = ("training", "validation", "testing")


def audio_path(row: Row) -> str:
    """Where a clip lies in the archive, relative to its root."""
    return f"audio/{row.clip_id}.flac"


def manifest_line(row: Row) -> str:
    """One clip as NeMo reads it; a clip of mere noise has an empty text."""
    fields = {
        "audio_filepath": audio_path(row),
        "duration": row.duration_s,
        "text": "" if row.kind == "noise" else row.text,
        "speaker": row.pseudonym,
        "lang": row.language,
        "kind": row.kind,
        "id": row.clip_id,
    }
    return json.dumps(fields, ensure_ascii=False)


def files(rows: Sequence[Row]) -> Iterator[ArchiveFile]:
    """The manifests first, so that a reader of the stream knows what is coming."""
    for split in SPLITS:
        lines = [manifest_line(row) for row in rows if row.split == split]
        yield ArchiveFile.of_text(f"{split}_manifest.jsonl", lines)
    for row in rows:
        yield ArchiveFile.of_clip(audio_path(row), row, Audio.MASTER_FLAC)


EXPORTER = Exporter(
    format="nemo",
    label="NeMo JSONL",
    description="Whole clips as 16 kHz FLAC, and a manifest of JSON lines for each split.",
    usage=(
        "from nemo.collections.common.parts.preprocessing import manifest\n"
        'items = manifest.item_iter("training_manifest.jsonl")\n'
        'print(next(items)["audio_file"])'
    ),
    files=files,
)
