"""The layout of Google's Speech Commands (P. Warden, arXiv:1804.03209).

One folder a word, one second a clip, ``<speaker>_nohash_<take>.wav``; the lists name the clips
that are not for training. Sentences have no place in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.exporters.rows import ArchiveFile, Audio, Exporter, Row

ROOT = "speech_commands_v0.02"
NOISE_FOLDER = "_background_noise_"


def word_folder(text: str) -> str:
    """The folder of a keyword: lower case, ``_`` between words, nothing that a path minds."""
    lowered = text.lower().replace("/", " ").replace("\\", " ").strip(". ")
    return "_".join(lowered.split()) or "_"


def clip_path(row: Row) -> str:
    """Where a clip lies, relative to the data set's root."""
    if row.kind == "noise":
        return f"{NOISE_FOLDER}/{row.clip_id}.wav"
    return f"{word_folder(row.text)}/{row.pseudonym}_nohash_{row.take}.wav"


def files(rows: Sequence[Row]) -> Iterator[ArchiveFile]:
    """The two lists, then the clips by path."""
    spoken = [row for row in rows if row.kind != "sentence"]
    for split in ("validation", "testing"):
        words = (row for row in spoken if row.split == split and row.kind == "keyword")
        yield ArchiveFile.of_text(f"{ROOT}/{split}_list.txt", sorted(map(clip_path, words)))
    for row in sorted(spoken, key=clip_path):
        audio = Audio.WHOLE_WAV if row.kind == "noise" else Audio.LOUDEST_SECOND_WAV
        yield ArchiveFile.of_clip(f"{ROOT}/{clip_path(row)}", row, audio)


EXPORTER = Exporter(
    format="speech-commands",
    label="Speech Commands",
    description="Keywords as one-second 16 kHz WAV, a folder for each word, and background noise.",
    usage=(
        "from torchaudio.datasets import SPEECHCOMMANDS\n"
        'data = SPEECHCOMMANDS(".", folder_in_archive="", subset="training")\n'
        "waveform, rate, word, speaker, take = data[0]"
    ),
    files=files,
)
