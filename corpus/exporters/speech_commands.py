"""The layout of Google's Speech Commands (P. Warden, arXiv:1804.03209).

One folder a word, one second a clip, ``<speaker>_nohash_<take>.wav``; the lists name the clips
that are not for training. Sentences have no place in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext_noop

from corpus.exporters.contents import Contents, Row, Shard
from corpus.exporters.files import ArchiveFile, Audio, Exporter

ROOT = "speech_commands_v0.02"
#: The original has its testing words once more in a folder that loaders look for.
TEST_ROOT = "speech_commands_test_set_v0.02"
NOISE_FOLDER = "_background_noise_"


def word_folder(text: str) -> str:
    """The folder of a keyword: lower case, ``_`` between words, nothing that a path minds."""
    lowered = text.lower().replace("/", " ").replace("\\", " ").strip(". ")
    return "_".join(lowered.split()) or "_"


def clip_path(row: Row) -> str:
    """Where a clip lies, relative to the data set's root."""
    if row.kind == "noise":
        return f"{NOISE_FOLDER}/{row.clip_id}.wav"
    return take_path(row.text, row.pseudonym, row.take)


def take_path(text: str, speaker: str, take: int) -> str:
    """Where a speaker's take of a word lies."""
    return f"{word_folder(text)}/{speaker}_nohash_{take}.wav"


def texts(contents: Contents) -> Iterator[ArchiveFile]:
    """The two lists; what is in neither is for training."""
    for split in ("validation", "testing"):
        yield ArchiveFile.of_lines(f"{ROOT}/{split}_list.txt", partial(_words, contents, split))


def _words(contents: Contents, split: str) -> list[str]:
    rows = contents.rows.columns("text", "pseudonym", "take", split=split, kind="keyword")
    return sorted(take_path(*columns) for columns in rows)


def shard(contents: Contents, shard: Shard) -> Iterator[ArchiveFile]:
    """Each word's loudest second, and all of each noise."""
    for row in contents.rows(shard=shard):
        if row.kind == "noise":
            yield ArchiveFile.of_clip(f"{ROOT}/{clip_path(row)}", row, Audio.WHOLE_WAV)
        elif row.kind == "keyword":
            for root in (ROOT, TEST_ROOT) if row.split == "testing" else (ROOT,):
                path = f"{root}/{clip_path(row)}"
                yield ArchiveFile.of_clip(path, row, Audio.LOUDEST_SECOND_WAV)


EXPORTER = Exporter(
    format="speech-commands",
    label="Speech Commands",
    description=gettext_noop(
        "Keywords as one-second 16 kHz WAV, a folder for each word, and background noise."
    ),
    usage=(
        "from lhotse.recipes.speechcommands import prepare_speechcommands\n"
        'data = prepare_speechcommands("2", ".")\n'
        'print({split: len(part["supervisions"]) for split, part in data.items()})'
    ),
    texts=texts,
    shard=shard,
)
