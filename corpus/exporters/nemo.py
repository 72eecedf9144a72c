"""NeMo's JSON lines: a manifest for each split, and the masters beside them.

The loader wants ``audio_filepath`` relative to the manifest's own folder, and fails on the first
bad line (NVIDIA NeMo, ``nemo.collections.common.parts.preprocessing.manifest``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

from corpus.exporters.contents import SPLITS, Contents, Row
from corpus.exporters.files import ArchiveFile, Audio, Exporter, clip_files


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


def texts(contents: Contents) -> Iterator[ArchiveFile]:
    """A manifest for each split, also where it is empty."""
    for split in SPLITS:
        yield ArchiveFile.of_lines(f"{split}_manifest.jsonl", partial(_lines, contents, split))


def _lines(contents: Contents, split: str) -> Iterator[str]:
    return map(manifest_line, contents.rows(split=split))


def clip_file(row: Row) -> ArchiveFile:
    """A clip's master."""
    return ArchiveFile.of_clip(audio_path(row), row, Audio.MASTER_FLAC)


EXPORTER = Exporter(
    format="nemo",
    label="NeMo JSONL",
    description="Whole clips as 16 kHz FLAC, and a manifest of JSON lines for each split.",
    usage=(
        "from nemo.collections.common.parts.preprocessing import manifest\n"
        'items = manifest.item_iter("training_manifest.jsonl")\n'
        'print(next(items)["audio_file"])'
    ),
    texts=texts,
    shard=clip_files(clip_file),
)
