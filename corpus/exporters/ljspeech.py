"""LJSpeech's layout: ``metadata.csv`` with bars between its columns, and ``wavs/``.

It knows neither splits nor speakers; those are in the other formats.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext_noop

from corpus.exporters.contents import Contents, Row
from corpus.exporters.files import ArchiveFile, Audio, Exporter, clip_files
from corpus.exporters.words import is_speech, without_bars


def _has_place(row: Row) -> bool:
    return is_speech(row) and bool(without_bars(row.text))


def texts(contents: Contents) -> Iterator[ArchiveFile]:
    """The one table."""
    yield ArchiveFile.of_lines("metadata.csv", partial(_lines, contents))


def _lines(contents: Contents) -> Iterator[str]:
    """Id, text, and text once more where LJSpeech has it with its numbers spelt out."""
    for clip_id, text in contents.rows.columns("clip_id", "text", spoken=True):
        if plain := without_bars(text):
            yield f"{clip_id}|{plain}|{plain}"


def clip_file(row: Row) -> ArchiveFile | None:
    """All of a clip as WAV."""
    if not _has_place(row):
        return None
    return ArchiveFile.of_clip(f"wavs/{row.clip_id}.wav", row, Audio.WHOLE_WAV)


EXPORTER = Exporter(
    format="ljspeech",
    label="LJSpeech",
    description=gettext_noop("metadata.csv and 16 kHz WAV, as many speech synthesizers read it."),
    usage=(
        "from lhotse.recipes.ljspeech import prepare_ljspeech\n"
        'data = prepare_ljspeech(".")\n'
        'print(data["supervisions"][0].text)'
    ),
    texts=texts,
    shard=clip_files(clip_file),
)
