"""The collector's background work. A message is a nudge: the rows say what is to be done."""

from __future__ import annotations

import uuid

from celery import shared_task

from collector import services
from collector.models import Clip, ClipStatus

SWEEP_BATCH = 500


@shared_task(name="collector.transcode")
def transcode(clip_id: str) -> None:
    """Decode, measure and master one clip, and what else of its speaker waits."""
    services.transcode_waiting(uuid.UUID(clip_id))


@shared_task(name="collector.erase")
def erase(clip_id: str) -> None:
    """Erase the audio of one withdrawn clip, and of whatever was withdrawn with it."""
    services.erase_clip(uuid.UUID(clip_id))
    erase_waiting()


@shared_task(name="collector.erase_waiting")
def erase_waiting() -> None:
    """Erase what is withdrawn, for a slice of time, and put off the rest behind what else waits."""
    if services.erase_waiting():
        erase_waiting.delay()


@shared_task(name="collector.drop_originals")
def drop_originals() -> None:
    """Erase the originals that are not to be kept."""
    services.drop_originals()


@shared_task(name="collector.settle_inactive")
def settle_inactive() -> None:
    """Remind or forget speakers of whom nothing was heard for long."""
    services.settle_inactive()


@shared_task(name="collector.erase_orphans")
def erase_orphans() -> None:
    """Erase audio that no row stands for."""
    services.erase_orphans()


@shared_task(name="collector.recount")
def recount() -> None:
    """Count the takes of every prompt anew, and mend the tallies."""
    services.recount()


@shared_task(name="collector.tend_site_keys")
def tend_site_keys() -> None:
    """Replace the site's key when it is time, and destroy the old ones that are not needed."""
    if services.is_replacement_due():
        services.replace_site_key()
    services.destroy_retired()
    rewrap_keys.delay()


@shared_task(name="collector.rewrap_keys")
def rewrap_keys() -> None:
    """Wrap a batch of clips' keys anew, and put off the rest behind what else waits."""
    if services.rewrap_some():
        rewrap_keys.delay()
    else:
        services.note_emptied()


@shared_task(name="collector.sweep")
def sweep() -> None:
    """Nudge again whatever a lost message or a dead worker left behind."""
    for pk in Clip.overdue(ClipStatus.RECEIVED, SWEEP_BATCH):
        transcode.delay(str(pk))
    for pk in Clip.overdue(ClipStatus.WITHDRAWN, SWEEP_BATCH):
        erase.delay(str(pk))
    if Clip.objects.filter(original_due_at__isnull=False).exists():
        drop_originals.delay()
    if late := Clip.overdue(ClipStatus.ERASED, SWEEP_BATCH):
        services.erase_twice(late)
