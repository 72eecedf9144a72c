"""From the bytes as they came to a measured clip with a master."""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from collector.audio.decode import Decoded, decode, decode_together
from collector.audio.examine import Examined, Measured, examine
from collector.audio.problems import Problem, UnusableAudio
from collector.audio.shipped import wav_hashes
from collector.errors import ClipWithdrawn
from collector.events import announce
from collector.findings import Thresholds
from collector.models import Clip, ClipStatus, EventKind, Purpose
from collector.models.clip import GONE
from collector.models.work import next_nudge
from collector.selectors import with_purpose
from collector.services.originals import drop_original
from collector.services.tallies import count_take
from collector.storage import audio_store, master_key, original_key

log = logging.getLogger(__name__)

#: How many of one speaker's clips share a decoder, whose start is half of what a clip costs, and
#: how many bytes of them: a speaker who waits for the first must not wait long for the others.
TOGETHER = 8
TOGETHER_BYTES = 4_000_000


#: A clip, and what decodes it.
_Decoding = tuple[Clip, Callable[[], Decoded]]


class OriginalDamaged(RuntimeError):
    """The stored bytes no longer have the hash under which they came in."""


def transcode_clip(clip_id: uuid.UUID) -> bool:
    """Decode, measure and master a received clip; True when this call settled it.

    The clip is claimed first, so two workers never do the same; the slow work is done outside any
    transaction. An original that cannot be used makes the clip ``unusable`` with a reason that its
    speaker can read; a worker that dies leaves the claim to run out.
    """
    if not Clip.claim(clip_id, ClipStatus.RECEIVED):
        return False
    return _transcode_alone(_claimed(clip_id))


def transcode_waiting(clip_id: uuid.UUID) -> int:
    """Transcode a clip, and with it what else of its speaker waits; how many this call settled.

    Only what no worker has tried yet shares a decoder: a clip that kills its worker takes the
    others along once, and from then on each is tried alone.
    """
    if not Clip.claim(clip_id, ClipStatus.RECEIVED):
        return 0
    clip = _claimed(clip_id)
    siblings = _claim_siblings(clip) if clip.attempts == 1 else []
    if not siblings:
        return int(_transcode_alone(clip))
    return _transcode_together([clip, *siblings])


def _claimed(clip_id: uuid.UUID) -> Clip:
    return Clip.objects.select_related("participation__campaign").get(pk=clip_id)


def _claim_siblings(clip: Clip) -> list[Clip]:
    """What else of the same speaker in the same campaign waits, longest first; now claimed."""
    waiting = Clip.objects.filter(
        participation=clip.participation, status=ClipStatus.RECEIVED, attempts=0
    ).order_by("received_at")[: TOGETHER - 1]
    found, num_bytes = [], clip.original_num_bytes
    for pk, size in waiting.values_list("pk", "original_num_bytes"):
        num_bytes += size
        if num_bytes <= TOGETHER_BYTES and Clip.claim(pk, ClipStatus.RECEIVED):
            found.append(_claimed(pk))
    return found


def _transcode_alone(clip: Clip) -> bool:
    if clip.attempts > settings.MAX_WORK_ATTEMPTS:
        return _set_aside(clip, Problem.DECODER_FAILED, "every worker that tried it died")
    return _transcode(clip, lambda: decode(_read_original(clip)))


def _transcode_together(clips: list[Clip]) -> int:
    """One that fails by no fault of its own costs no other; the last such failure is raised."""
    num_settled, failure = 0, None
    originals: list[tuple[Clip, bytes]] = []
    for clip in clips:
        try:
            originals.append((clip, _read_original(clip)))
        except Exception as error:
            Clip.give_back(clip.pk, ClipStatus.RECEIVED)
            failure = error
    with ThreadPoolExecutor(1) as beside:
        for clip, decoded in _decodings(originals, beside):
            try:
                num_settled += _transcode(clip, decoded)
            except Exception as error:
                failure = error
    if failure is not None:
        raise failure
    return num_settled


def _decodings(originals: list[tuple[Clip, bytes]], beside: Executor) -> Iterator[_Decoding]:
    """How each is decoded: the first alone, and all others by one decoder.

    That one works while the first is measured and heard, so that nobody waits for the first longer
    than if it were the only one, and the model does not wait for the decoder.
    """
    if others := originals[1:]:
        decoded = beside.submit(decode_together, [original for _, original in others])
    for first, original in originals[:1]:
        yield first, partial(decode, original)
    for index, (clip, _) in enumerate(others):
        yield clip, partial(_usable, decoded, index)


def _usable(decoded: Future[list[Decoded | UnusableAudio]], index: int) -> Decoded:
    its = decoded.result()[index]
    if isinstance(its, UnusableAudio):
        raise its
    return its


def _transcode(clip: Clip, decoded: Callable[[], Decoded]) -> bool:
    try:
        examined, measurements = _examine(decoded())
        _refuse_short(clip, examined.duration_s)
    except UnusableAudio as error:
        return _set_aside(clip, error.problem, str(error))
    except Exception:
        if _is_gone(clip.pk):
            return False  # taken back meanwhile, and its key destroyed: nothing is left to read
        # Storage, decoder or machine failed, not the clip: that must not use up its attempts.
        Clip.give_back(clip.pk, ClipStatus.RECEIVED)
        raise
    return _keep(clip, examined, measurements)


def _is_gone(clip_id: uuid.UUID) -> bool:
    return Clip.objects.filter(pk=clip_id, status__in=GONE).exists()


def _read_original(clip: Clip) -> bytes:
    data = audio_store().get(original_key(clip.pk, clip.original_sha256))
    if hashlib.sha256(data).hexdigest() != clip.original_sha256:
        raise OriginalDamaged(f"The storage changed the bytes of {clip}: restore a backup.")
    return data


def _examine(decoded: Decoded) -> tuple[Examined, Measured]:
    """What there is to know of an original, and how it was packed."""
    examined = examine(decoded.samples, decoded.sampling_rate_hz)
    packed = {"container": str(decoded.container), "codec": decoded.codec}
    return examined, {**packed, **examined.measurements}


def _refuse_short(clip: Clip, duration_s: float) -> None:
    """The one more thing that a machine may set aside by itself, if the campaign wants it to."""
    least_s = Thresholds.of(clip.participation.campaign.thresholds).duration_s_min
    if duration_s < least_s:
        raise UnusableAudio(Problem.TOO_SHORT, f"{duration_s} s; the campaign asks for {least_s}")


def _keep(clip: Clip, examined: Examined, measurements: Measured) -> bool:
    master = examined.master
    key = master_key(clip.pk, master.sha256)
    try:
        audio_store().put(key, master.flac)
    except ClipWithdrawn:
        return False  # its key is destroyed: nothing was written
    settled = _settle(
        clip,
        ClipStatus.TRANSCODED,
        EventKind.CLIP_TRANSCODED,
        transcoded_at=Now(),
        nudge_at=next_nudge(),  # until the validation has taken the clip up
        original_due_at=None if _keeps_original(clip) else Now(),
        master_sha256=master.sha256,
        master_num_bytes=len(master.flac),
        num_samples=master.num_samples,
        loudest_second_offset=examined.loudest_second_offset,
        **wav_hashes(master.flac, examined.loudest_second_offset),
        measurements=measurements,
    )
    if not settled and not Clip.objects.filter(pk=clip.pk, master_sha256=master.sha256).exists():
        # Taken back while we worked: the erasure may already have passed by, so clean up here.
        audio_store().delete(key)
    if settled:
        drop_original(clip.pk)
    return settled


def _keeps_original(clip: Clip) -> bool:
    return with_purpose(Clip.objects.filter(pk=clip.pk), Purpose.KEEP_ORIGINAL).exists()


def _set_aside(clip: Clip, problem: Problem, detail: str) -> bool:
    log.info("Clip %s is unusable: %s (%s)", clip.pk, problem, detail)
    return _settle(clip, ClipStatus.UNUSABLE, EventKind.CLIP_UNUSABLE, problem=problem)


def mark_taken_up(clip_id: uuid.UUID) -> None:
    """The next stage has the clip: there is nothing left to remind of here."""
    Clip.objects.filter(pk=clip_id, status=ClipStatus.TRANSCODED).update(nudge_at=None)


@transaction.atomic
def _settle(clip: Clip, status: ClipStatus, kind: EventKind, **fields: object) -> bool:
    """Move the clip out of ``received`` and announce it, unless somebody else already did."""
    if not Clip.move(clip.pk, ClipStatus.RECEIVED, status, **fields):
        return False
    announce(kind, clip.pk)
    if status == ClipStatus.UNUSABLE:
        count_take(clip.prompt_id, -1)
    return True
