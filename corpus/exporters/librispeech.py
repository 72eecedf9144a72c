"""LibriSpeech's layout: ``<subset>/<speaker>/<chapter>/``, with numbers for all three ids.

A speaker's number is their pseudonym read as a hexadecimal number; a chapter holds ten thousand
utterances, counted when the release was frozen, so that a withdrawal renumbers none.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import groupby

from django.utils.translation import gettext_noop

from corpus.exporters.contents import Contents, Order, Row
from corpus.exporters.files import ArchiveFile, Audio, Exporter, clip_files
from corpus.exporters.words import is_speech

ROOT = "LibriSpeech"
#: The names that loaders look for. The number is LibriSpeech's own count of hours, not ours.
SUBSETS = {"training": "train-clean-100", "validation": "dev-clean", "testing": "test-clean"}
UTTERANCES_PER_CHAPTER = 10_000


def chapter_id(row: Row) -> str:
    """``<speaker>-<chapter>``."""
    return f"{int(row.pseudonym, 16)}-{row.speaker_number // UTTERANCES_PER_CHAPTER + 1}"


def utterance_id(row: Row) -> str:
    """``<speaker>-<chapter>-<four digits>``."""
    return f"{chapter_id(row)}-{row.speaker_number % UTTERANCES_PER_CHAPTER:04d}"


def _folder(row: Row) -> str:
    return f"{ROOT}/{SUBSETS[row.split]}/{chapter_id(row).replace('-', '/')}"


def texts(contents: Contents) -> Iterator[ArchiveFile]:
    """A transcript for each chapter."""
    speech = filter(is_speech, contents.rows(order=Order.SPEAKER, details=False))
    for _chapter, rows in groupby(speech, key=chapter_id):
        listed = list(rows)
        path = f"{_folder(listed[0])}/{chapter_id(listed[0])}.trans.txt"
        yield ArchiveFile.of_lines(path, partial(_lines, listed))


def _lines(rows: list[Row]) -> Iterator[str]:
    return (f"{utterance_id(row)} {row.text.upper()}" for row in rows)


def clip_file(row: Row) -> ArchiveFile | None:
    """A clip's master."""
    if not is_speech(row):
        return None
    return ArchiveFile.of_clip(f"{_folder(row)}/{utterance_id(row)}.flac", row, Audio.MASTER_FLAC)


EXPORTER = Exporter(
    format="librispeech",
    label="LibriSpeech",
    description=gettext_noop("Folders of speakers and chapters with transcripts in capitals."),
    usage=(
        "from lhotse.recipes.librispeech import prepare_librispeech\n"
        'data = prepare_librispeech("LibriSpeech")\n'
        'print(data["train-clean-100"]["supervisions"][0].text)'
    ),
    texts=texts,
    shard=clip_files(clip_file),
)
