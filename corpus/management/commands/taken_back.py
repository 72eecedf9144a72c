"""``manage.py taken_back``: what has to be done again after a backup is restored."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from corpus.services import taken_back


class Command(BaseCommand):
    help = (
        "Writes all that people have taken back, a line each, for after_restore. Save it every "
        "hour, apart from the backups, and over the copy before: two of them, compared, tell what "
        "was taken back together."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Line by line, in constant memory."""
        for each in taken_back():
            self.stdout.write(str(each))
