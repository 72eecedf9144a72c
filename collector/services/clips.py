"""Receiving a clip: its bytes first, then its row."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from collector.errors import CampaignClosed, ChoirError, ClipExists, ClipWithdrawn
from collector.events import announce
from collector.locks import lock_speaker
from collector.models import (
    Campaign,
    CampaignStatus,
    Clip,
    ClipStatus,
    ConsentEvent,
    EventKind,
    Prompt,
    Speaker,
)
from collector.models.clip import GONE
from collector.rules import check_digest
from collector.selectors import require_consent
from collector.services.tallies import count_take
from collector.storage import audio_store, original_key


def receive_clip(
    speaker: Speaker,
    clip_id: uuid.UUID,
    prompt: Prompt,
    data: bytes,
    announced_sha256: str,
    capture: dict[str, Any],
) -> tuple[Clip, bool]:
    """Store a take; returns its clip and whether it is new.

    The bytes are stored and synced before the row is written: a row never points at nothing, and
    what a crash between the two leaves behind is an orphaned file, not a lost take. The same
    request again is answered with the clip that is there. Raises DigestWrong, ConsentMissing,
    CampaignClosed, ClipExists (other bytes under this id), ClipWithdrawn or StorageFailed.
    """
    check_digest(data, announced_sha256)
    existing = existing_clip(speaker, clip_id, prompt, announced_sha256)
    if existing is not None:
        return existing, False
    if prompt.campaign.status != CampaignStatus.OPEN:
        raise CampaignClosed
    require_consent(speaker, prompt.campaign)
    take = Take(clip_id, prompt, data, announced_sha256, capture)
    return store_take(speaker, take, lambda: _write_covered(take, speaker, prompt.campaign))


@dataclass(frozen=True)
class Take:
    """What arrived: its bytes, which have the announced hash, and what was said of them."""

    clip_id: uuid.UUID
    prompt: Prompt | None
    data: bytes
    sha256: str
    capture: dict[str, Any]


def store_take(speaker: Speaker, take: Take, write: Callable[[], Clip]) -> tuple[Clip, bool]:
    """Store the bytes, then write the row by ``write``; the clip, and whether it is new.

    Where the row is refused, the bytes go again.
    """
    key = original_key(take.clip_id, take.sha256)
    audio_store().put(key, take.data)
    try:
        return write(), True
    except ChoirError:
        _drop_unless_wanted(take.clip_id, key)
        raise
    except IntegrityError:
        # Somebody was faster: the same request twice at once, or another under the same id.
        _drop_unless_wanted(take.clip_id, key)
        winner = existing_clip(speaker, take.clip_id, take.prompt, take.sha256)
        if winner is None:
            raise
        return winner, False


def _drop_unless_wanted(clip_id: uuid.UUID, key: str) -> None:
    """Take back a put that came too late: no row points at these bytes, or none does any more."""
    clip = Clip.objects.filter(pk=clip_id).first()
    wanted = (
        clip is not None
        and clip.status not in GONE
        and original_key(clip_id, clip.original_sha256) == key
    )
    if not wanted:
        audio_store().delete(key)


def existing_clip(
    speaker: Speaker, clip_id: uuid.UUID, prompt: Prompt | None, sha256: str
) -> Clip | None:
    """The clip that this same take has become; None for a new one.

    Raises ClipExists for another take under the id, ClipWithdrawn when it was taken back.
    """
    clip = Clip.objects.select_related("participation", "prompt").filter(pk=clip_id).first()
    if clip is None:
        return None
    if clip.status == ClipStatus.ERASED:
        raise ClipWithdrawn  # whose it was is not known any more
    same_take = clip.original_sha256 == sha256 and clip.prompt == prompt
    if clip.participation.speaker_id != speaker.pk or not same_take:
        raise ClipExists
    if clip.status in GONE:
        raise ClipWithdrawn
    return clip


@transaction.atomic
def _write_covered(take: Take, speaker: Speaker, campaign: Campaign) -> Clip:
    # Locked, so that the consent does not go between this read and the row.
    lock_speaker(speaker.pk)
    return write_row(take, require_consent(speaker, campaign))


@transaction.atomic
def write_row(take: Take, consent: ConsentEvent) -> Clip:
    """The clip's row, under the consent that covers it."""
    # Locked, so that what they say of themselves is not deleted between this read and the row.
    speaker = lock_speaker(consent.participation.speaker_id)
    clip = Clip.objects.create(
        id=take.clip_id,
        participation=consent.participation,
        prompt=take.prompt,
        consent=consent,
        about_id=speaker.about_id,
        original_sha256=take.sha256,
        original_num_bytes=len(take.data),
        capture=take.capture,
    )
    announce(EventKind.CLIP_UPLOADED, clip.id, num_bytes=len(take.data))
    count_take(clip.prompt_id, +1)
    return clip
