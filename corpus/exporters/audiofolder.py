"""Hugging Face's AudioFolder: a folder for each split, with the audio and its ``metadata.jsonl``.

JSON lines and never CSV, where "null" becomes nothing and ids become numbers. Every field is
there in every line, and never null: a column that is null in one split alone is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext_noop

from corpus.exporters.contents import RAW, SPLITS, Contents, Row, json_template, quoted, seconds
from corpus.exporters.files import ArchiveFile, Audio, Exporter, clip_files

#: What speakers said of themselves.
_TOLD = ("age", "gender", "accent")
#: Hugging Face's names of the splits.
HF_SPLITS = {"training": "train", "validation": "validation", "testing": "test"}


def fields(row: Row) -> dict[str, object]:
    """A clip's columns, all of them always."""
    return {
        "id": row.clip_id,
        "text": row.text,
        "kind": row.kind,
        "language": row.language,
        "speaker": row.pseudonym,
        "take": row.take,
        "duration": row.duration_s,
        **{name: str(row.details.get(name, "")) for name in _TOLD},
    }


def texts(contents: Contents) -> Iterator[ArchiveFile]:
    """The metadata of each split that has clips: an empty one cannot be told from a missing one."""
    for split in SPLITS:
        if next(contents.rows(split=split, details=False, limit=1), None) is not None:
            path = f"{HF_SPLITS[split]}/metadata.jsonl"
            yield ArchiveFile.of_lines(path, partial(_lines, contents, split))


def _lines(contents: Contents, split: str) -> Iterator[str]:
    line = template(contents.language)
    for clip_id, text, kind, speaker, take, num_samples, *told in contents.rows.columns(
        "clip_id", "text", "kind", "pseudonym", "take", "num_samples", *_TOLD, split=split
    ):
        yield line % (
            clip_id, clip_id, quoted(text), kind, speaker, take, seconds(num_samples),
            *map(quoted, told),
        )  # fmt: skip


def template(language: str) -> str:
    """A line of the metadata, with the same columns as ``fields``."""
    line = {
        "file_name": "%s.flac",
        "id": "%s",
        "text": RAW,
        "kind": "%s",
        "language": language,
        "speaker": "%s",
        "take": RAW,
        "duration": RAW,
        **dict.fromkeys(_TOLD, RAW),
    }
    # With spaces, as these lines have been from the first release on.
    return json_template(line, json.dumps)


def clip_file(row: Row) -> ArchiveFile:
    """A clip's master, beside the metadata."""
    return ArchiveFile.of_clip(f"{HF_SPLITS[row.split]}/{row.clip_id}.flac", row, Audio.MASTER_FLAC)


EXPORTER = Exporter(
    format="audiofolder",
    label="Hugging Face AudioFolder",
    description=gettext_noop("Audio files with a metadata.jsonl in each split's folder."),
    usage=(
        "from datasets import load_dataset\n"
        'data = load_dataset("audiofolder", data_dir=".")\n'
        'print(data["train"][0]["text"])'
    ),
    texts=texts,
    shard=clip_files(clip_file),
)
