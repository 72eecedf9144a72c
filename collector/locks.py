"""The lock that a withdrawal and all other work on a clip meet at: the clip's own row."""

from __future__ import annotations

import uuid

from collector.models import Clip, ClipStatus


def lock_live_clip(clip_id: uuid.UUID) -> Clip | None:
    """The transcoded clip, locked until the transaction ends; None when it was taken back.

    A withdrawal takes the same lock, so whatever is written under it is either before the
    withdrawal (which then undoes it) or not written at all.
    """
    clips = Clip.objects.select_for_update().filter(pk=clip_id, status=ClipStatus.TRANSCODED)
    return clips.first()
