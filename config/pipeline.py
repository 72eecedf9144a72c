"""Which event starts which task: the one place where the stages are joined."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from celery import Task

from collector.models import EventKind
from collector.tasks import erase, transcode
from validation.tasks import prescore

STARTS: dict[str, Task[[str], None]] = {
    EventKind.CLIP_UPLOADED: transcode,
    EventKind.CLIP_TRANSCODED: prescore,
    EventKind.CLIP_WITHDRAWN: erase,
}


def dispatch(kind: str, clip_id: uuid.UUID | None) -> None:
    """Nudge the task that an event calls for. If the broker is down, the sweep will do it."""
    task = STARTS.get(kind)
    if task is not None and clip_id is not None:
        task.delay(str(clip_id))
