"""Rows that a worker takes in hand, one worker at a time, and that survive its death."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone

MAX_DOUBLINGS = 6


def next_nudge() -> datetime:
    """When the sweep shall look after a row that begins to wait now."""
    return timezone.now() + timedelta(seconds=settings.WORK_LEASE_S)


class Claimable(models.Model):
    """A row in a status that calls for work.

    A worker claims it for a while by compare-and-swap. If the worker dies, the claim runs out and
    the sweep gives the row to another; after ``MAX_WORK_ATTEMPTS`` it is set aside instead, so
    that a clip which kills its worker does so only a few times.

    ``nudge_at`` is when the sweep reminds of a row: soon for one whose message may be lost, then
    at ever longer intervals, so that a long queue is not flooded with reminders of itself. It is
    null where nothing waits, which keeps the sweep's index small.
    """

    status = models.CharField(max_length=10, help_text="Each kind of row has its own choices.")
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    nudge_at = models.DateTimeField(null=True, default=next_nudge, editable=False)
    nudges = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def claim(cls, pk: Any, status: str) -> bool:
        """True when the row was in ``status`` and unclaimed; from then on it is the caller's."""
        free = models.Q(claimed_until__isnull=True) | models.Q(claimed_until__lt=Now())
        until = Now() + timedelta(seconds=settings.WORK_LEASE_S)
        waiting = cls._default_manager.filter(free, pk=pk, status=status)
        claimed = waiting.update(
            claimed_until=until, nudge_at=until, nudges=0, attempts=models.F("attempts") + 1
        )
        return claimed == 1

    @classmethod
    @transaction.atomic
    def claim_some(cls, status: str, limit: int) -> list[Any]:
        """Claim up to ``limit`` unclaimed rows that wait in ``status``, longest first; their keys.

        Two who ask at the same moment get others. It does not count as an attempt.
        """
        free = models.Q(claimed_until__isnull=True) | models.Q(claimed_until__lt=Now())
        waiting = cls._default_manager.filter(free, status=status, nudge_at__isnull=False)
        locked = waiting.order_by("nudge_at").select_for_update(skip_locked=True)[:limit]
        mine = list(locked.values_list("pk", flat=True))
        until = Now() + timedelta(seconds=settings.WORK_LEASE_S)
        cls._default_manager.filter(pk__in=mine).update(claimed_until=until, nudge_at=until)
        return mine

    @classmethod
    def move(cls, pk: Any, source: str, target: str, **fields: Any) -> bool:
        """Compare-and-swap of the status: True when the row was in ``source`` and is in ``target``.

        Its claim and its reminders end; where more work waits, ``fields`` says so by ``nudge_at``.
        """
        settled = {"claimed_until": None, "nudge_at": None, "nudges": 0, **fields}
        moved = cls._default_manager.filter(pk=pk, status=source).update(status=target, **settled)
        return moved == 1

    @classmethod
    def give_back(cls, pk: Any, status: str) -> None:
        """End a claim that failed through no fault of the row: it is tried again, uncounted.

        The claim itself is left to run out, so that a broken machine does not try without pause.
        """
        held = cls._default_manager.filter(pk=pk, status=status, attempts__gt=0)
        held.update(attempts=models.F("attempts") - 1)

    @classmethod
    @transaction.atomic
    def overdue(cls, status: str, limit: int) -> list[Any]:
        """The keys of rows that wait in ``status`` and are due for a reminder, longest first.

        Their next one is put off to twice the time: two sweeps never remind of the same row.
        """
        due = cls._default_manager.filter(status=status, nudge_at__lt=Now())
        locked = due.order_by("nudge_at").select_for_update(skip_locked=True)[:limit]
        rows = list(locked.values_list("pk", "nudges"))
        for nudges in {nudges for _, nudges in rows}:
            pause_s = settings.WORK_LEASE_S * 2 ** min(nudges + 1, MAX_DOUBLINGS)
            reminded = [pk for pk, times in rows if times == nudges]
            cls._default_manager.filter(pk__in=reminded).update(
                nudge_at=Now() + timedelta(seconds=pause_s), nudges=models.F("nudges") + 1
            )
        return [pk for pk, _ in rows]
