"""``manage.py import_corpus``: speech from elsewhere, from folders and archives; JSON comes out."""

from __future__ import annotations

import json
import sys
import tempfile
from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collector.errors import ChoirError
from collector.models import Purpose
from corpus.errors import ArchiveUnusable
from corpus.importers import IMPORTERS
from corpus.importers.rows import Refused
from corpus.importers.unpacking import ArchiveRefused, UnpackLimits, unpacked
from corpus.management.commands.release import actor_of_email, campaign_of, refuse
from corpus.services.import_plans import ImportPlan, ImportReport
from corpus.services.importing import import_corpus

SOME_REFUSED = 4
EXIT_CODES = f"""
exit codes:
  0  done; the report, one JSON document, is on standard output
  1  the command line is wrong, or a folder cannot be read
  3  refused as a whole; standard error holds a JSON document with code and detail
  4  done, but for what stands in "refused" of the report, each with where, code and detail

formats: {", ".join(IMPORTERS)}; if none is named, the layout is recognised.
docs/importing.md says what each layout brings in, and what becomes of it.
"""


class Command(BaseCommand):
    help = "Bring in speech from a folder, a zip or a tar." + EXIT_CODES

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        """Its help keeps its lines."""
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        """Where from, where to, and by what right."""
        parser.add_argument("campaign", help="the slug of the campaign that it comes into")
        parser.add_argument("paths", nargs="+", help="folders, zips or tars")
        parser.add_argument("--by", required=True, help="e-mail address of a curator's account")
        parser.add_argument("--source", required=True, help="name and version of the corpus")
        parser.add_argument("--licence", required=True, help="its SPDX id, such as CC0-1.0")
        parser.add_argument(
            "--basis", required=True, help="by what right its speakers' recordings may be here"
        )
        parser.add_argument("--format", default="", choices=["", *IMPORTERS])
        parser.add_argument(
            "--accept", action="store_true", help="they count as judged; else people here judge"
        )
        parser.add_argument(
            "--purpose", action="append", default=[],
            choices=[Purpose.PUBLIC_PLAYBACK.value, Purpose.KEEP_ORIGINAL.value],
            help="what the basis allows besides what the licence does",
        )  # fmt: skip
        parser.add_argument("--speaker-pattern", default="", help="regular expression over paths")
        parser.add_argument("--dry-run", action="store_true", help="write nothing")
        parser.add_argument(
            "--jobs", type=int, default=1, help="how many clips are decoded at once"
        )
        parser.add_argument("--work", help="where archives are unpacked; else a temporary folder")
        parser.add_argument("--max-unpacked-gb", type=float, default=200.0)

    def handle(self, *args: Any, **options: Any) -> None:
        """One path after the other; what is in already is not brought in twice."""
        if options["jobs"] < 1:
            raise CommandError("--jobs is how many clips are decoded at once, from 1.")
        plan = ImportPlan(
            source=options["source"],
            licence=options["licence"],
            basis=options["basis"],
            format=options["format"],
            accept=options["accept"],
            purposes=tuple(options["purpose"]),
            speaker_pattern=options["speaker_pattern"],
            dry_run=options["dry_run"],
            jobs=options["jobs"],
        )
        try:
            reports = [self._import(Path(path), plan, options) for path in options["paths"]]
        except ChoirError as error:
            refuse(error)
        self.stdout.write(json.dumps([each.as_json() for each in reports], ensure_ascii=False))
        if any(report.refused for report in reports):
            sys.exit(SOME_REFUSED)

    def _import(self, path: Path, plan: ImportPlan, options: dict[str, Any]) -> ImportReport:
        actor, campaign = actor_of_email(options["by"]), campaign_of(options["campaign"])
        if not path.exists():
            raise CommandError(f"There is nothing at {path}.")
        limits = UnpackLimits(all_num_bytes=int(options["max_unpacked_gb"] * 1e9))
        try:
            with (
                tempfile.TemporaryDirectory(dir=options["work"]) as work,
                unpacked(path, Path(work), limits) as (root, left_out),
            ):
                report = import_corpus(actor, campaign, root, plan)
        except ArchiveRefused as error:
            raise ArchiveUnusable(str(error)) from error
        refused: list[Refused] = [*left_out, *report.refused]
        report.refused = refused
        return report
