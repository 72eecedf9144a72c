"""The locks that work meets at: a clip's own row, and a speaker's."""

from __future__ import annotations

import uuid

from collector.models import Clip, ClipStatus, Speaker


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
