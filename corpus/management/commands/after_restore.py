"""``manage.py after_restore``: do again what a restored backup does not know of."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from corpus.services import TakenBack, erase_again, take_back_again


class Command(BaseCommand):
    help = (
        "Reads from standard input what manage.py taken_back wrote, or ids of clips, a line each. "
        "Takes back again what the restored database does not know to be taken back, and erases "
        "what the storage still has of clips. Run it before the site is opened and not later: who "
        "has agreed anew since would be taken at their earlier word."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Both, and say how much there was to do."""
        try:
            lines = [TakenBack.parse(line) for line in sys.stdin if line.strip()]
        except ValueError as error:
            raise CommandError(
                f"Every line must be one of manage.py taken_back, or a clip's id, a UUID: {error}"
            ) from error
        taken, erased = take_back_again(lines), erase_again()
        self.stdout.write(
            f"Taken back again: {taken['clip']} clips. The worker erases their audio."
        )
        self.stdout.write(
            f"Ended again: {taken['consent']} consents or purposes of them, {taken['device']} "
            f"devices. Paused again: {taken['pause']} clips. Answers deleted again: of "
            f"{taken['answers']} speakers."
        )
        self.stdout.write(f"Erased again: {erased} files of clips that were erased before.")
