"""Originals: erased once the master stands, unless their speaker opted into keeping them.

``Clip.original_due_at`` is the queue. A message is only a nudge, and the sweep finds what waits.
"""

from __future__ import annotations

import logging
import uuid

from django.db import transaction
from django.db.models.functions import Now

from collector.events import announce
from collector.models import Clip, ClipStatus, EventKind, Participation, Purpose
from collector.selectors import is_held, with_purpose
from collector.storage import audio_store, original_key

log = logging.getLogger(__name__)

BATCH = 500


def keep_or_drop_originals(participation: Participation) -> None:
    """Let the originals that are not to be kept any more wait for their erasure, and no others.

    One that was erased is gone; opting in again keeps those of clips to come.
    """
    standing = Clip.objects.filter(participation=participation, status=ClipStatus.TRANSCODED)
    there = standing.filter(original_erased_at=None)
    kept = with_purpose(there, Purpose.KEEP_ORIGINAL)
    there.exclude(pk__in=kept.values("pk")).filter(original_due_at=None).update(
        original_due_at=Now()
    )
    kept.exclude(original_due_at=None).update(original_due_at=None)


@transaction.atomic
def drop_original(clip_id: uuid.UUID) -> bool:
    """Erase an original that is not to be kept; True when that is now done.

    Only where the master stands, and no law wants it kept. The ledger is asked again under the
    clip's lock: who opted in meanwhile keeps theirs. A crash between file and row repeats it.
    """
    due = Clip.objects.select_for_update().filter(
        pk=clip_id, status=ClipStatus.TRANSCODED, original_due_at__isnull=False
    )
    clip = due.first()
    if clip is None or is_held(clip_id):
        return False
    if with_purpose(Clip.objects.filter(pk=clip_id), Purpose.KEEP_ORIGINAL).exists():
        Clip.objects.filter(pk=clip_id).update(original_due_at=None)
        return False
    audio_store().delete(original_key(clip.pk, clip.original_sha256))
    Clip.objects.filter(pk=clip_id).update(original_due_at=None, original_erased_at=Now())
    announce(EventKind.ORIGINAL_ERASED, clip_id)
    return True


def drop_originals() -> int:
    """Erase the originals that wait for it; how many it were.

    Those that have to stay, by law or after a change of mind, are passed by.
    """
    dropped, kept = 0, set[uuid.UUID]()
    due = Clip.objects.filter(original_due_at__isnull=False, status=ClipStatus.TRANSCODED)
    due = due.order_by("original_due_at")
    while batch := list(due.exclude(pk__in=kept).values_list("pk", flat=True)[:BATCH]):
        kept.update(clip_id for clip_id in batch if not drop_original(clip_id))
        dropped += len(batch)
    dropped -= len(kept)
    if dropped:
        log.info("Erased %d originals that were not to be kept.", dropped)
    return dropped
