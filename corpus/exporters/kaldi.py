"""Kaldi's data folders, one for each split; every file sorted by bytes (``LC_ALL=C``).

Without ``reco2dur`` a loader computes lengths from rounded durations and cuts samples off. An
utterance's id begins with its speaker's, both of fixed length, so that sorting by either agrees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import NamedTuple

from corpus.exporters.contents import SAMPLING_RATE_HZ, SPLITS, Contents, Order, Row
from corpus.exporters.files import ArchiveFile, Audio, Exporter, clip_files
from corpus.exporters.words import is_speech

#: Words that Kaldi's own symbol tables use.
RESERVED = frozenset({"<s>", "</s>", "<eps>", "#0"})
GENDERS = {"male_masculine": "m", "female_feminine": "f"}


class Utterance(NamedTuple):
    """What is told of a clip; its id begins with the speaker's."""

    id: str
    clip_id: str
    speaker: str
    duration: str
    transcript: str


def transcript(text: str) -> str:
    """The text without the words that are Kaldi's own; may be empty."""
    return " ".join(word for word in text.split() if word not in RESERVED)


def wav_path(clip_id: str) -> str:
    """Where a clip lies, from the folder in which a recipe is run."""
    return f"wav/{clip_id}.wav"


def texts(contents: Contents) -> Iterator[ArchiveFile]:
    """The files of each split's folder."""
    for split in SPLITS:
        for name, value in _utterance_files(contents.language).items():
            lines = partial(_utterance_lines, contents, split, value)
            yield ArchiveFile.of_lines(f"data/{split}/{name}", lines)
        for name, of_speaker in (("spk2utt", _utterances), ("spk2gender", _gender)):
            lines = partial(of_speaker, contents, split)
            yield ArchiveFile.of_lines(f"data/{split}/{name}", lines)


def _utterance_files(language: str) -> dict[str, Callable[[Utterance], str]]:
    return {
        "wav.scp": lambda each: wav_path(each.clip_id),
        "text": lambda each: each.transcript,
        "utt2spk": lambda each: each.speaker,
        "utt2dur": lambda each: each.duration,
        "reco2dur": lambda each: each.duration,
        "utt2lang": lambda _each: language,
    }


def _spoken(contents: Contents, split: str) -> Iterator[Utterance]:
    columns = "pseudonym", "clip_id", "num_samples", "text"
    rows = contents.rows.columns(*columns, split=split, spoken=True, order=Order.SPEAKER)
    for speaker, clip_id, num_samples, text in rows:
        if words := transcript(text):
            duration = f"{num_samples / SAMPLING_RATE_HZ:.7f}"
            yield Utterance(f"{speaker}-{clip_id}", clip_id, speaker, duration, words)


def _utterance_lines(
    contents: Contents, split: str, value: Callable[[Utterance], str]
) -> Iterator[str]:
    return (f"{each.id} {value(each)}" for each in _spoken(contents, split))


def _utterances(contents: Contents, split: str) -> Iterator[str]:
    for speaker, spoken in groupby(_spoken(contents, split), key=attrgetter("speaker")):
        yield f"{speaker} {' '.join(each.id for each in spoken)}"


def _gender(contents: Contents, split: str) -> Iterator[str]:
    """``m`` or ``f``, which is all that Kaldi takes; others are left out."""
    columns = "pseudonym", "gender", "text"
    rows = contents.rows.columns(*columns, split=split, spoken=True, order=Order.SPEAKER)
    with_place = (row for row in rows if transcript(row[2]))
    for speaker, of_speaker in groupby(with_place, key=itemgetter(0)):
        if gender := GENDERS.get(next(of_speaker)[1]):
            yield f"{speaker} {gender}"


def clip_file(row: Row) -> ArchiveFile | None:
    """All of a clip as WAV, which needs no pipe in ``wav.scp``."""
    if not (is_speech(row) and transcript(row.text)):
        return None
    return ArchiveFile.of_clip(wav_path(row.clip_id), row, Audio.WHOLE_WAV)


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
