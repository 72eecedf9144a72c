"""``manage.py settle_inactive``: remind or forget speakers of whom nothing was heard for long."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from collector.services import settle_inactive


class Command(BaseCommand):
    help = (
        "Reminds the accounts of speakers who lend clips and were not here for INACTIVE_DAYS, and "
        "forgets those who lend none. The worker does the same every night; again is harmless."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How long is long, and whether to look only."""
        parser.add_argument("--days", type=int, help="instead of INACTIVE_DAYS")
        parser.add_argument("--dry-run", action="store_true", help="only say how many they are")

    def handle(self, *args: Any, **options: Any) -> None:
        """Settle, then say what was done."""
        done = settle_inactive(options["days"], dry_run=options["dry_run"])
        self.stdout.write(f"Accounts reminded: {done.reminded}.")
        self.stdout.write(f"Speakers forgotten: {done.forgotten}.")
