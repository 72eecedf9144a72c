"""``manage.py remeasure``: measure a campaign's clips as the program of today does."""

from __future__ import annotations

import sys
import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from collector.models import Campaign
from collector.services import measured_otherwise, remeasure_clip

STOPPED = 130


class Command(BaseCommand):
    help = (
        "Measures again, from their masters, the clips of a campaign that another version of the "
        "program measured. Ctrl-C stops it; the same command goes on where it ended. Thresholds "
        "need no measuring: findings follow a change of them at once. Exit code 1: some clips "
        "could not be measured."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See help."""
        parser.add_argument("--campaign", required=True, metavar="SLUG")

    def handle(self, *args: Any, campaign: str, **options: Any) -> None:
        """One clip after the other, with a progress bar on standard error."""
        chosen = Campaign.objects.filter(slug=campaign).first()
        if chosen is None:
            raise CommandError(f"There is no campaign {campaign}.")
        left = list(measured_otherwise(chosen).values_list("pk", flat=True))
        try:
            failed = self._measure(left)
        except KeyboardInterrupt:
            self.stderr.write(f"Stopped; {measured_otherwise(chosen).count()} clips are left.")
            sys.exit(STOPPED)
        self.stdout.write(f"{len(left) - failed} clips measured.")
        if failed:
            raise CommandError(f"{failed} clips could not be measured; see above.")

    def _measure(self, clip_ids: list[uuid.UUID]) -> int:
        """How many could not be measured."""
        failed = 0
        for clip_id in tqdm(clip_ids, unit="clip", file=sys.stderr, dynamic_ncols=True):
            try:
                remeasure_clip(clip_id)
            except Exception as error:  # one broken file costs no other clip
                failed += 1
                tqdm.write(f"{clip_id}: {error}", file=sys.stderr)
        return failed
