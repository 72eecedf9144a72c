"""NeMo's JSON lines: a manifest for each split, and the masters beside them.

The loader wants ``audio_filepath`` relative to the manifest's own folder, and fails on the first
bad line (NVIDIA NeMo, ``nemo.collections.common.parts.preprocessing.manifest``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from corpus.exporters.contents import SPLITS, Contents, Row, json_line
from corpus.exporters.files import ArchiveFile, Exporter, clip_files, master_file, master_path
from corpus.exporters.words import is_speech


def _line(row: Row, **label: str) -> str:
    fields = {
        "audio_filepath": master_path(row),
        "duration": row.duration_s,
        **label,
        "speaker": row.pseudonym,
        "lang": row.language,
        "kind": row.kind,
        "id": row.clip_id,
    }
    return json_line(fields)


def transcribed(row: Row) -> str:
    """One clip for speech recognition."""
    return _line(row, text=row.text)


def labelled(row: Row) -> str:
    """One keyword for classification."""
    return _line(row, command=row.text)


def noise(row: Row) -> str:
    """One clip of mere noise, to mix with speech; NeMo's own noise manifests say ``-``."""
    return _line(row, text="-")


def texts(contents: Contents) -> Iterator[ArchiveFile]:
    """For each split what was said and which keyword it was, also where it is empty; the noise."""
    for split in SPLITS:
        rows = partial(contents.rows, split=split, details=False)
        speech = partial(_speech, rows)
        yield _manifest(f"{split}_manifest.jsonl", speech, transcribed)
        yield _manifest(f"{split}_commands.jsonl", partial(rows, kind="keyword"), labelled)
    noises = partial(contents.rows, kind="noise", details=False)
    yield _manifest("noise_manifest.jsonl", noises, noise)


def _speech(rows: Callable[[], Iterator[Row]]) -> Iterator[Row]:
    return filter(is_speech, rows())


def _manifest(
    path: str, rows: Callable[[], Iterator[Row]], line: Callable[[Row], str]
) -> ArchiveFile:
    return ArchiveFile.of_lines(path, lambda: map(line, rows()))


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
    shard=clip_files(master_file),
)
