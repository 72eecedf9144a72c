"""The end of a withdrawal: nothing of it is left anywhere, and its receipt says so."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from collector.events import announce
from collector.models import Clip, ClipStatus, EventKind
from corpus.models import ReleaseEntry, WithdrawalRequest
from corpus.services.exports import forget_sums


def complete_withdrawals() -> int:
    """Complete the requests all of whose clips are erased; how many that were.

    What the cache remembers of the releases that held them names voices and texts, so it goes
    first: with the cache down, the request stays incomplete and the sweep comes back to it.
    """
    being_erased = Clip.objects.filter(
        withdrawal__request=OuterRef("pk"), status=ClipStatus.WITHDRAWN
    )
    open_requests = WithdrawalRequest.objects.filter(~Exists(being_erased), completed_at=None)
    return sum(map(_complete, open_requests.order_by("requested_at")))


def _complete(request: WithdrawalRequest) -> bool:
    entries = ReleaseEntry.objects.filter(clip__withdrawal__request=request)
    forget_sums(set(entries.order_by().values_list("release", flat=True)))
    with transaction.atomic():
        mine = WithdrawalRequest.objects.filter(pk=request.pk, completed_at=None)
        if not mine.update(completed_at=Now()):
            return False
        announce(EventKind.WITHDRAWAL_COMPLETED, request=str(request.pk), clips=request.num_clips)
    return True
