"""What is asked of speakers: a campaign, its prompts, and the text that they agree to."""

from __future__ import annotations

import hashlib
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.findings import validate_thresholds
from collector.models.people import Participation


class CampaignStatus(models.TextChoices):
    """Whether a campaign takes recordings."""

    DRAFT = "draft", _("In preparation")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class Campaign(models.Model):
    """A community's drive for recordings in one language."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField()
    language = models.CharField(max_length=35, help_text=_("BCP 47 tag, such as en or de-AT."))
    licence = models.CharField(max_length=60, default="CC-BY-4.0", help_text=_("SPDX id."))
    status = models.CharField(max_length=8, choices=CampaignStatus, default=CampaignStatus.DRAFT)
    goal_clips = models.PositiveIntegerField(default=1000)
    created_at = models.DateTimeField(auto_now_add=True)
    thresholds = models.JSONField(
        default=dict,
        blank=True,
        validators=[validate_thresholds],
        help_text=_("From where on a measurement is worth a word; {} for the defaults."),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=CampaignStatus.values), name="campaign_status_known"
            )
        ]

    def __str__(self) -> str:
        return self.name


class PromptKind(models.TextChoices):
    """What a prompt asks for."""

    KEYWORD = "keyword", _("Keyword")
    SENTENCE = "sentence", _("Sentence")
    NOISE = "noise", _("Background noise only")


class Prompt(models.Model):
    """A text to read, or (for noise) a silence to keep."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="prompts")
    kind = models.CharField(max_length=8, choices=PromptKind)
    text = models.CharField(max_length=300, help_text=_("NFC, single spaces, never empty."))
    seconds = models.FloatField(null=True, blank=True, help_text=_("Length of a noise recording."))
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "kind", "text"], name="prompt_unique"),
            models.CheckConstraint(
                condition=models.Q(kind__in=PromptKind.values), name="prompt_kind_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(text__regex=r"^\s*$"), name="prompt_text_not_blank"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=PromptKind.NOISE) | models.Q(seconds__gt=0),
                name="prompt_noise_has_seconds",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class ConsentText(models.Model):
    """One version of the exact text that speakers agree to; never changed, only followed."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="consent_texts")
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=35)
    body = models.TextField()
    sha256 = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "version", "language"], name="consent_text_version_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign} v{self.version} ({self.language})"

    @staticmethod
    def hash_of(body: str) -> str:
        """SHA-256 (hex) of the text's UTF-8 bytes, as every consent records it."""
        return hashlib.sha256(body.encode()).hexdigest()


class ConsentKind(models.TextChoices):
    """The terms of the W3C Data Privacy Vocabulary for a change of consent."""

    GIVEN = "given", _("Given")
    RENEWED = "renewed", _("Renewed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ConsentEvent(models.Model):
    """One line of the consent ledger: appended, never changed (the database refuses)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participation = models.ForeignKey(Participation, models.PROTECT, related_name="consent_events")
    kind = models.CharField(max_length=9, choices=ConsentKind)
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["participation", "-at"], name="consent_latest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=ConsentKind.values), name="consent_kind_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.participation}: {self.kind} {self.text}"
