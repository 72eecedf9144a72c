"""Open STT's CSVs: without a header, sorted by duration, each text in a file beside its audio."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from corpus.exporters.contents import SPLITS, Contents, Order, Row, Shard
from corpus.exporters.deepspeech import csv_line
from corpus.exporters.files import ArchiveFile, Audio, Exporter
from corpus.exporters.words import is_speech


def audio_path(row: Row, extension: str) -> str:
    """Where a clip, or its text, lies."""
    return f"audio/{row.clip_id}.{extension}"


def texts(contents: Contents) -> Iterator[ArchiveFile]:
    """A CSV for each split."""
    for split in SPLITS:
        yield ArchiveFile.of_lines(f"{split}.csv", partial(_lines, contents, split))


def _lines(contents: Contents, split: str) -> Iterator[str]:
    rows = contents.rows(split=split, order=Order.DURATION, details=False)
    for row in filter(is_speech, rows):
        duration = f"{row.duration_s:.7f}"
        yield csv_line((audio_path(row, "wav"), audio_path(row, "txt"), duration))


def shard(contents: Contents, shard: Shard) -> Iterator[ArchiveFile]:
    """The clips and their texts."""
    for row in filter(is_speech, contents.rows(shard=shard)):
        yield ArchiveFile.of_clip(audio_path(row, "wav"), row, Audio.WHOLE_WAV)
        text = f"{row.text}\n".encode()
        yield ArchiveFile(audio_path(row, "txt"), partial(_whole, text), len(text))


def _whole(content: bytes, _read: object) -> tuple[bytes]:
    return (content,)


EXPORTER = Exporter(
    format="open-stt",
    label="Open STT CSV",
    description="A CSV for each split, 16 kHz WAV, and each text in its own file.",
    usage=(
        "import pandas\n"
        'names = ["wav_path", "text_path", "duration"]\n'
        'print(pandas.read_csv("training.csv", names=names).head())'
    ),
    texts=texts,
    shard=shard,
)
