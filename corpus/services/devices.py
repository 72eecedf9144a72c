"""Letting go of all that a device has sent."""

from __future__ import annotations

import uuid

from django.db import transaction

from collector.access import Actor, own_device
from corpus.linked import clips_of_device
from corpus.models import WithdrawalRequest
from corpus.scopes import Scope
from corpus.services.withdrawals import withdraw_all


@transaction.atomic
def withdraw_device(
    actor: Actor, device_id: uuid.UUID, reason: str = ""
) -> WithdrawalRequest | None:
    """Take back every clip that a device has sent; the act's receipt, None where there was none.

    Its link stays as it is. NotFound unless the device is the actor's.
    """
    sent = clips_of_device(own_device(actor, device_id))
    clip_ids = tuple(sent.values_list("pk", flat=True))
    return withdraw_all(actor, Scope(clip_ids=clip_ids), reason) if clip_ids else None
