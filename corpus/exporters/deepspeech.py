"""DeepSpeech's and Coqui STT's CSVs, with the alphabet that their texts are written in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext_noop

from corpus.exporters.contents import Contents, Row
from corpus.exporters.files import ArchiveFile, Audio, Exporter, clip_files, wav_num_bytes
from corpus.exporters.words import bare_words, is_speech

COLUMNS = ("wav_filename", "wav_filesize", "transcript")
SPLIT_NAMES = {"train": "training", "dev": "validation", "test": "testing"}


def wav_path(clip_id: str) -> str:
    """Where a clip lies."""
    return f"wav/{clip_id}.wav"


def texts(contents: Contents) -> Iterator[ArchiveFile]:
    """A CSV for each split, and the alphabet."""
    for name, split in SPLIT_NAMES.items():
        yield ArchiveFile.of_lines(f"{name}.csv", partial(_lines, contents, split))
    yield ArchiveFile.of_lines("alphabet.txt", partial(_alphabet, contents))


def _lines(contents: Contents, split: str) -> Iterator[str]:
    yield ",".join(COLUMNS)
    rows = contents.rows.columns("clip_id", "num_samples", "text", split=split, spoken=True)
    for clip_id, num_samples, text in rows:
        if words := bare_words(text):
            # Letters, digits and apostrophes: nothing that a CSV has to quote.
            yield f"{wav_path(clip_id)},{wav_num_bytes(num_samples)},{words}"


def _alphabet(contents: Contents) -> list[str]:
    characters: set[str] = set()
    for (text,) in contents.rows.columns("text", spoken=True):
        characters.update(bare_words(text))
    return sorted(characters)


def clip_file(row: Row) -> ArchiveFile | None:
    """All of a clip as WAV."""
    if not (is_speech(row) and bare_words(row.text)):
        return None
    return ArchiveFile.of_clip(wav_path(row.clip_id), row, Audio.WHOLE_WAV)


EXPORTER = Exporter(
    format="deepspeech",
    label="DeepSpeech / Coqui CSV",
    description=gettext_noop("A CSV for each split, 16 kHz WAV, and the alphabet."),
    usage=(
        "import csv\n"
        'with open("train.csv", encoding="utf-8") as file:\n'
        "    print(next(csv.DictReader(file)))"
    ),
    texts=texts,
    shard=clip_files(clip_file),
)
