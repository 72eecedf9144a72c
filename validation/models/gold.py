"""Clips whose verdict is known: to teach new reviewers, and to measure all of them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.models import Campaign, User
from validation.models.cases import ReviewCase, Verdict


class GoldClip(models.Model):
    """A case that a curator has decided for good. Reviewers do not see that it is one.

    Training clips are the exception: they come first, and answer at once with the explanation.
    """

    case = models.OneToOneField(ReviewCase, models.CASCADE, related_name="gold")
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    is_right = models.BooleanField(help_text=_("Whether the clip is to be accepted."))
    is_training = models.BooleanField(default=False)
    explanation = models.CharField(max_length=500, blank=True)
    pinned_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    pinned_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"gold {self.case_id}: {'right' if self.is_right else 'wrong'}"


class GoldVote(models.Model):
    """A gold clip in one reviewer's hands, and what they said; many may hold the same one."""

    gold = models.ForeignKey(GoldClip, models.CASCADE, related_name="votes", db_index=False)
    reviewer = models.ForeignKey(User, models.CASCADE, related_name="+")
    leased_until = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=6, choices=Verdict, blank=True)
    tags = models.JSONField(default=list)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gold", "reviewer"], name="gold_vote_once_each"),
            models.CheckConstraint(
                condition=models.Q(verdict__in=["", *Verdict.values]), name="gold_verdict_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict or 'none yet'} on {self.gold}"
