"""Taking a consent back: nothing new is covered by it from then on."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from collector.models import ConsentEvent, ConsentKind, Participation
from collector.selectors import standing_purposes


@transaction.atomic
def withdraw_consent(parts: QuerySet[Participation]) -> int:
    """Write into the ledger that these consents are taken back; how many stood until now.

    Call it with their speakers locked: a take that is on its way asks under the same lock. What
    was recorded stays; taking that back is ``corpus.services.withdraw_all``.
    """
    ended = 0
    for part in parts.order_by("pk"):
        given = part.consent_events.exclude(kind=ConsentKind.WITHDRAWN).order_by("-at").first()
        standing = set() if given is None else standing_purposes(given)
        if given is not None and standing:
            ConsentEvent.objects.create(
                participation=part,
                kind=ConsentKind.WITHDRAWN,
                by=given.by,
                text=given.text,
                purposes=sorted(standing),
            )
            ended += 1
    return ended
