"""Devices that send in what their person says: linked, listened to, and let go at once."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from collector.access import Actor, own_device
from collector.errors import (
    CampaignClosed,
    ConsentMissing,
    DeviceRevoked,
    DevicesRefused,
    DeviceUnknown,
)
from collector.events import announce
from collector.locks import lock_speaker
from collector.models import (
    Campaign,
    CampaignStatus,
    Clip,
    ConsentEvent,
    ConsentKind,
    EventKind,
    LinkedDevice,
    Participation,
)
from collector.rules import check_digest, consents_for, purposes_agreed
from collector.selectors import require_covering, require_not_withdrawn, standing_purposes
from collector.services.clips import Take, existing_clip, store_take

#: Tells a scanner for leaked secrets, and a person, what it is.
PREFIX = "choir_device_"
TOKEN_BYTES = 32


def wording() -> str:
    """What somebody agrees to who links a device, in the language of the moment."""
    return _(
        "This device may send in recordings of my voice by itself, without a prompt and without "
        "asking each time, until I end the link."
    )


@transaction.atomic
def link_device(
    actor: Actor, campaign: Campaign, name: str, *, adult: bool = False, guardian: bool = False
) -> tuple[LinkedDevice, str]:
    """A new device of the actor's speaker, and its token, which is told once and not kept.

    The ledger gets a line of its own: the same text and purposes as before, and the words above.
    Raises SpeakerUnknown, NotAdult, CampaignClosed, DevicesRefused, or ConsentMissing for who has
    not agreed to the campaign's present text.
    """
    by = consents_for(adult=adult, guardian=guardian)
    speaker = lock_speaker(actor.require_speaker().pk)
    require_open_to_devices(campaign)
    participation = speaker.participations.filter(campaign=campaign).first()
    if participation is None:
        raise ConsentMissing
    Participation.objects.select_for_update(no_key=True).get(pk=participation.pk)
    covering = _covering(participation)
    consent = ConsentEvent.objects.create(
        participation=participation,
        kind=ConsentKind.RENEWED,
        by=by,
        text=covering.text,
        purposes=purposes_agreed(covering.text.purposes, standing_purposes(covering)),
        language=get_language() or "",
        wordings={**covering.wordings, "linked-device": wording()},
    )
    announce(
        EventKind.CONSENT_GIVEN,
        consent=str(consent.pk),
        text_sha256=consent.text.sha256,
        purposes=consent.purposes,
    )
    token = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    device = LinkedDevice.objects.create(
        participation=participation, consent=consent, name=name, sha256=_hash_of(token)
    )
    return device, token


def require_open_to_devices(campaign: Campaign) -> None:
    """CampaignClosed or DevicesRefused where a campaign takes nothing from devices."""
    if campaign.status != CampaignStatus.OPEN:
        raise CampaignClosed
    if not campaign.accepts_devices:
        raise DevicesRefused


@transaction.atomic
def revoke_device(actor: Actor, device_id: uuid.UUID) -> LinkedDevice:
    """End a device's link: from the commit on nothing that it sends is taken. Again is harmless.

    It waits for a clip whose row is being written at this moment, which then counts as sent
    before. NotFound unless the device is the actor's.
    """
    device = own_device(actor, device_id)
    LinkedDevice.objects.filter(pk=device.pk, revoked_at=None).update(revoked_at=Now())
    device.refresh_from_db()
    return device


def use_device(token: str) -> LinkedDevice:
    """The device with this token; DeviceUnknown, or DeviceRevoked after its link has ended."""
    devices = LinkedDevice.objects.select_related(
        "participation__campaign", "participation__speaker"
    )
    device = devices.filter(sha256=_hash_of(token)).first()
    if device is None:
        raise DeviceUnknown
    if device.revoked_at is not None:
        raise DeviceRevoked
    # At most once a minute: an assistant that sends all day needs no write for each clip.
    stale = Q(last_used_at=None) | Q(last_used_at__lt=timezone.now() - timedelta(minutes=1))
    LinkedDevice.objects.filter(stale, pk=device.pk).update(last_used_at=Now())
    return device


def receive_from_device(
    device: LinkedDevice,
    clip_id: uuid.UUID,
    data: bytes,
    announced_sha256: str,
    capture: dict[str, Any],
) -> tuple[Clip, bool]:
    """Store what a device sent, as a clip without a prompt; the clip, and whether it is new.

    The same again is answered with the clip that is there. Raises DigestWrong, ClipExists,
    ClipWithdrawn, DeviceRevoked, StorageFailed, or as ``require_standing``.
    """
    check_digest(data, announced_sha256)
    capture = {"path": "file", **capture, "device": str(device.pk)}
    speaker = device.participation.speaker
    take = Take(speaker, clip_id, None, data, announced_sha256, capture)
    existing = existing_clip(take)
    if existing is not None:
        return existing, False
    return store_take(take, lambda: require_standing(device))


@transaction.atomic
def require_standing(device: LinkedDevice) -> ConsentEvent:
    """The consent that covers what the device sends now.

    The link and the consent are ended under the locks that are taken here: what a transaction
    writes after this call is there before they end, or never. Raises DeviceRevoked,
    CampaignClosed, DevicesRefused, ConsentWithdrawn, ConsentOutdated or ConsentLapsed.
    """
    parts = Participation.objects.select_for_update(of=("self",), no_key=True)
    participation = parts.select_related("campaign").get(pk=device.participation_id)
    locked = LinkedDevice.objects.select_for_update(no_key=True).get(pk=device.pk)
    if locked.revoked_at is not None:
        raise DeviceRevoked
    require_open_to_devices(participation.campaign)
    return _covering(participation)


def _covering(participation: Participation) -> ConsentEvent:
    # Who has linked a device had agreed before: where nothing stands, it was withdrawn.
    require_not_withdrawn(participation)
    return require_covering(participation)


def _hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
