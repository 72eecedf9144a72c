"""Which event starts which task: the one place where the stages are joined."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from celery import current_task

if TYPE_CHECKING:
    from celery import Task

from collector.models import EventKind
from collector.tasks import drop_originals, erase, transcode
from corpus.tasks import complete, count_figures, publish_revocations
from validation.tasks import prescore, redecide

STARTS: dict[str, Task[..., None]] = {
    EventKind.CLIP_UPLOADED: transcode,
    EventKind.CLIP_TRANSCODED: prescore,
    EventKind.CLIP_WITHDRAWN: erase,
    EventKind.CLIP_ERASED: complete,
    EventKind.RELEASE_REVISED: publish_revocations,
}
#: What starts by an event that is about no single clip.
STARTS_FOR_ALL: dict[str, Task[[], None]] = {
    EventKind.CONSENT_WITHDRAWN: drop_originals,
    EventKind.RELEASE_FROZEN: count_figures,
    EventKind.REDECISION_ASKED: redecide,
}
#: The worker that has measured a clip scores it as well: its speaker waits for a free worker once,
#: not twice. Should it die on the way, the sweep finds the clip where it was left.
IN_THE_SAME_HANDS = {EventKind.CLIP_TRANSCODED}


def dispatch(kind: str, clip_id: uuid.UUID | None) -> None:
    """Start the task that an event calls for: here and now in the same hands, else by a message.

    A message is only a nudge: if the broker is down, the sweep will do it.
    """
    if kind in STARTS_FOR_ALL:
        STARTS_FOR_ALL[kind].delay()
    task = STARTS.get(kind)
    if task is None:
        return
    # A fact of many clips names none; what it starts looks for them by their status.
    about = () if clip_id is None else (str(clip_id),)
    if kind in IN_THE_SAME_HANDS and current_task:
        task(*about)
    else:
        task.delay(*about)
