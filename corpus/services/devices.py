"""Letting go of all that a device has sent."""

from __future__ import annotations

import uuid

from collector.access import Actor, own_device
from collector.models.clip import GONE
from corpus.linked import clips_of_device
from corpus.scopes import Scope
from corpus.services.withdrawals import withdraw_all


def withdraw_device(actor: Actor, device_id: uuid.UUID, reason: str = "") -> int:
    """Take back every clip that a device has sent; how many this call took back.

    Its link stays as it is. NotFound unless the device is the actor's.
    """
    sent = clips_of_device(own_device(actor, device_id)).exclude(status__in=GONE)
    clip_ids = tuple(sent.values_list("pk", flat=True))
    return withdraw_all(actor, Scope(clip_ids=clip_ids), reason).num_clips if clip_ids else 0
