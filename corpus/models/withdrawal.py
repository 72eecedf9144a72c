"""What was taken back: each act of a person, and each clip of it."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collector.models import Campaign, Clip, User


class WithdrawalScope(models.TextChoices):
    """How much of what a person lent they took back at once."""

    CLIP = "clip", _("One clip")
    CLIPS = "clips", _("Some clips")
    CAMPAIGN = "campaign", _("All clips of a campaign")
    EVERYTHING = "everything", _("Everything")


class WithdrawalBy(models.TextChoices):
    """In what capacity somebody took clips back; never who."""

    SPEAKER = "speaker", _("The speaker, without an account")
    ACCOUNT = "account", _("The speaker, from their account")
    CURATOR = "curator", _("A curator, as a letter asked for")
    RESTORE = "restore", _("Repeated after a backup was restored")


class ReasonCode(models.TextChoices):
    """Why clips left, as the public list of them says it."""

    WITHDRAWN = "withdrawn", _("Their speaker took them back")
    LEGAL = "legal", _("The law asked for it")
    QUALITY = "quality", _("They should not have been published")


def today() -> date:
    """The day, in UTC. All that is kept of when a voice was taken back.

    The ledger says to the second when a person ended their consent: a withdrawal that said so too
    would be theirs for ever, whoever it names.
    """
    return timezone.now().date()


class WithdrawalRequest(models.Model):
    """One act of taking back, and its receipt. Its id is the receipt's address, and secret.

    It says nothing of whose clips they were, neither while they are erased nor afterwards: whoever
    has the address reads what became of it, and learns of nobody. It is the only record of the act,
    ``acted_by`` included; the journal has no line that leads to it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scope = models.CharField(max_length=10, choices=WithdrawalScope)
    by = models.CharField(max_length=7, choices=WithdrawalBy)
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="withdrawal_requests"
    )
    reason = models.CharField(max_length=500, blank=True)
    reason_code = models.CharField(max_length=9, choices=ReasonCode, default=ReasonCode.WITHDRAWN)
    letter = models.CharField(
        max_length=120, blank=True, help_text=_("Where the letter is filed; never a name.")
    )
    acted_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The curator who acted on the letter."),
    )
    num_clips = models.PositiveIntegerField(default=0)
    requested_at = models.DateField(default=today, editable=False)
    completed_at = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["requested_at"],
                name="withdrawal_incomplete",
                condition=models.Q(completed_at__isnull=True),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scope__in=WithdrawalScope.values), name="withdrawal_scope_known"
            ),
            models.CheckConstraint(
                condition=models.Q(by__in=WithdrawalBy.values), name="withdrawal_by_known"
            ),
            models.CheckConstraint(
                condition=models.Q(reason_code__in=ReasonCode.values),
                name="withdrawal_request_reason_known",
            ),
            models.CheckConstraint(
                condition=models.Q(by=WithdrawalBy.CURATOR) & ~models.Q(letter="")
                | ~models.Q(by=WithdrawalBy.CURATOR) & models.Q(letter="", acted_by__isnull=True),
                name="withdrawal_by_curator_has_letter",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.num_clips} clips taken back on {self.requested_at:%Y-%m-%d}"


class Withdrawal(models.Model):
    """A clip was taken back. One for each clip, for ever: what stays of it is this."""

    clip = models.OneToOneField(Clip, models.PROTECT, related_name="withdrawal")
    request = models.ForeignKey(
        WithdrawalRequest, models.PROTECT, null=True, related_name="withdrawals"
    )
    reason_code = models.CharField(max_length=9, choices=ReasonCode, default=ReasonCode.WITHDRAWN)
    requested_at = models.DateField(default=today, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reason_code__in=ReasonCode.values),
                name="withdrawal_reason_known",
            )
        ]

    def __str__(self) -> str:
        return f"withdrawal of {self.clip_id}"
