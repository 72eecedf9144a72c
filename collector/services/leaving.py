"""Taking a consent back: nothing new is covered by it from then on."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from collector.models import LinkedDevice, Participation
from collector.models.consent import BASE_PURPOSE
from collector.services.consents import withdraw_purposes


@transaction.atomic
def withdraw_consent(parts: QuerySet[Participation]) -> int:
    """Write into the ledger that these consents are taken back; how many stood until now.

    The devices that are linked there are let go: agreeing anew does not set them to send again.
    Call it with their speakers locked: a take that is on its way asks under the same lock. What
    was recorded stays; taking that back is ``corpus.services.withdraw_all``.
    """
    LinkedDevice.objects.filter(participation__in=parts, revoked_at=None).update(revoked_at=Now())
    ended = [withdraw_purposes(part, [BASE_PURPOSE]) for part in parts.order_by("pk")]
    return sum(event is not None for event in ended)
