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


@dataclass(frozen=True)
class Take:
    """What arrived: its bytes, which have the announced hash, and what was said of them."""

    speaker: Speaker
    clip_id: uuid.UUID
    prompt: Prompt | None
    data: bytes
    sha256: str
    capture: dict[str, Any]


def receive_clip(
    speaker: Speaker,
    clip_id: uuid.UUID,
    prompt: Prompt,
    data: bytes,
    announced_sha256: str,
    capture: dict[str, Any],
) -> tuple[Clip, bool]:
    """Store a take; returns its clip and whether it is new.

    The same request again is answered with the clip that is there. Raises DigestWrong,
    ConsentMissing, CampaignClosed, ClipExists (other bytes under this id), ClipWithdrawn or
    StorageFailed.
    """
    check_digest(data, announced_sha256)
    take = Take(speaker, clip_id, prompt, data, announced_sha256, capture)
    existing = existing_clip(take)
    if existing is not None:
        return existing, False
    if prompt.campaign.status != CampaignStatus.OPEN:
        raise CampaignClosed
    return store_take(take, lambda: require_consent(speaker, prompt.campaign))


def store_take(take: Take, consent: Callable[[], ConsentEvent]) -> tuple[Clip, bool]:
    """Store a new take under the consent that covers it; its clip, and whether it is new.

    The bytes are stored and synced before the row is written: a row never points at nothing, and
    what a crash between the two leaves behind is an orphaned file, not a lost take. ``consent``
    is asked before, and again under the speaker's lock: where it refuses then, the bytes go again.
    """
    consent()
    key = original_key(take.clip_id, take.sha256)
    audio_store().put(key, take.data)
    try:
        return _write_row(take, consent), True
    except ChoirError:
        _drop_unless_wanted(take.clip_id, key)
        raise
    except IntegrityError:
        # Somebody was faster: the same request twice at once, or another under the same id.
        _drop_unless_wanted(take.clip_id, key)
        winner = existing_clip(take)
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


def existing_clip(take: Take) -> Clip | None:
    """The clip that this same take has become; None for a new one.

    Raises ClipExists for another take under the id, ClipWithdrawn when it was taken back.
    """
    clip = Clip.objects.select_related("participation", "prompt").filter(pk=take.clip_id).first()
    if clip is None:
        return None
    if clip.status == ClipStatus.ERASED:
        raise ClipWithdrawn  # whose it was is not known any more
    same_take = clip.original_sha256 == take.sha256 and clip.prompt == take.prompt
    if clip.participation.speaker_id != take.speaker.pk or not same_take:
        raise ClipExists
    if clip.status in GONE:
        raise ClipWithdrawn
    return clip


@transaction.atomic
def _write_row(take: Take, consent: Callable[[], ConsentEvent]) -> Clip:
    # Locked, so that neither what they say of themselves nor their consent goes between this read
    # and the row.
    speaker = lock_speaker(take.speaker.pk)
    covering = consent()
    clip = Clip.objects.create(
        id=take.clip_id,
        participation=covering.participation,
        prompt=take.prompt,
        consent=covering,
        about_id=speaker.about_id,
        original_sha256=take.sha256,
        original_num_bytes=len(take.data),
        capture=take.capture,
    )
    announce(EventKind.CLIP_UPLOADED, clip.id, num_bytes=len(take.data))
    count_take(clip.prompt_id, +1)
    return clip
