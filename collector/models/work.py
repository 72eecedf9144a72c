"""Rows that a worker takes in hand, one worker at a time, and that survive its death."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Claimable(models.Model):
    """A row in a status that calls for work.

    A worker claims it for a while by compare-and-swap. If the worker dies, the claim runs out and
    the sweep gives the row to another; after ``MAX_WORK_ATTEMPTS`` it is set aside instead, so
    that a clip which kills its worker does so only a few times.
    """

    status = models.CharField(max_length=10, help_text="Each kind of row has its own choices.")
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def claim(cls, pk: Any, status: str) -> bool:
        """True when the row was in ``status`` and unclaimed; from then on it is the caller's."""
        free = models.Q(claimed_until__isnull=True) | models.Q(claimed_until__lt=Now())
        lease = timedelta(seconds=settings.WORK_LEASE_S)
        waiting = cls._default_manager.filter(free, pk=pk, status=status)
        return waiting.update(claimed_until=Now() + lease, attempts=models.F("attempts") + 1) == 1

    @classmethod
    def give_back(cls, pk: Any, status: str) -> None:
        """End a claim that failed through no fault of the row: it is tried again, uncounted.

        The claim itself is left to run out, so that a broken machine does not try without pause.
        """
        held = cls._default_manager.filter(pk=pk, status=status, attempts__gt=0)
        held.update(attempts=models.F("attempts") - 1)

    @classmethod
    def waiting(cls, status: str) -> models.QuerySet[Any]:
        """The rows in ``status`` that nobody works on."""
        free = models.Q(claimed_until__isnull=True) | models.Q(claimed_until__lt=Now())
        return cls._default_manager.filter(free, status=status)
