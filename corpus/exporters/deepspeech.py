"""DeepSpeech's and Coqui STT's CSVs, with the alphabet that their texts are written in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from functools import partial

from corpus.exporters.contents import Contents, Row
from corpus.exporters.files import ArchiveFile, Audio, Exporter, audio_num_bytes, clip_files
from corpus.exporters.words import bare_words, is_speech

COLUMNS = ("wav_filename", "wav_filesize", "transcript")
SPLIT_NAMES = {"train": "training", "dev": "validation", "test": "testing"}


def transcript(row: Row) -> str:
    """The text in the alphabet's characters: lower case, no punctuation. Empty for noise."""
    return bare_words(row.text) if is_speech(row) else ""


def wav_path(row: Row) -> str:
    """Where a clip lies."""
    return f"wav/{row.clip_id}.wav"


def csv_line(values: Iterable[object]) -> str:
    """One line of CSV, quoted where it must be, without its end."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(values)
    return line.getvalue()


def texts(contents: Contents) -> Iterator[ArchiveFile]:
    """A CSV for each split, and the alphabet."""
    for name, split in SPLIT_NAMES.items():
        yield ArchiveFile.of_lines(f"{name}.csv", partial(_lines, contents, split))
    yield ArchiveFile.of_lines("alphabet.txt", partial(_alphabet, contents))


def _lines(contents: Contents, split: str) -> Iterator[str]:
    yield csv_line(COLUMNS)
    for row in contents.rows(split=split, details=False):
        if transcript(row):
            num_bytes = audio_num_bytes(row, Audio.WHOLE_WAV)
            yield csv_line((wav_path(row), num_bytes, transcript(row)))


def _alphabet(contents: Contents) -> list[str]:
    characters: set[str] = set()
    for row in contents.rows(details=False):
        characters.update(transcript(row))
    return sorted(characters)


def clip_file(row: Row) -> ArchiveFile | None:
    """All of a clip as WAV."""
    return ArchiveFile.of_clip(wav_path(row), row, Audio.WHOLE_WAV) if transcript(row) else None


EXPORTER = Exporter(
    format="deepspeech",
    label="DeepSpeech / Coqui CSV",
    description="A CSV for each split, 16 kHz WAV, and the alphabet.",
    usage=(
        "import csv\n"
        'with open("train.csv", encoding="utf-8") as file:\n'
        "    print(next(csv.DictReader(file)))"
    ),
    texts=texts,
    shard=clip_files(clip_file),
)
