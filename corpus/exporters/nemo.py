"""NeMo's JSON lines: a manifest for each split, and the masters beside them.

The loader wants ``audio_filepath`` relative to the manifest's own folder, and fails on the first
bad line (NVIDIA NeMo, ``nemo.collections.common.parts.preprocessing.manifest``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext_noop

from corpus.exporters.contents import RAW, SPLITS, Contents, json_template, quoted, seconds
from corpus.exporters.files import ArchiveFile, Exporter, clip_files, master_file, master_path

_Columns = Callable[..., Iterator[tuple[Any, ...]]]


_COLUMNS = ("clip_id", "num_samples", "text", "pseudonym", "kind")


def line(label: str, language: str) -> str:
    """The template of a clip's line; ``label`` is the field that says what is heard."""
    fields = {
        "audio_filepath": master_path("%s"),
        "duration": RAW,
        label: RAW,
        "speaker": "%s",
        "lang": language,
        "kind": "%s",
        "id": "%s",
    }
    return json_template(fields)


def texts(contents: Contents) -> Iterator[ArchiveFile]:
    """For each split what was said and which keyword it was, also where it is empty; the noise."""
    columns = partial(contents.rows.columns, *_COLUMNS)
    said, command = (line(label, contents.language) for label in ("text", "command"))
    for split in SPLITS:
        speech = partial(columns, split=split, spoken=True)
        yield _manifest(f"{split}_manifest.jsonl", speech, said)
        keywords = partial(columns, split=split, kind="keyword")
        yield _manifest(f"{split}_commands.jsonl", keywords, command)
    # To mix with speech; NeMo's own noise manifests say "-".
    noises = partial(_noises, columns)
    yield _manifest("noise_manifest.jsonl", noises, said)


def _noises(columns: _Columns) -> Iterator[tuple[Any, ...]]:
    for clip_id, num_samples, _text, speaker, kind in columns(kind="noise"):
        yield clip_id, num_samples, "-", speaker, kind


def _manifest(path: str, rows: _Columns, template: str) -> ArchiveFile:
    return ArchiveFile.of_lines(path, partial(_lines, rows, template))


def _lines(rows: _Columns, template: str) -> Iterator[str]:
    for clip_id, num_samples, text, speaker, kind in rows():
        yield template % (clip_id, seconds(num_samples), quoted(text), speaker, kind, clip_id)


EXPORTER = Exporter(
    format="nemo",
    label="NeMo JSONL",
    description=gettext_noop(
        "Whole clips as 16 kHz FLAC, and a manifest of JSON lines for each split."
    ),
    usage=(
        "from nemo.collections.common.parts.preprocessing import manifest\n"
        'items = manifest.item_iter("training_manifest.jsonl")\n'
        'print(next(items)["audio_file"])'
    ),
    texts=texts,
    shard=clip_files(master_file),
)
