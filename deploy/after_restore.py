"""Does again, after a backup was restored, what the backup did not know of.

    python -m deploy.after_restore < withdrawn.txt

Standard input names the clips that are known to be withdrawn, an id on each line (deploy/README.md
says how to write that list). Those that the restored database still holds are taken back again,
and whatever audio of erased clips the backup brought with it is erased. Again is harmless.
"""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Iterable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from collector.access import Actor  # noqa: E402 - after the setup
from collector.models import Clip, ClipStatus  # noqa: E402
from collector.models.clip import GONE  # noqa: E402
from collector.storage import audio_store, clip_folder  # noqa: E402
from corpus.services import withdraw  # noqa: E402

REASON = "Taken back before; the restored backup did not know of it."


def take_back(clip_ids: Iterable[uuid.UUID]) -> int:
    """Withdraw these clips in their speakers' names; how many were not withdrawn yet."""
    present = Clip.objects.filter(pk__in=list(clip_ids)).exclude(status__in=GONE)
    clips = list(present.select_related("participation__speaker"))
    for clip in clips:
        withdraw(Actor(speaker=clip.participation.speaker), clip.pk, REASON)
    return len(clips)


def erase_again() -> int:
    """Erase the audio of clips that count as erased; how many files there were."""
    erased = Clip.objects.filter(status=ClipStatus.ERASED).values_list("pk", flat=True)
    return sum(audio_store().delete_folder(clip_folder(pk)) for pk in erased)


def main() -> None:
    """Both, and say how much there was to do."""
    clip_ids = [uuid.UUID(line.strip()) for line in sys.stdin if line.strip()]
    print(f"Taken back again: {take_back(clip_ids)} clips. The worker now erases their audio.")
    print(f"Erased again: {erase_again()} files of clips that were erased before.")


if __name__ == "__main__":
    main()
