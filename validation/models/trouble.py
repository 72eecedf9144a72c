"""What goes wrong among people: reports, and reviewers and speakers who are set apart."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.models import Campaign, Participation, User
from validation.models.cases import ReviewCase


class ClipReason(models.TextChoices):
    """What a reviewer reports a clip for."""

    OFFENSIVE = "offensive", _("It is offensive")
    PRIVATE = "private", _("It tells something private")
    WRONG_LANGUAGE = "wrong_language", _("It is in another language")
    NOT_A_PERSON = "not_a_person", _("It is no live human voice")
    PROMPT = "prompt", _("Its prompt is wrong")
    OTHER = "other", _("Something else")


class ReportOutcome(models.TextChoices):
    """Whether a curator has looked at a report, and what came of it."""

    WAITING = "waiting", _("Waits for a curator")
    UPHELD = "upheld", _("The clip was rejected")
    DISMISSED = "dismissed", _("The clip is in circulation again")


class ClipReport(models.Model):
    """One reviewer's word against a clip. While it waits, nobody is given the clip."""

    case = models.ForeignKey(ReviewCase, models.CASCADE, related_name="reports", db_index=False)
    reporter = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=16, choices=ClipReason)
    note = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=9, choices=ReportOutcome, default=ReportOutcome.WAITING)
    at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "reporter"], name="clip_report_unique"),
            models.CheckConstraint(
                condition=models.Q(status__in=ReportOutcome.values), name="clip_report_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(reason__in=ClipReason.values), name="clip_report_reason_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.get_reason_display()}"


class ReviewerStanding(models.Model):
    """How a reviewer does in a campaign; made anew every night from their votes.

    Sensitivity and specificity are those of ``validation.verdicts.reliability``.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="standings")
    reviewer = models.ForeignKey(User, models.CASCADE, related_name="standings")
    sensitivity = models.FloatField(null=True)
    specificity = models.FloatField(null=True)
    num_judged = models.PositiveIntegerField(default=0)
    num_gold = models.PositiveIntegerField(default=0)
    agreement = models.FloatField(null=True, help_text=_("Share of agreeing pairs of votes."))
    kappa = models.FloatField(null=True, help_text=_("Cohen's, against what was decided."))
    estimated_at = models.DateTimeField(null=True)
    quarantined_at = models.DateTimeField(null=True)
    quarantined_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "reviewer"], name="standing_unique"),
            *(
                models.CheckConstraint(
                    condition=models.Q((f"{name}__isnull", True))
                    | models.Q((f"{name}__gt", 0.0), (f"{name}__lt", 1.0)),
                    name=f"standing_{name}_range",
                )
                for name in ("sensitivity", "specificity")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer} in {self.campaign}"


class SpeakerQuarantine(models.Model):
    """A speaker's clips are out of circulation in one campaign, until a curator lifts it."""

    participation = models.OneToOneField(
        Participation, models.CASCADE, related_name="quarantine", primary_key=True
    )
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.participation} since {self.at}"
