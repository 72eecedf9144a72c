"""``manage.py export``: a release in a trainer's format, as a tar, without the web."""

from __future__ import annotations

import json
import sys
from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandParser

from collector.errors import ChoirError
from corpus.archive import Archive
from corpus.exporters import EXPORTERS
from corpus.management.commands.release import refuse, release_of
from corpus.pieces import in_large_pieces
from corpus.services import AudioReader, export_archive

EXIT_CODES = """
exit codes:
  0  done; one JSON document says what was written (on standard error with -o -)
  1  the command line is wrong, or the file cannot be written
  3  refused: no such release, format or part; standard error holds a JSON document

the same release, revision, format and part are the same bytes on every machine.
"""


class Command(BaseCommand):
    help = "Write a release as a tar in a trainer's format." + EXIT_CODES

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        """Its help keeps its lines."""
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        """Which, and where to."""
        parser.add_argument("release", help="CAMPAIGN:VERSION")
        parser.add_argument("format", help=", ".join(EXPORTERS))
        parser.add_argument("--part", help="texts, or a shard such as training-00000")
        parser.add_argument("-o", dest="to", required=True, help="a folder, or - for the output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Stream it; a file is there under its name only when all of it is."""
        try:
            release, _ = release_of(options["release"])
            reader = AudioReader()
            archive = export_archive(release, options["format"], options["part"], reader)
        except ChoirError as error:
            refuse(error)
        if options["to"] == "-":
            self._report(write(archive, reader, sys.stdout.buffer), "-", sys.stderr)
            return
        part = f"-{options['part']}" if options["part"] else ""
        path = Path(options["to"]) / f"{archive.root}{part}.tar"
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".tar.part")
        with half.open("wb") as out:
            num_bytes = write(archive, reader, out)
        half.replace(path)
        self._report(num_bytes, str(path), self.stdout)

    def _report(self, num_bytes: int, path: str, out: Any) -> None:
        out.write(json.dumps({"path": path, "num_bytes": num_bytes}) + "\n")


def write(archive: Archive, reader: AudioReader, out: BinaryIO) -> int:
    """All of the archive; how many bytes it was."""
    return sum(map(out.write, in_large_pieces(archive.stream(reader))))
