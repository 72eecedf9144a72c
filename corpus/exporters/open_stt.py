"""Open STT's CSVs: without a header, sorted by duration, each text in a file beside its audio."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext_noop

from corpus.exporters.contents import SAMPLING_RATE_HZ, SPLITS, Contents, Order, Shard
from corpus.exporters.files import ArchiveFile, Audio, Exporter
from corpus.exporters.words import is_speech


def audio_path(clip_id: str, extension: str) -> str:
    """Where a clip, or its text, lies."""
    return f"audio/{clip_id}.{extension}"


def texts(contents: Contents) -> Iterator[ArchiveFile]:
    """A CSV for each split."""
    for split in SPLITS:
        yield ArchiveFile.of_lines(f"{split}.csv", partial(_lines, contents, split))


def _lines(contents: Contents, split: str) -> Iterator[str]:
    rows = contents.rows.columns(
        "clip_id", "num_samples", split=split, spoken=True, order=Order.DURATION
    )
    for clip_id, num_samples in rows:
        paths = f"{audio_path(clip_id, 'wav')},{audio_path(clip_id, 'txt')}"
        yield f"{paths},{num_samples / SAMPLING_RATE_HZ:.7f}"


def shard(contents: Contents, shard: Shard) -> Iterator[ArchiveFile]:
    """The clips and their texts."""
    for row in filter(is_speech, contents.rows(shard=shard)):
        yield ArchiveFile.of_clip(audio_path(row.clip_id, "wav"), row, Audio.WHOLE_WAV)
        text = f"{row.text}\n".encode()
        yield ArchiveFile(audio_path(row.clip_id, "txt"), partial(_whole, text), len(text))


def _whole(content: bytes, _read: object) -> tuple[bytes]:
    return (content,)


EXPORTER = Exporter(
    format="open-stt",
    label="Open STT CSV",
    description=gettext_noop("A CSV for each split, 16 kHz WAV, and each text in its own file."),
    usage=(
        "import pandas\n"
        'names = ["wav_path", "text_path", "duration"]\n'
        'print(pandas.read_csv("training.csv", names=names).head())'
    ),
    texts=texts,
    shard=shard,
)
