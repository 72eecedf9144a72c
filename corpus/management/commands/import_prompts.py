"""``manage.py import_prompts``: a list of texts for a campaign; JSON comes out."""

from __future__ import annotations

import json
import sys
from argparse import RawDescriptionHelpFormatter
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collector.errors import ChoirError
from corpus.management.commands.release import actor_of_email, campaign_of, refuse
from corpus.services.prompt_lists import PromptList, import_prompts

SOME_REFUSED = 4
EXIT_CODES = """
exit codes:
  0  done; the report, one JSON document, is on standard output
  1  the command line is wrong, or the file cannot be read
  3  refused as a whole; standard error holds a JSON document with code and detail
  4  done, but for what stands in "refused" of the report, each with where, code and detail

a list is plain text, one prompt a line ("#" begins a remark), or TSV whose first line names its
columns: text (or sentence), kind, topic (or sentence_domain), source.
"""


class Command(BaseCommand):
    help = "Add the texts of a list to a campaign's prompts." + EXIT_CODES

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        """Its help keeps its lines."""
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        """Which list, and where from."""
        parser.add_argument("campaign", help="its slug")
        parser.add_argument("file")
        parser.add_argument("--by", required=True, help="e-mail address of a curator's account")
        parser.add_argument("--source", required=True, help="where the texts come from")
        parser.add_argument("--licence", required=True, help="of the texts; an SPDX id")
        parser.add_argument("--kind", default="sentence", choices=["keyword", "sentence"])
        parser.add_argument("--closed", action="store_true", help="add them, but ask nobody yet")
        parser.add_argument("--dry-run", action="store_true", help="write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Add what is new, and report."""
        path = Path(options["file"])
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        given = PromptList(
            path, options["source"], options["licence"], options["kind"],
            is_open=not options["closed"], dry_run=options["dry_run"],
        )  # fmt: skip
        try:
            report = import_prompts(
                actor_of_email(options["by"]), campaign_of(options["campaign"]), given
            )
        except ChoirError as error:
            refuse(error)
        codes = dict(Counter(refused.code for refused in report.refused))
        told = {**asdict(report), "refused_by_code": codes}
        self.stdout.write(json.dumps(told, ensure_ascii=False))
        if report.refused:
            sys.exit(SOME_REFUSED)
