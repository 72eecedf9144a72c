"""Taking clips out, and erasing their audio."""

from __future__ import annotations

import logging
import time
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from itertools import islice

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now, TruncDay

from collector.events import announce_each, forget_clips, tell
from collector.locks import lock_present_clips
from collector.models import Clip, ClipKey, ClipStatus, EventKind
from collector.models.clip import LIVE
from collector.models.work import next_nudge
from collector.selectors import held_among
from collector.services.about import drop_unused_snapshots
from collector.services.tallies import count_takes
from collector.storage import audio_store, clip_folder, clip_id_of
from collector.vault import destroy_keys, give_up_key, give_up_unused_keys

log = logging.getLogger(__name__)

# Far longer than any upload or transcoding takes between its bytes and its row.
ORPHAN_AGE_S = 24 * 3600
BATCH = 1000
#: How many clips are erased together: few enough that a receipt moves while its reader looks.
TOGETHER = 100
#: For how long one message keeps a worker at erasing: then speakers who record have their turn.
SLICE_S = 2.0
# A bucket takes many times longer to answer than to work.
HANDS = 8
#: What was measured or said of the voice, or found in it.
_NOTHING = {"measurements": {}, "capture": {}, "files": {}, "problem": ""}
#: Of which the day is left.
_TIMES = ("received_at", "transcoded_at", "original_erased_at", "withdrawn_at")


@transaction.atomic
def withdraw_clips(clips: QuerySet[Clip]) -> list[uuid.UUID]:
    """Mark the clips as taken back; which of them were not yet. Nothing hears them from then on.

    However many they are, it is the same few statements. The stages above have their own part in
    this: call ``corpus.services.withdraw``, which reaches down to here in one transaction.
    """
    gone = lock_present_clips(clips)
    mine = Clip.objects.filter(pk__in=gone)
    takes = Counter(mine.filter(status__in=LIVE).values_list("prompt", flat=True))
    speakers = sorted(set(mine.order_by().values_list("participation__speaker", flat=True)))
    mine.update(
        status=ClipStatus.WITHDRAWN,
        withdrawn_at=Now(),
        claimed_until=None,
        nudge_at=next_nudge(),
        nudges=0,
        about=None,
        paused_at=None,
        original_due_at=None,
        **_NOTHING,
    )
    # What lies in the storage, and in forgotten copies of it, is noise now; but where the law wants
    # it kept, the key goes when the hold is lifted.
    destroy_keys(set(gone) - held_among(gone))
    announce_each(EventKind.CLIP_WITHDRAWN, {clip_id: {} for clip_id in gone})
    for speaker_id in speakers:
        drop_unused_snapshots(speaker_id)
    count_takes({prompt: -number for prompt, number in takes.items() if prompt is not None})
    return gone


def withdraw_clip(clip: Clip) -> bool:
    """Mark one clip as taken back; False when it already was."""
    return bool(withdraw_clips(Clip.objects.filter(pk=clip.pk)))


def erase_clip(clip_id: uuid.UUID) -> bool:
    """Erase the audio of a withdrawn clip, whatever of it there is; True when that is now done."""
    return erase_clips([clip_id]) == 1


def erase_clips(clip_ids: Collection[uuid.UUID]) -> int:
    """Erase the audio of withdrawn clips; of how many that is now done.

    The files go before the rows say so, so that a crash between the two repeats the erasure. What
    stays of each is a tombstone: its id, its hashes and sizes, and the days. Nothing leads from
    it to a speaker, to what they agreed to, or to what they were asked to say. Raises the last of
    what the storage raised, when all the others are done.
    """
    waiting = Clip.objects.filter(pk__in=clip_ids, status=ClipStatus.WITHDRAWN)
    keys = set(waiting.values_list("pk", flat=True))
    free = sorted(keys - held_among(keys))
    _count_files(free)
    files, failure = _delete_folders(free)
    erased = _bury(files)
    if erased:
        log.info("Erased %d clips: %d files.", erased, sum(files.values()))
    if failure is not None:
        raise failure
    return erased


def erase_waiting() -> bool:
    """Erase withdrawn clips that nobody else is erasing, for ``SLICE_S``; whether more may wait.

    A clip that cannot be erased costs no other: its claim runs out, and the sweep asks again.
    """
    until_s = time.monotonic() + SLICE_S
    while batch := Clip.claim_some(ClipStatus.WITHDRAWN, TOGETHER):
        try:
            erase_clips(batch)
        except Exception:
            log.exception("Some of %d clips could not be erased; they are tried again.", len(batch))
        if time.monotonic() >= until_s:
            return True
    return False


def erase_twice(clip_ids: Iterable[uuid.UUID]) -> int:
    """Look once more at erased clips, for what came too late; how many files that was.

    Whoever was at work on a clip when it was taken back finds out and cleans up. Who was killed in
    between does not: what they left is found here, one work lease later.
    """
    erased = Clip.objects.filter(pk__in=list(clip_ids), status=ClipStatus.ERASED)
    looked_at = list(erased.values_list("pk", flat=True))
    files, failure = _delete_folders(looked_at)
    erased.filter(pk__in=list(files)).update(nudge_at=None)
    if failure is not None:
        raise failure
    return sum(files.values())


def _count_files(clip_ids: list[uuid.UUID]) -> None:
    """Write down how many files there are, before the first goes: a crash forgets none of them."""
    counted, _ = _ask_storage(clip_ids, lambda folder: len(audio_store().keys(folder)))
    for number in set(counted.values()):
        mine = [clip_id for clip_id, found in counted.items() if found == number]
        Clip.objects.filter(pk__in=mine, num_files__lt=number).update(num_files=number)


def _delete_folders(
    clip_ids: list[uuid.UUID],
) -> tuple[dict[uuid.UUID, int], Exception | None]:
    """How many files each clip had that is now without any, and the last thing that went wrong."""
    return _ask_storage(clip_ids, lambda folder: audio_store().delete_folder(folder))


def _ask_storage(
    clip_ids: list[uuid.UUID], question: Callable[[str], int]
) -> tuple[dict[uuid.UUID, int], Exception | None]:
    """The answer for each clip's folder, where there is one, and the last thing that went wrong."""

    def ask(clip_id: uuid.UUID) -> int | Exception:
        try:
            return question(clip_folder(clip_id))
        except Exception as error:
            log.warning("Clip %s cannot be erased: %r", clip_id, error)
            return error

    if len(clip_ids) < 2:
        answers = [ask(clip_id) for clip_id in clip_ids]
    else:
        with ThreadPoolExecutor(HANDS) as pool:
            answers = list(pool.map(ask, clip_ids))
    files = {pk: said for pk, said in zip(clip_ids, answers, strict=True) if isinstance(said, int)}
    return files, next((said for said in answers if isinstance(said, Exception)), None)


@transaction.atomic
def _bury(files: dict[uuid.UUID, int]) -> int:
    waiting = Clip.objects.filter(pk__in=list(files), status=ClipStatus.WITHDRAWN)
    locked = waiting.order_by("pk").select_for_update()
    mine = list(locked.values_list("pk", flat=True))
    if not mine:
        return 0
    Clip.objects.filter(pk__in=mine).update(
        status=ClipStatus.ERASED,
        erased_at=_day_of(Now()),
        **{name: _day_of(name) for name in _TIMES},
        participation=None,
        consent=None,
        prompt=None,
        claimed_until=None,
        nudge_at=next_nudge(),  # for the second look
        nudges=0,
        **_NOTHING,
    )
    # Not another word in it, but another transaction: that of the withdrawal is a person's.
    ClipKey.objects.filter(pk__in=mine).update(holds_plain=False)
    forget_clips(mine)
    tell(EventKind.CLIP_ERASED, mine[0])
    return len(mine)


def _day_of(at: str | Now) -> TruncDay:
    return TruncDay(at, tzinfo=UTC)


def erase_orphans(age_s: float = ORPHAN_AGE_S) -> int:
    """Erase audio that no row stands for, and its keys; the number of clips that it was of.

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
        erased += sum(_erase_orphan(clip_id, age_s) for clip_id in orphans)
    num_keys = give_up_unused_keys(age_s)
    log.info("Erased the audio of %d clips that no row stands for.", erased)
    log.info("Deleted %d keys of clips that never came.", num_keys)
    return erased


@transaction.atomic
def _erase_orphan(clip_id: uuid.UUID, age_s: float) -> bool:
    """In one transaction: an upload of this clip at this moment waits, and then begins anew."""
    if not give_up_key(clip_id, age_s):
        return False
    audio_store().delete_folder(clip_folder(clip_id))
    return True
