"""Formats that trainers read. One file each; adding one touches that file and its test.

An exporter is a pair of pure functions from a release's rows to the files of an archive: names,
sizes and where the bytes come from. It reads neither the database nor the storage.
"""

from corpus.exporters import (
    audiofolder,
    clips_jsonl,
    common_voice,
    deepspeech,
    kaldi,
    lhotse,
    librispeech,
    ljspeech,
    nemo,
    open_stt,
    parquet,
    shar,
    speech_commands,
    webdataset,
)
from corpus.exporters.contents import SPLITS, Contents, Listed, Order, Row, Shard
from corpus.exporters.files import ArchiveFile, Audio, Exporter

_FORMATS = (
    clips_jsonl,
    nemo,
    speech_commands,
    lhotse,
    shar,
    kaldi,
    parquet,
    audiofolder,
    webdataset,
    common_voice,
    librispeech,
    ljspeech,
    deepspeech,
    open_stt,
)

#: By the name that stands in addresses, in the order in which people are offered them.
EXPORTERS: dict[str, Exporter] = {module.EXPORTER.format: module.EXPORTER for module in _FORMATS}

__all__ = [
    "EXPORTERS",
    "SPLITS",
    "ArchiveFile",
    "Audio",
    "Contents",
    "Exporter",
    "Listed",
    "Order",
    "Row",
    "Shard",
]
