"""Formats that trainers read. One file each; adding one touches that file and its test.

An exporter is a pair of pure functions from a release's rows to the files of an archive: names,
sizes and where the bytes come from. It reads neither the database nor the storage.
"""

from corpus.exporters import nemo, speech_commands
from corpus.exporters.contents import SPLITS, Contents, Order, Row, Shard, listed
from corpus.exporters.files import ArchiveFile, Audio, Exporter

EXPORTERS: dict[str, Exporter] = {
    exporter.format: exporter for exporter in (nemo.EXPORTER, speech_commands.EXPORTER)
}

__all__ = [
    "EXPORTERS",
    "SPLITS",
    "ArchiveFile",
    "Audio",
    "Contents",
    "Exporter",
    "Order",
    "Row",
    "Shard",
    "listed",
]
