"""``manage.py after_restore``: do again what a restored backup does not know of."""

from __future__ import annotations

import sys
import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from corpus.services import erase_again, withdraw_again


class Command(BaseCommand):
    help = (
        "Reads the ids of withdrawn clips from standard input, a line each, takes back those that "
        "the restored database still holds, and erases what the storage still has. Again is "
        "harmless."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Both, and say how much there was to do."""
        try:
            clip_ids = [uuid.UUID(line.strip()) for line in sys.stdin if line.strip()]
        except ValueError as error:
            raise CommandError(f"Every line must be a clip's id, a UUID: {error}") from error
        taken, erased = withdraw_again(clip_ids), erase_again()
        self.stdout.write(f"Taken back again: {taken} clips. The worker now erases their audio.")
        self.stdout.write(f"Erased again: {erased} files of clips that were erased before.")
