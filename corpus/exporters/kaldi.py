"""Kaldi's data folders, one for each split; every file sorted by bytes (``LC_ALL=C``).

Without ``reco2dur`` a loader computes lengths from rounded durations and cuts samples off. An
utterance's id begins with its speaker's, both of fixed length, so that sorting by either agrees.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby, repeat
from operator import itemgetter

from django.utils.translation import gettext_noop

from corpus.exporters.contents import SAMPLING_RATE_HZ, SPLITS, Contents, Order, Row
from corpus.exporters.files import ArchiveFile, Audio, Exporter, clip_files
from corpus.exporters.kept import Blocks, Tables
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


#: The files of a split's folder.
TABLES = (
    "wav.scp", "text", "utt2spk", "utt2dur", "reco2dur", "utt2lang", "spk2utt", "spk2gender",
)  # fmt: skip


def texts(contents: Contents) -> Iterator[ArchiveFile]:
    """The files of each split's folder."""
    for split in SPLITS:
        paths = [f"data/{split}/{name}" for name in TABLES]
        yield from Tables(paths, partial(_by_speaker, contents, split)).files()


def _by_speaker(contents: Contents, split: str) -> Iterator[Blocks]:
    """The lines of each speaker who says something that has a place, for each of ``TABLES``."""
    columns = "pseudonym", "clip_id", "num_samples", "gender", "text"
    rows = contents.rows.columns(*columns, split=split, spoken=True, order=Order.SPEAKER)
    for speaker, of_speaker in groupby(rows, key=itemgetter(0)):
        spoken = [(*row[1:4], words) for row in of_speaker if (words := transcript(row[4]))]
        if spoken:
            yield _of_speaker(speaker, spoken, contents.language)


def _of_speaker(speaker: str, spoken: Sequence[tuple[str, int, str, str]], language: str) -> Blocks:
    """``spoken``: of each utterance its clip, number of samples, the speaker's gender, words."""
    utterances = [utterance_id(speaker, clip_id) for clip_id, *_ in spoken]
    durations = [f"{num_samples / SAMPLING_RATE_HZ:.7f}" for _, num_samples, *_ in spoken]
    told: tuple[Iterable[str], ...] = (
        (wav_path(clip_id) for clip_id, *_ in spoken),
        (words for *_, words in spoken),
        repeat(speaker),
        durations,
        durations,
        repeat(language),
    )
    # ``m`` or ``f`` is all that Kaldi takes; others are left out.
    gender = GENDERS.get(spoken[0][2])
    return (
        *("".join(map("{} {}\n".format, utterances, values)) for values in told),
        f"{speaker} {' '.join(utterances)}\n",
        f"{speaker} {gender}\n" if gender else "",
    )


def clip_file(row: Row) -> ArchiveFile | None:
    """All of a clip as WAV, which needs no pipe in ``wav.scp``."""
    if not (is_speech(row) and transcript(row.text)):
        return None
    return ArchiveFile.of_clip(wav_path(row.clip_id), row, Audio.WHOLE_WAV)


EXPORTER = Exporter(
    format="kaldi",
    label="Kaldi",
    description=gettext_noop("A data folder for each split; paths are from the archive's folder."),
    usage=(
        "from lhotse.kaldi import load_kaldi_data_dir\n"
        'recordings, supervisions, _ = load_kaldi_data_dir("data/training", 16000)\n'
        "print(supervisions[0].text)"
    ),
    texts=texts,
    shard=clip_files(clip_file),
)
