"""What speakers say of themselves: said, said otherwise, and forgotten."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.utils import timezone

from collector.locks import lock_speaker
from collector.models import Clip, Speaker, SpeakerSnapshot
from collector.models.clip import GONE

#: Speakers are asked after their first set: a first answer holds for the clips of that sitting.
SITTING = timedelta(hours=24)


@transaction.atomic
def tell_about(speaker: Speaker, answers: Mapping[str, Any]) -> SpeakerSnapshot | None:
    """Keep what the speaker says of themselves; None when they say nothing.

    ``answers`` has the fields of ``SpeakerSnapshot.ASKED``; what is absent is blank. It holds for
    clips from now on, and for those of the last 24 hours that have no snapshot yet. Earlier clips
    keep the snapshot of their own moment.
    """
    lock_speaker(speaker.pk)
    said = {name: answers.get(name) or _BLANK[name] for name in SpeakerSnapshot.ASKED}
    snapshot = None
    if any(said.values()):
        snapshot, _ = SpeakerSnapshot.objects.get_or_create(speaker=speaker, **said)
        _give_to_recent_clips(speaker, snapshot)
    Speaker.objects.filter(pk=speaker.pk).update(about=snapshot, asked_about_at=Now())
    drop_unused_snapshots(speaker.pk)
    return snapshot


_BLANK: Mapping[str, Any] = {
    name: [] if name == "first_languages" else "" for name in SpeakerSnapshot.ASKED
}


@transaction.atomic
def forget_about(speaker: Speaker) -> None:
    """Delete all that the speaker ever said of themselves: their clips then point to nothing.

    They are not asked again by themselves: to delete is an answer too.
    """
    lock_speaker(speaker.pk)
    SpeakerSnapshot.objects.filter(speaker=speaker).delete()
    Speaker.objects.filter(pk=speaker.pk).update(asked_about_at=Now())


@transaction.atomic
def drop_unused_snapshots(speaker_id: uuid.UUID) -> None:
    """Delete the speaker's snapshots that no clip points to, other than today's."""
    current = lock_speaker(speaker_id).about_id
    unused = SpeakerSnapshot.objects.filter(speaker=speaker_id).exclude(
        Exists(Clip.objects.filter(about=OuterRef("pk")))
    )
    unused.exclude(pk__in=[current] if current else []).delete()


def _give_to_recent_clips(speaker: Speaker, snapshot: SpeakerSnapshot) -> None:
    recent = Clip.objects.filter(
        participation__in=speaker.participations.all(),
        received_at__gte=timezone.now() - SITTING,
        about=None,
    )
    recent.exclude(status__in=GONE).update(about=snapshot)
