"""Lhotse's manifests: recordings and supervisions of each split, as ``.jsonl.gz``.

What Lhotse does not know goes under ``custom``: a field of another name at the top makes the file
one of an unknown type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext_noop

from corpus.exporters.contents import (
    RAW,
    SAMPLING_RATE_HZ,
    SPLITS,
    Contents,
    Row,
    json_template,
    quoted,
    rest_of,
    seconds,
)
from corpus.exporters.files import ArchiveFile, Exporter, clip_files, master_file, master_path
from corpus.exporters.stored_gzip import gzipped_lines

_Columns = Callable[..., Iterator[tuple[Any, ...]]]
PREFIX = "choir"
SPOKEN = ("keyword", "sentence")


def recording(source_type: str, source: str) -> str:
    """The template of a clip's bytes as Lhotse knows them; the number of samples is the truth.

    It takes what is in ``source``, the clip's id before and the samples and seconds after it.
    """
    fields = {
        "id": "%s",
        "sources": [{"type": source_type, "source": source, "channels": [0]}],
        "sampling_rate": SAMPLING_RATE_HZ,
        "num_samples": RAW,
        "duration": RAW,
        "channel_ids": [0],
    }
    return json_template(fields)


def supervision(language: str) -> str:
    """The template of what is said in a clip, and by whom."""
    fields = {
        "id": "%s",
        "recording_id": "%s",
        "start": 0.0,
        "duration": RAW,
        "channel": 0,
        "text": RAW,
        "language": language,
        "speaker": "%s",
        "custom": RAW,
    }
    return json_template(fields)


def custom(kind: str, take: int, details: str) -> str:
    """What Lhotse does not know, as JSON."""
    return f'{{"kind":"{kind}","take":{take}{rest_of(details)}'


def texts(contents: Contents) -> Iterator[ArchiveFile]:
    """A pair of manifests for each split that has speech, and the noises' recordings."""
    for split in SPLITS:
        # Lhotse cannot tell what an empty file was meant to be, so an empty split has none.
        rows = partial(contents.rows, split=split)
        if any(_is_there(rows, kind) for kind in SPOKEN):
            columns = partial(contents.rows.columns, split=split, spoken=True)
            yield _manifest(f"recordings_{split}", partial(_recordings, columns))
            said = partial(_supervisions, columns, contents.language)
            yield _manifest(f"supervisions_{split}", said)
    if _is_there(contents.rows, "noise"):
        noises = partial(contents.rows.columns, kind="noise")
        yield _manifest("recordings_noise", partial(_recordings, noises))


def _is_there(rows: Callable[..., Iterator[Row]], kind: str) -> bool:
    return any(True for _ in rows(kind=kind, details=False, limit=1))


def _manifest(name: str, lines: Callable[[], Iterator[str]]) -> ArchiveFile:
    return gzipped_lines(f"{PREFIX}_{name}.jsonl.gz", lines)


def _recordings(columns: _Columns) -> Iterator[str]:
    line = recording("file", master_path("%s"))
    for clip_id, num_samples in columns("clip_id", "num_samples"):
        yield line % (clip_id, clip_id, num_samples, seconds(num_samples))


def _supervisions(columns: _Columns, language: str) -> Iterator[str]:
    line = supervision(language)
    names = "clip_id", "num_samples", "text", "pseudonym", "kind", "take", "details"
    for clip_id, num_samples, text, speaker, kind, take, details in columns(*names):
        told = custom(kind, take, details)
        yield line % (clip_id, clip_id, seconds(num_samples), quoted(text), speaker, told)


EXPORTER = Exporter(
    format="lhotse",
    label="Lhotse",
    description=gettext_noop(
        "Recordings and supervisions as JSON lines, for Lhotse, icefall and k2."
    ),
    usage=(
        "from lhotse import CutSet, load_manifest\n"
        'audio, said = (load_manifest(f"choir_{part}_training.jsonl.gz")'
        ' for part in ("recordings", "supervisions"))\n'
        'print(CutSet.from_manifests(audio.with_path_prefix("."), said)[0])'
    ),
    texts=texts,
    shard=clip_files(master_file),
)
