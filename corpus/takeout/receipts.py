"""The receipts of what somebody took back, as far as they can still be found."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Final

import orjson
from django.conf import settings
from django.db.models import Q

from collector.access import Actor, own_clips
from corpus.models import WithdrawalRequest
from corpus.tombstones import Receipt, receipt_of

MOST: Final = 50
_PRETTY: Final = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS


def receipts_of(actor: Actor, known: Collection[uuid.UUID]) -> list[Receipt]:
    """The receipts of the actor's withdrawals, the oldest first.

    A receipt names nobody: once its clips are erased, nothing leads from a person to it. So these
    are those that are still at work, and the ones that the reader knows the addresses of, which
    open them for anybody.
    """
    mine = Q(withdrawals__clip__in=own_clips(actor)) | Q(pk__in=list(known)[:MOST])
    found = WithdrawalRequest.objects.filter(mine).distinct().select_related("campaign")
    return [receipt_of(request) for request in found.order_by("requested_at", "pk")]


def receipt_path(receipt: Receipt) -> str:
    """Where a receipt lies in the archive."""
    return f"withdrawals/{receipt['requested_at']:%Y-%m-%d}-{receipt['id']}.json"


def receipt_json(receipt: Receipt) -> bytes:
    """A receipt as a file; its page tells more, such as what is left of each clip."""
    return orjson.dumps({**receipt, "url": page_url(receipt)}, option=_PRETTY)


def page_url(receipt: Receipt) -> str:
    """The receipt's page, which goes on following the erasure."""
    return f"{settings.SITE_URL}{receipt['url']}"
