"""Receiving a clip: its bytes first, then its row."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from django.db import IntegrityError, transaction

from collector.errors import CampaignClosed, ClipExists, ClipWithdrawn, ConsentMissing
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
    existing = _existing(speaker, clip_id, prompt, announced_sha256)
    if existing is not None:
        return existing, False
    if prompt.campaign.status != CampaignStatus.OPEN:
        raise CampaignClosed
    consent = require_consent(speaker, prompt.campaign)
    key = original_key(clip_id, announced_sha256)
    audio_store().put(key, data)
    try:
        return _write_row(clip_id, prompt, consent, data, capture), True
    except ConsentMissing:
        _drop_unless_wanted(clip_id, key)
        raise
    except IntegrityError:
        # Somebody was faster: the same request twice at once, or another under the same id.
        _drop_unless_wanted(clip_id, key)
        winner = _existing(speaker, clip_id, prompt, announced_sha256)
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


def _existing(speaker: Speaker, clip_id: uuid.UUID, prompt: Prompt, sha256: str) -> Clip | None:
    clip = Clip.objects.select_related("participation", "prompt").filter(pk=clip_id).first()
    if clip is None:
        return None
    if clip.status == ClipStatus.ERASED:
        raise ClipWithdrawn  # whose it was is not known any more
    same_take = clip.original_sha256 == sha256 and clip.prompt_id == prompt.pk
    if clip.participation.speaker_id != speaker.pk or not same_take:
        raise ClipExists
    if clip.status in GONE:
        raise ClipWithdrawn
    return clip


@transaction.atomic
def _write_row(
    clip_id: uuid.UUID, prompt: Prompt, consent: ConsentEvent, data: bytes, capture: dict[str, Any]
) -> Clip:
    # Locked, so that neither what they say of themselves nor their consent goes between this read
    # and the row.
    speaker = lock_speaker(consent.participation.speaker_id)
    consent = require_consent(speaker, prompt.campaign)
    clip = Clip.objects.create(
        id=clip_id,
        participation=consent.participation,
        prompt=prompt,
        consent=consent,
        about_id=speaker.about_id,
        original_sha256=hashlib.sha256(data).hexdigest(),
        original_num_bytes=len(data),
        capture=capture,
    )
    announce(EventKind.CLIP_UPLOADED, clip.id, num_bytes=len(data))
    count_take(prompt.pk, +1)
    return clip
