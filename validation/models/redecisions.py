"""A campaign's earlier cases on their way to the rules of today."""

from __future__ import annotations

import uuid

from django.db import models

from collector.models import Campaign, User
from collector.models.work import next_nudge

#: Before all cases.
NONE_YET = uuid.UUID(int=0)


class Redecision(models.Model):
    """All cases of a campaign decided anew, in the order of their keys.

    Workers do some at a time. ``last_case`` says how far they are, so whoever is stopped loses
    nothing; ``nudge_at`` is when the sweep looks after one that nobody goes on with.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    num_cases = models.PositiveIntegerField(help_text="When it was asked for.")
    num_done = models.PositiveIntegerField(default=0)
    num_moved = models.PositiveIntegerField(default=0)
    last_case = models.UUIDField(default=NONE_YET, editable=False)
    completed_at = models.DateTimeField(null=True)
    nudge_at = models.DateTimeField(default=next_nudge, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign"],
                condition=models.Q(completed_at__isnull=True),
                name="redecision_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(num_moved__lte=models.F("num_done")),
                name="redecision_moved_was_done",
            ),
        ]

    def __str__(self) -> str:
        return f"redecision {self.pk} of {self.campaign_id}: {self.num_done} of {self.num_cases}"
