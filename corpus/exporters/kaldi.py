"""Kaldi's data folders, one for each split; every file sorted by bytes (``LC_ALL=C``).

Without ``reco2dur`` a loader computes lengths from rounded durations and cuts samples off. An
utterance's id begins with its speaker's, both of fixed length, so that sorting by either agrees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby
from operator import itemgetter

from corpus.exporters.contents import SAMPLING_RATE_HZ, SPLITS, Contents, Order, Row
from corpus.exporters.files import ArchiveFile, Audio, Exporter, clip_files
from corpus.exporters.words import is_speech

#: Words that Kaldi's own symbol tables use.
RESERVED = frozenset({"<s>", "</s>", "<eps>", "#0"})
GENDERS = {"male_masculine": "m", "female_feminine": "f"}


def utterance_id(speaker: str, clip_id: str) -> str:
    """The speaker's pseudonym, a hyphen, the clip's id."""
    return f"{speaker}-{clip_id}"


def transcript(text: str) -> str:
    """The text without the words that are Kaldi's own; may be empty."""
    return " ".join(word for word in text.split() if word not in RESERVED)


def wav_path(clip_id: str) -> str:
    """Where a clip lies, from the folder in which a recipe is run."""
    return f"wav/{clip_id}.wav"


#: Of each file what stands after the utterance's id.
_VALUES: dict[str, Callable[[str, str, int, str], str]] = {
    "wav.scp": lambda _speaker, clip_id, _num_samples, _words: wav_path(clip_id),
    "text": lambda _speaker, _clip_id, _num_samples, words: words,
    "utt2spk": lambda speaker, _clip_id, _num_samples, _words: speaker,
    "utt2dur": lambda _speaker, _clip_id, num_samples, _words: _seconds(num_samples),
    "reco2dur": lambda _speaker, _clip_id, num_samples, _words: _seconds(num_samples),
}


def texts(contents: Contents) -> Iterator[ArchiveFile]:
    """The files of each split's folder."""
    files = {**_VALUES, "utt2lang": lambda *_utterance: contents.language}
    for split in SPLITS:
        for name, value in files.items():
            lines = partial(_utterance_lines, contents, split, value)
            yield ArchiveFile.of_lines(f"data/{split}/{name}", lines)
        for name, of_speaker in (("spk2utt", _utterances), ("spk2gender", _gender)):
            lines = partial(of_speaker, contents, split)
            yield ArchiveFile.of_lines(f"data/{split}/{name}", lines)


def _seconds(num_samples: int) -> str:
    return f"{num_samples / SAMPLING_RATE_HZ:.7f}"


def _spoken(contents: Contents, split: str) -> Iterator[tuple[str, str, int, str]]:
    """Speaker, clip, number of samples and words of what has a place."""
    columns = "pseudonym", "clip_id", "num_samples", "text"
    rows = contents.rows.columns(*columns, split=split, spoken=True, order=Order.SPEAKER)
    for speaker, clip_id, num_samples, text in rows:
        if words := transcript(text):
            yield speaker, clip_id, num_samples, words


def _utterance_lines(
    contents: Contents, split: str, value: Callable[[str, str, int, str], str]
) -> Iterator[str]:
    for speaker, clip_id, num_samples, words in _spoken(contents, split):
        told = value(speaker, clip_id, num_samples, words)
        yield f"{utterance_id(speaker, clip_id)} {told}"


def _utterances(contents: Contents, split: str) -> Iterator[str]:
    for speaker, spoken in groupby(_spoken(contents, split), key=itemgetter(0)):
        yield f"{speaker} {' '.join(utterance_id(speaker, each[1]) for each in spoken)}"


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
