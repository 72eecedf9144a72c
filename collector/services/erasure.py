"""Taking a clip out, and erasing its audio."""

from __future__ import annotations

import logging
import uuid
from itertools import islice

from django.db import transaction
from django.db.models.functions import Now

from collector.events import announce
from collector.models import Clip, ClipStatus, EventKind
from collector.models.clip import GONE, LIVE
from collector.models.work import next_nudge
from collector.selectors import is_held
from collector.services.about import drop_unused_snapshots
from collector.services.tallies import count_take
from collector.storage import audio_store, clip_folder, clip_id_of

log = logging.getLogger(__name__)

# Far longer than any upload or transcoding takes between its bytes and its row.
ORPHAN_AGE_S = 24 * 3600
BATCH = 1000


@transaction.atomic
def withdraw_clip(clip: Clip, reason: str = "") -> bool:
    """Mark the clip as taken back; False when it already was. Nothing hears it from then on.

    The stages above have their own part in this: call ``corpus.services.withdraw``, which reaches
    down to here in one transaction.
    """
    present = Clip.objects.select_for_update().exclude(status__in=GONE).filter(pk=clip.pk)
    status = present.values_list("status", flat=True).first()
    if status is None:
        return False
    Clip.objects.filter(pk=clip.pk).update(
        status=ClipStatus.WITHDRAWN, withdrawn_at=Now(), nudge_at=next_nudge(), nudges=0, about=None
    )
    announce(EventKind.CLIP_WITHDRAWN, clip.pk, reason=reason)
    if status in LIVE:
        count_take(clip.prompt_id, -1)
    return True


def erase_clip(clip_id: uuid.UUID) -> bool:
    """Erase the audio of a withdrawn clip, whatever of it there is; True when that is now done.

    The files go before the row says so, so that a crash between the two repeats the erasure. What
    stays is a tombstone: the id, the hashes and the times, and nothing that was measured or said
    of the voice.
    """
    if not Clip.objects.filter(pk=clip_id, status=ClipStatus.WITHDRAWN).exists():
        return False
    if is_held(clip_id):
        return False  # the law wants it kept; the lifting of the hold, or the sweep, comes again
    erased = audio_store().delete_folder(clip_folder(clip_id))
    with transaction.atomic():
        speaker_id = Clip.objects.values_list("participation__speaker", flat=True).get(pk=clip_id)
        drop_unused_snapshots(speaker_id)
        nothing: dict[str, object] = {"measurements": {}, "capture": {}, "files": {}}
        if not Clip.move(
            clip_id, ClipStatus.WITHDRAWN, ClipStatus.ERASED, erased_at=Now(), **nothing
        ):
            return False
        announce(EventKind.CLIP_ERASED, clip_id, num_files=erased)
    log.info("Erased clip %s: %d files.", clip_id, erased)
    return True


def erase_orphans(age_s: float = ORPHAN_AGE_S) -> int:
    """Erase audio that no row stands for; the number of clips that it was of.

    Bytes are stored before their row is written, so a crash between the two leaves a voice that
    its speaker does not see and could never take back. Erased clips that were brought back by
    whatever means are found here too.
    """
    keys = audio_store().keys_older_than("clips", age_s)
    found = (clip_id for clip_id in map(clip_id_of, keys) if clip_id is not None)
    erased = 0
    while batch := set(islice(found, BATCH)):
        standing = Clip.objects.filter(pk__in=batch).exclude(status=ClipStatus.ERASED)
        orphans = batch - set(standing.values_list("pk", flat=True))
        for clip_id in orphans:
            audio_store().delete_folder(clip_folder(clip_id))
        erased += len(orphans)
    log.info("Erased the audio of %d clips that no row stands for.", erased)
    return erased
