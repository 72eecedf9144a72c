"""``manage.py recount``: count the takes of every prompt anew, and mend the tallies."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from collector.services import recount


class Command(BaseCommand):
    help = "Count the takes of every prompt anew and mend what was wrong; at any time, harmless."

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, then say how much was wrong."""
        self.stdout.write(f"{recount()} tallies were wrong, and are right now.")
