"""A clip's case: the question whether it can be used, the votes on it, and what was decided."""

from __future__ import annotations

import random
import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.models import Campaign, Claimable, Clip, User


class CaseStatus(models.TextChoices):
    """Where a clip is in the validation."""

    SCORING = "scoring", _("Being heard by the machine")
    OPEN = "open", _("Waiting for people")
    ADJUDICATE = "adjudicate", _("Waiting for a curator")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")
    SET_ASIDE = "set_aside", _("Set aside by the machine")
    CLOSED = "closed", _("Taken back")


#: The statuses in which somebody, or something, has decided.
DECIDED = (CaseStatus.ACCEPTED, CaseStatus.REJECTED, CaseStatus.SET_ASIDE)
#: The statuses that follow from votes, and change with them.
VOTED = (CaseStatus.OPEN, CaseStatus.ADJUDICATE, *DECIDED)


def random_place() -> float:
    """Anywhere among the cases of its rank, from 0 to below 1: so voices are mixed."""
    return random.random()  # noqa: S311 - it decides what is heard next, not who may do what


class ReviewCase(Claimable):
    """The question whether a clip says its prompt, and the answer when there is one.

    ``campaign`` is the clip's own, repeated so that the queue is one index over this table.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clip = models.OneToOneField(Clip, models.CASCADE, related_name="review_case")
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+", db_index=False)
    status = models.CharField(max_length=10, choices=CaseStatus, default=CaseStatus.SCORING)
    rank = models.PositiveSmallIntegerField(default=0, help_text=_("Lower is heard earlier."))
    place = models.FloatField(default=random_place, editable=False)
    is_blind = models.BooleanField(
        default=False, help_text=_("Judged by people alone, to measure the machine.")
    )
    is_held = models.BooleanField(
        default=False, help_text=_("Out of circulation until a curator has looked.")
    )
    leased_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    leased_until = models.DateTimeField(null=True)
    accepted_text = models.TextField(
        blank=True, help_text=_("What is said, where that is not the prompt.")
    )
    reopened_at = models.DateTimeField(
        null=True, help_text=_("Sent back by a curator: earlier votes do not count.")
    )
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            # All that may be handed out, and nothing else: whoever asks begins at a random place
            # of the first rank.
            models.Index(
                fields=["campaign", "rank", "place"],
                name="case_in_queue",
                condition=models.Q(
                    status=CaseStatus.OPEN, is_held=False, leased_until__isnull=True
                ),
            ),
            models.Index(
                fields=["leased_until"],
                name="case_lease",
                condition=models.Q(leased_until__isnull=False),
            ),
            models.Index(fields=["campaign", "status"], name="case_by_status"),
            models.Index(
                fields=["status", "nudge_at"],
                name="case_waiting",
                condition=models.Q(nudge_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=CaseStatus.values), name="case_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(leased_by__isnull=True) | models.Q(leased_until__isnull=False),
                name="case_lease_ends",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_text="") | models.Q(status=CaseStatus.ACCEPTED),
                name="case_text_is_accepted",
            ),
        ]

    def __str__(self) -> str:
        return f"case of {self.clip_id}: {self.status}"

    @property
    def told_status(self) -> str:
        """What its speaker is told: what is held waits for a curator, whatever was decided."""
        is_looked_at_again = self.is_held and self.status == CaseStatus.ACCEPTED
        return CaseStatus.ADJUDICATE if is_looked_at_again else self.status

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new case is in its clip's campaign."""
        if self.campaign_id is None:
            clips = Clip.objects.filter(pk=self.clip_id)
            self.campaign_id = clips.values_list("participation__campaign", flat=True).get()
        super().save(*args, **kwargs)


class Verdict(models.TextChoices):
    """What a person thinks of a clip."""

    ACCEPT = "accept", _("Accept")
    REJECT = "reject", _("Reject")
    UNSURE = "unsure", _("Unsure")


class Review(models.Model):
    """One person's vote on one case."""

    case = models.ForeignKey(ReviewCase, models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(User, models.SET_NULL, null=True, related_name="reviews")
    verdict = models.CharField(max_length=6, choices=Verdict)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    transcript = models.TextField(blank=True, help_text=_("What is said, where they wrote it."))
    heard_s = models.FloatField(null=True, help_text=_("How much of it was played, in seconds."))
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["reviewer", "-at"], name="review_of_reviewer")]
        constraints = [
            models.UniqueConstraint(fields=["case", "reviewer"], name="review_once_each"),
            models.CheckConstraint(
                condition=models.Q(verdict__in=Verdict.values), name="review_verdict_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} on {self.case_id}"


class Skip(models.Model):
    """A case that a reviewer would rather not judge: not offered to them for a day."""

    case = models.ForeignKey(ReviewCase, models.CASCADE, related_name="+", db_index=False)
    reviewer = models.ForeignKey(User, models.CASCADE, related_name="+")
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "reviewer"], name="case_skip_unique")
        ]

    def __str__(self) -> str:
        return f"{self.reviewer_id} skips {self.case_id}"


class Decision(models.Model):
    """What was decided on a case, when, and from what: enough to explain it and to redo it.

    The newest one of a case stands. ``decided_by`` is a curator; empty where the policy decided.
    """

    case = models.ForeignKey(ReviewCase, models.CASCADE, related_name="decisions")
    status = models.CharField(max_length=10, choices=CaseStatus)
    right = models.FloatField(null=True, help_text=_("Probability that the clip is right."))
    inputs = models.JSONField(default=dict)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(right__isnull=True) | models.Q(right__gte=0.0, right__lte=1.0),
                name="decision_right_is_probability",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=CaseStatus.values), name="decision_status_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.status}"
