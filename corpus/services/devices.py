"""Letting go of all that a device has sent."""

from __future__ import annotations

import uuid

from collector.access import Actor, own_device
from corpus.linked import clips_of_device
from corpus.services.withdrawals import withdraw


def withdraw_device(actor: Actor, device_id: uuid.UUID, reason: str = "") -> int:
    """Take back every clip that a device has sent; how many this call took back.

    Its link stays as it is. NotFound unless the device is the actor's.
    """
    clip_ids = clips_of_device(own_device(actor, device_id)).values_list("pk", flat=True)
    return sum(withdraw(actor, clip_id, reason)[1] for clip_id in list(clip_ids))
