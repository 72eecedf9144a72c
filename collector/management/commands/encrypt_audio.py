"""``manage.py encrypt_audio``: encrypt what was stored before there was encryption."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from collector.services import seal_clip, unsealed_clips


class Command(BaseCommand):
    help = (
        "Encrypts all audio that still lies there as it came, while the site runs. Stop it and run "
        "it again as you like: it goes on where it was, and what is done is not done again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """One clip after the other, with progress on standard error."""
        clips = list(unsealed_clips().values_list("pk", flat=True))
        num_files = sum(map(seal_clip, tqdm(clips, unit="clip", file=self.stderr)))
        self.stdout.write(f"Encrypted {num_files} files of {len(clips)} clips.")
