"""Common Voice's TSVs: unquoted, one folder for the language.

A release holds accepted clips only, so ``invalidated``, ``other`` and ``reported`` have a header
and no lines. All clips are in ``validated``, and each is in one of train, dev and test: their own
rule, by which most validated clips are in none of the three, is not followed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import groupby

from django.utils.translation import gettext_noop

from corpus.exporters.contents import SAMPLING_RATE_HZ, Contents, Order, Row
from corpus.exporters.files import ArchiveFile, Audio, Exporter, clip_files
from corpus.exporters.words import is_speech

COLUMNS = (
    "client_id", "path", "sentence_id", "sentence", "sentence_domain", "up_votes", "down_votes",
    "age", "gender", "accents", "variant", "locale", "segment",
)  # fmt: skip
SPLIT_NAMES = {"train": "training", "dev": "validation", "test": "testing"}
REPORTED = ("sentence_id", "sentence", "locale", "reason")
SENTENCES = (
    "sentence_id", "sentence", "sentence_domain", "source", "is_used", "clips_count",
)  # fmt: skip


def sentence_id(text: str) -> str:
    """SHA-256 (hex) of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


#: Of a clip's line; what is not known is empty.
_KNOWN = ("pseudonym", "clip_id", "text", "accepts", "rejects", "age", "gender", "accent")
_CLIP = "%s\t%s.flac\t%s\t%s\t\t%s\t%s\t%s\t%s\t%s\t\t%s\t"


def texts(contents: Contents) -> Iterator[ArchiveFile]:
    """All tables."""
    folder = contents.language
    for name, split in SPLIT_NAMES.items():
        yield _table(f"{folder}/{name}.tsv", COLUMNS, partial(_clip_lines, contents, split))
    yield _table(f"{folder}/validated.tsv", COLUMNS, partial(_clip_lines, contents, None))
    yield _table(f"{folder}/invalidated.tsv", COLUMNS, tuple)
    yield _table(f"{folder}/other.tsv", COLUMNS, tuple)
    yield _table(f"{folder}/reported.tsv", REPORTED, tuple)
    durations = partial(_durations, contents)
    yield _table(f"{folder}/clip_durations.tsv", ("clip", "duration[ms]"), durations)
    yield _table(f"{folder}/validated_sentences.tsv", SENTENCES, partial(_sentences, contents))


def _table(path: str, columns: tuple[str, ...], lines: Callable[[], Iterable[str]]) -> ArchiveFile:
    return ArchiveFile.of_lines(path, partial(_with_header, columns, lines))


def _with_header(columns: tuple[str, ...], lines: Callable[[], Iterable[str]]) -> Iterator[str]:
    yield "\t".join(columns)
    yield from lines()


def _clip_lines(contents: Contents, split: str | None) -> Iterator[str]:
    rows = contents.rows.columns(*_KNOWN, split=split, spoken=True)
    for speaker, clip_id, text, accepts, rejects, age, gender, accent in rows:
        yield _CLIP % (
            speaker, clip_id, sentence_id(text), text, accepts, rejects, age, gender,
            accent.replace("\t", " "), contents.language,
        )  # fmt: skip


def _durations(contents: Contents) -> Iterator[str]:
    for clip_id, num_samples in contents.rows.columns("clip_id", "num_samples", spoken=True):
        yield f"{clip_id}.flac\t{round(num_samples / SAMPLING_RATE_HZ * 1000)}"


def _sentences(contents: Contents) -> Iterator[str]:
    # In their order, so that a million texts need not be held to be counted.
    rows = contents.rows.columns("text", spoken=True, order=Order.TEXT)
    for (text,), alike in groupby(rows):
        yield "\t".join((sentence_id(text), text, "", "", "1", str(sum(1 for _ in alike))))


def clip_file(contents_language: str, row: Row) -> ArchiveFile | None:
    """A clip's master."""
    if not is_speech(row):
        return None
    path = f"{contents_language}/clips/{row.clip_id}.flac"
    return ArchiveFile.of_clip(path, row, Audio.MASTER_FLAC)


EXPORTER = Exporter(
    format="common-voice",
    label="Common Voice TSV",
    description=gettext_noop("Tables as Common Voice has them, with lossless clips."),
    usage=(
        "import csv, pandas\n"
        'plain = {"sep": "\\t", "quoting": csv.QUOTE_NONE, "na_filter": False}\n'
        'print(pandas.read_csv("en/train.tsv", **plain).sentence[0])'
    ),
    texts=texts,
    shard=clip_files(lambda row: clip_file(row.language, row)),
)
