"""What a campaign asks its speakers to say."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.models.campaign import Campaign


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
