"""``manage.py rederive``: make previews, peaks and spectrograms ahead of their first viewer."""

from __future__ import annotations

import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from collector.audio.preview import PreviewFailed
from collector.errors import NotFound
from collector.models import Clip
from collector.services import Derivative, derive
from collector.services.deriving import stale_clips

PROGRESS_EVERY = 50


class Command(BaseCommand):
    help = (
        "Makes what is derived from masters (previews, peaks, spectrograms) where it is missing "
        "or of an older version. Stop it and run it again as you like: it goes on where it was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which kinds; all, where none is named."""
        parser.add_argument("kinds", nargs="*", choices=[*Derivative.values, []], metavar="kind")

    def handle(self, *args: Any, **options: Any) -> None:
        """One clip after the other, with progress on standard error."""
        kinds = [Derivative(kind) for kind in options["kinds"]] or list(Derivative)
        num_files = num_failed = 0
        for clip_id, lacking in list(stale_clips(kinds)):
            for kind in lacking:
                made = self._derive(clip_id, kind)
                num_files, num_failed = num_files + made, num_failed + (not made)
                if num_files and num_files % PROGRESS_EVERY == 0:
                    self.stderr.write(f"{num_files} files made …")
        self.stdout.write(f"Made {num_files} files.")
        if num_failed:
            raise CommandError(f"{num_failed} files could not be made; see above.")

    def _derive(self, clip_id: uuid.UUID, kind: Derivative) -> bool:
        try:
            derive(Clip.objects.get(pk=clip_id), kind)
        except NotFound:
            pass  # taken back since the list was made: nothing is lacking any more
        except (PreviewFailed, FileNotFoundError) as error:
            self.stderr.write(f"{clip_id}: {kind}: {error}")
            return False
        return True
