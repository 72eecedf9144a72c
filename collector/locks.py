"""The locks that work meets at: a clip's own row, and a speaker's."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from collector.models import Clip, ClipStatus, Participation, Speaker
from collector.models.clip import GONE


def lock_live_clip(clip_id: uuid.UUID) -> Clip | None:
    """The transcoded clip, locked until the transaction ends; None when it was taken back.

    A withdrawal takes the same lock, so whatever is written under it is either before the
    withdrawal (which then undoes it) or not written at all.
    """
    clips = Clip.objects.select_for_update().filter(pk=clip_id, status=ClipStatus.TRANSCODED)
    return clips.first()


def lock_speaker(speaker_id: uuid.UUID) -> Speaker:
    """The speaker, locked until the transaction ends; always taken before a clip's lock.

    What they say of themselves, and the clips that are to point to it, meet here. Weaker than a
    lock on the key, so that rows which merely refer to the speaker do not wait.
    """
    return Speaker.objects.select_for_update(no_key=True).get(pk=speaker_id)


def lock_present_clips(clips: QuerySet[Clip]) -> list[uuid.UUID]:
    """Those of the clips that are not taken back, locked until the transaction ends.

    Their speakers first, and each kind in the order of the keys: so two who lock many clips at
    once wait for each other, and never both.
    """
    speakers = Participation.objects.filter(clips__in=clips).values("speaker")
    whose = Speaker.objects.filter(pk__in=speakers).order_by("pk").select_for_update(no_key=True)
    list(whose.values_list("pk", flat=True))
    present = Clip.objects.filter(pk__in=clips.values("pk")).exclude(status__in=GONE)
    locked = present.order_by("pk").select_for_update()
    return list(locked.values_list("pk", flat=True))
