"""What a campaign asks its speakers to say, and how much of it there is already."""

from __future__ import annotations

import random
import uuid

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Cast, Floor, Least, Log
from django.utils.translation import gettext_lazy as _

from collector.models.campaign import Campaign
from collector.models.people import Participation

LEVELS = 16


class PromptKind(models.TextChoices):
    """What a prompt asks for."""

    KEYWORD = "keyword", _("Keyword")
    SENTENCE = "sentence", _("Sentence")
    NOISE = "noise", _("Background noise only")


class Topic(models.Model):
    """Prompts of a campaign that belong together, and of which it wants more or less than usual."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="topics")
    name = models.CharField(max_length=80)
    wanted_takes = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("How many takes of each of its prompts; empty: as the campaign says."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "name"], name="topic_unique"),
            models.CheckConstraint(
                condition=models.Q(wanted_takes__gte=1), name="topic_wants_some_takes"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Prompt(models.Model):
    """A text to read, or (for noise) a silence to keep."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="prompts")
    topic = models.ForeignKey(Topic, models.SET_NULL, null=True, blank=True, related_name="prompts")
    kind = models.CharField(max_length=8, choices=PromptKind)
    text = models.CharField(max_length=300, help_text=_("NFC, single spaces, never empty."))
    seconds = models.FloatField(null=True, blank=True, help_text=_("Length of a noise recording."))
    is_open = models.BooleanField(default=True)
    wanted_takes = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("How many takes are wanted; empty: as its topic or the campaign says."),
    )

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
            models.CheckConstraint(
                condition=models.Q(wanted_takes__gte=1), name="prompt_wants_some_takes"
            ),
        ]

    def __str__(self) -> str:
        return self.text


def random_place() -> float:
    """Anywhere on the ring, from 0 to below 1."""
    return random.random()  # noqa: S311 - it decides what is read next, not who may do what


class PromptTally(models.Model):
    """How many takes of a prompt there are, as the choice of prompts finds it by one index.

    All of it follows from other tables, and ``manage.py recount`` repairs it. It is a row of its
    own because each upload changes it: so it stays small, and no form that saves a prompt can
    write an old count over a new one.
    """

    prompt = models.OneToOneField(
        Prompt, models.CASCADE, primary_key=True, related_name="tally", db_index=False
    )
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+", db_index=False)
    place = models.FloatField(
        default=random_place, help_text=_("Its place on the ring of prompts, from 0 to 1.")
    )
    takes = models.IntegerField(default=0)
    wanted = models.PositiveIntegerField(null=True)
    is_offered = models.BooleanField(default=False)
    #: From 0 (nothing yet) to 15; null when there are as many takes as are wanted. With a wish it
    #: is the sixteenths of it that there are, without one the binary logarithm. So coarse that
    #: most uploads leave it alone, and with it the index (PostgreSQL's heap-only update).
    level = models.GeneratedField(
        expression=models.Case(
            models.When(
                wanted__isnull=True,
                then=Least(
                    LEVELS - 1, Cast(Floor(Log(2, models.F("takes") + 1)), models.IntegerField())
                ),
            ),
            models.When(
                takes__lt=models.F("wanted"), then=models.F("takes") * LEVELS / models.F("wanted")
            ),
            default=None,
        ),
        output_field=models.IntegerField(null=True),
        db_persist=True,
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["campaign", "level", "place"],
                name="prompt_choice",
                condition=models.Q(is_offered=True, level__isnull=False),
            )
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(takes__gte=0), name="tally_not_negative"),
            models.CheckConstraint(
                condition=models.Q(place__gte=0, place__lt=1), name="tally_place_on_ring"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prompt_id}: {self.takes} of {self.wanted or 'any'}"


class PromptSkip(models.Model):
    """A prompt that a speaker would rather not say: it comes last for them."""

    participation = models.ForeignKey(
        Participation, models.CASCADE, related_name="skips", db_index=False
    )
    prompt = models.ForeignKey(Prompt, models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participation", "prompt"], name="skip_unique")
        ]

    def __str__(self) -> str:
        return f"{self.participation} skips {self.prompt_id}"


class ReportReason(models.TextChoices):
    """What a speaker finds wrong with a prompt."""

    WRONG_LANGUAGE = "wrong_language", _("It is in another language")
    OFFENSIVE = "offensive", _("It is offensive")
    UNREADABLE = "unreadable", _("It cannot be read aloud")
    MISTAKE = "mistake", _("It has a mistake in it")
    OTHER = "other", _("Something else")


class ReportStatus(models.TextChoices):
    """Whether a curator has looked at a report, and what came of it."""

    WAITING = "waiting", _("Waits for a curator")
    UPHELD = "upheld", _("The prompt was closed")
    DISMISSED = "dismissed", _("The prompt is offered again")


class PromptReport(models.Model):
    """One speaker's word that a prompt is wrong. While it waits, nobody is offered the prompt."""

    participation = models.ForeignKey(
        Participation, models.CASCADE, related_name="reports", db_index=False
    )
    prompt = models.ForeignKey(Prompt, models.CASCADE, related_name="reports")
    reason = models.CharField(max_length=16, choices=ReportReason)
    note = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=9, choices=ReportStatus, default=ReportStatus.WAITING)
    at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # One word each: who was told that the prompt is right cannot take it out again.
            models.UniqueConstraint(fields=["participation", "prompt"], name="report_unique"),
            models.CheckConstraint(
                condition=models.Q(status__in=ReportStatus.values), name="report_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(reason__in=ReportReason.values), name="report_reason_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prompt}: {self.get_reason_display()}"
