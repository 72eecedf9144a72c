"""``manage.py redecide``: bring what was decided to the policy and the reviewers of today."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collector.models import Campaign
from validation.services import redecide


class Command(BaseCommand):
    help = (
        "Decides a campaign's cases anew from the votes and scores that are stored. Curators' own "
        "decisions stand. It can be stopped and run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """See help."""
        parser.add_argument("--campaign", required=True, metavar="SLUG")

    def handle(self, *args: Any, campaign: str, **options: Any) -> None:
        """Redecide, and say how many cases moved."""
        found = Campaign.objects.filter(slug=campaign).first()
        if found is None:
            raise CommandError(f"There is no campaign {campaign}.")
        self.stdout.write(f"{redecide(found)} cases moved.")
