"""Letting go: clips taken back, answers erased, and both once more after a backup."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Func, JSONField, Value

from collector.access import Actor, own_clip
from collector.models import Clip, ClipStatus, Speaker
from collector.models.clip import GONE
from collector.services import forget_about, withdraw_clip
from collector.storage import audio_store, clip_folder
from corpus.models import ReleaseEntry, Withdrawal
from corpus.services.revising import leave_releases, revise
from validation.services import close_case

RESTORED = "Taken back before; the restored backup did not know of it."
#: What an entry may tell of its speaker, as ``details`` names it.
TOLD = ("age", "gender", "accent")


@transaction.atomic
def withdraw(actor: Actor, clip_id: uuid.UUID, reason: str = "") -> tuple[Clip, bool]:
    """Take a clip back, everywhere, in one transaction; whether this call did it.

    From the commit on no review hears it and no download holds it, old releases included (their
    revision goes up). The erasure of its audio follows on the event. Again is harmless.
    """
    clip = own_clip(actor, clip_id)
    Clip.objects.select_for_update().get(pk=clip.pk)
    if not withdraw_clip(clip):
        return clip, False
    Withdrawal.objects.create(clip=clip, reason=reason)
    close_case(clip)
    leave_releases(ReleaseEntry.objects.filter(clip=clip), clip.pk)
    clip.refresh_from_db()
    return clip, True


def withdraw_again(clip_ids: Iterable[uuid.UUID]) -> int:
    """After a backup was restored: take back the clips that it does not know to be withdrawn.

    In their speakers' names, who asked for it before; returns how many it were.
    """
    present = Clip.objects.filter(pk__in=list(clip_ids)).exclude(status__in=GONE)
    clips = list(present.select_related("participation__speaker"))
    for clip in clips:
        withdraw(Actor(speaker=clip.participation.speaker), clip.pk, RESTORED)
    return len(clips)


def erase_again() -> int:
    """After a backup was restored: erase the audio of erased clips; how many files it were."""
    erased = Clip.objects.filter(status=ClipStatus.ERASED).values_list("pk", flat=True)
    return sum(audio_store().delete_folder(clip_folder(pk)) for pk in erased)


@transaction.atomic
def erase_answers(speaker: Speaker) -> None:
    """Delete all that a speaker ever said of themselves, out of every release too.

    What a release tells is frozen with it, or it would not be the same bytes for ever. So the
    answers are taken out of the entries in this same transaction, under a new revision.
    """
    forget_about(speaker)
    entries = ReleaseEntry.objects.filter(
        clip__participation__speaker=speaker, details__has_any_keys=TOLD
    )
    revise(entries, None, details=_Without(F("details"), Value(list(TOLD))))


class _Without(Func):
    """A JSON object without some of its names (PostgreSQL's ``jsonb - text[]``)."""

    template = "(%(expressions)s::text[])"
    arg_joiner = " - "
    output_field = JSONField()
