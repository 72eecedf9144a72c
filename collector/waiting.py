"""Waiting a moment for a clip's measurements, so that they come with the answer to its upload."""

from __future__ import annotations

import re
import time
import uuid
from threading import BoundedSemaphore

from django.conf import settings

from collector.models import Clip, ClipStatus

LONGEST_WAIT_S = 5
FIRST_LOOK_S = 0.03
LONGEST_PAUSE_S = 0.25

_WAIT = re.compile(r"(?:^|,)\s*wait\s*=\s*\"?(\d{1,9})\"?\s*(?=,|;|$)", re.IGNORECASE)
#: A waiting request holds one of the web server's few threads: without this limit, uploads alone
#: could take them all, and while the worker is behind nobody would get even a page.
_places = BoundedSemaphore(settings.WAITING_UPLOADS)


def preferred_wait_s(prefer: str) -> int:
    """The seconds that a ``Prefer`` header asks to wait (RFC 7240, section 4.3), at most 5."""
    found = _WAIT.search(prefer)
    return 0 if found is None else min(int(found[1]), LONGEST_WAIT_S)


def wait_until_measured(clip_id: uuid.UUID, longest_s: float) -> bool:
    """Wait until the worker is done with the clip, or time is up; False when no place was free.

    It looks at the row now and then, outside any transaction: no lock is held, and the database
    works for nobody meanwhile.
    """
    if not _places.acquire(blocking=False):
        return False
    try:
        _look_until(time.monotonic() + longest_s, clip_id)
    finally:
        _places.release()
    return True


def _look_until(deadline: float, clip_id: uuid.UUID) -> None:
    pause_s = FIRST_LOOK_S
    waiting = Clip.objects.filter(pk=clip_id, status=ClipStatus.RECEIVED)
    while waiting.exists() and (left_s := deadline - time.monotonic()) > 0:
        time.sleep(min(pause_s, left_s))
        pause_s = min(pause_s * 1.5, LONGEST_PAUSE_S)
