"""The end of a withdrawal: nothing of it is left anywhere, and its receipt says so."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from collector.events import announce
from collector.models import Clip, ClipStatus, EventKind
from corpus.models import Release, ReleaseEntry, WithdrawalRequest
from corpus.models.withdrawal import today
from corpus.services.exports import forget_sums
from validation.models import Decision, Review, ReviewCase


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
    releases = set(entries.order_by().values_list("release", flat=True))
    forget_sums(releases)
    with transaction.atomic():
        mine = WithdrawalRequest.objects.filter(pk=request.pk, completed_at=None)
        if not mine.update(completed_at=today()):
            return False
        _write_anew(request, releases)
        announce(EventKind.WITHDRAWAL_COMPLETED)
    return True


def _write_anew(request: WithdrawalRequest, releases: set[uuid.UUID]) -> None:
    """Write what is left in a transaction of its own, with nothing changed.

    PostgreSQL marks each row with the transaction that wrote it last (``xmin``). Those of the act
    in which a person ended their consent would be a way from them to all of these rows.
    """
    clips = request.withdrawals.values("clip")
    request.withdrawals.update(reason_code=F("reason_code"))
    cases = ReviewCase.objects.filter(clip__in=clips)
    cases.update(rank=F("rank"))
    for votes in (Review.objects, Decision.objects):
        votes.filter(case__in=cases).update(case=F("case"))
    ReleaseEntry.objects.filter(clip__in=clips).update(split=F("split"))
    for release_id in sorted(releases):  # in the order in which withdrawals lock them
        Release.objects.filter(pk=release_id).update(revision=F("revision"))
