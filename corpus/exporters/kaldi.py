"""Kaldi's data folders, one for each split; every file sorted by bytes (``LC_ALL=C``).

Without ``reco2dur`` a loader computes lengths from rounded durations and cuts samples off. An
utterance's id begins with its speaker's, both of fixed length, so that sorting by either agrees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby

from corpus.exporters.contents import SPLITS, Contents, Order, Row
from corpus.exporters.files import ArchiveFile, Audio, Exporter, clip_files
from corpus.exporters.words import is_speech

#: Words that Kaldi's own symbol tables use.
RESERVED = frozenset({"<s>", "</s>", "<eps>", "#0"})
GENDERS = {"male_masculine": "m", "female_feminine": "f"}


def utterance_id(row: Row) -> str:
    """The speaker's pseudonym, a hyphen, the clip's id."""
    return f"{row.pseudonym}-{row.clip_id}"


def wav_path(row: Row) -> str:
    """Where a clip lies, from the folder in which a recipe is run."""
    return f"wav/{row.clip_id}.wav"


def transcript(row: Row) -> str:
    """The text without the words that are Kaldi's own; may be empty."""
    return " ".join(word for word in row.text.split() if word not in RESERVED)


_UTTERANCE_FILES: dict[str, Callable[[Row], str]] = {
    "wav.scp": wav_path,
    "text": transcript,
    "utt2spk": lambda row: row.pseudonym,
    "utt2dur": lambda row: f"{row.duration_s:.7f}",
    "reco2dur": lambda row: f"{row.duration_s:.7f}",
    "utt2lang": lambda row: row.language,
}


def texts(contents: Contents) -> Iterator[ArchiveFile]:
    """The files of each split's folder."""
    for split in SPLITS:
        for name, value in _UTTERANCE_FILES.items():
            lines = partial(_utterance_lines, contents, split, value)
            yield ArchiveFile.of_lines(f"data/{split}/{name}", lines)
        for name, of_speaker in (("spk2utt", _utterances), ("spk2gender", _gender)):
            lines = partial(_speaker_lines, contents, split, of_speaker)
            yield ArchiveFile.of_lines(f"data/{split}/{name}", lines)


def _rows(contents: Contents, split: str) -> Iterator[Row]:
    rows = contents.rows(split=split, order=Order.SPEAKER)
    return (row for row in rows if _has_place(row))


def _has_place(row: Row) -> bool:
    return is_speech(row) and bool(transcript(row))


def _utterance_lines(contents: Contents, split: str, value: Callable[[Row], str]) -> Iterator[str]:
    return (f"{utterance_id(row)} {value(row)}" for row in _rows(contents, split))


def _speaker_lines(
    contents: Contents, split: str, of_speaker: Callable[[list[Row]], str]
) -> Iterator[str]:
    for pseudonym, rows in groupby(_rows(contents, split), key=lambda row: row.pseudonym):
        value = of_speaker(list(rows))
        if value:
            yield f"{pseudonym} {value}"


def _utterances(rows: list[Row]) -> str:
    return " ".join(map(utterance_id, rows))


def _gender(rows: list[Row]) -> str:
    """``m`` or ``f``, which is all that Kaldi takes; others are left out."""
    return GENDERS.get(str(rows[0].details.get("gender", "")), "")


def clip_file(row: Row) -> ArchiveFile | None:
    """All of a clip as WAV, which needs no pipe in ``wav.scp``."""
    return ArchiveFile.of_clip(wav_path(row), row, Audio.WHOLE_WAV) if _has_place(row) else None


EXPORTER = Exporter(
    format="kaldi",
    label="Kaldi",
    description="A data folder for each split; paths are from the archive's folder.",
    usage=(
        "from lhotse.kaldi import load_kaldi_data_dir\n"
        'recordings, supervisions, _ = load_kaldi_data_dir("data/training", 16000)\n'
        "print(supervisions[0].text)"
    ),
    texts=texts,
    shard=clip_files(clip_file),
)
