"""Taking a consent back: nothing new is covered by it from then on."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from collector.models import ConsentEvent, ConsentKind, Participation


@transaction.atomic
def withdraw_consent(parts: QuerySet[Participation]) -> int:
    """Write into the ledger that these consents are taken back; how many stood until now.

    Call it with their speakers locked: a take that is on its way asks under the same lock. What
    was recorded stays; taking that back is ``corpus.services.withdraw_all``.
    """
    ended = 0
    for part in parts.order_by("pk"):
        latest = part.consent_events.order_by("-at").first()
        if latest is not None and latest.kind != ConsentKind.WITHDRAWN:
            ConsentEvent.objects.create(
                participation=part, kind=ConsentKind.WITHDRAWN, by=latest.by, text=latest.text
            )
            ended += 1
    return ended
