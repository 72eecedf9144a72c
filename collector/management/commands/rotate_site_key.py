"""``manage.py rotate_site_key``: a new site key, and every clip's key wrapped by it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from collector.errors import SiteKeyMissing
from collector.services import (
    destroy_retired,
    note_emptied,
    num_to_rewrap,
    replace_site_key,
    rewrap_some,
)
from collector.vault.keys import NoFreshSiteKey
from collector.vault.site_keys import site_keys


class Command(BaseCommand):
    help = (
        "Makes a new site key and wraps every clip's key by it. Stop it and run it again as you "
        "like: one that was stopped goes on where it was, and makes no further key. The old key "
        "is destroyed when its BACKUP_DAYS are over, by the timetable or by --destroy."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Only to destroy what is due, where no timetable runs."""
        parser.add_argument(
            "--destroy", action="store_true", help="destroy the old keys that are due; nothing else"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate, or go on rotating, and say what there is to do."""
        try:
            if not options["destroy"]:
                self._rotate()
        except (NoFreshSiteKey, SiteKeyMissing) as error:
            raise CommandError(str(error)) from error
        for key_id in destroy_retired():
            self.stdout.write(f"Destroyed site key {key_id}. Remove it from its copy elsewhere.")

    def _rotate(self) -> None:
        waiting = num_to_rewrap()
        if waiting:
            self.stderr.write("Going on with the rotation that was stopped.")
        else:
            new = replace_site_key()
            self.stderr.write(f"Site key {new} is in {site_keys().folder}. Copy it elsewhere now.")
            waiting = num_to_rewrap()
        with tqdm(total=waiting, unit="key", file=self.stderr) as bar:
            while done := rewrap_some():
                bar.update(done)
        note_emptied()
        self.stdout.write("Every clip's key is wrapped by the new site key.")
