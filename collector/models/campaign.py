"""A campaign, and how it wants to be recorded."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.findings import validate_thresholds


class CampaignStatus(models.TextChoices):
    """Whether a campaign takes recordings."""

    DRAFT = "draft", _("In preparation")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


#: The fields by which a campaign says how much of each prompt it wants.
QUOTAS = ("wanted_takes", "keyword_takes_per_speaker", "sentence_takes_per_speaker")

#: From and to which value a campaign may set its recorder; the form and the database both refuse
#: what lies outside, for a silence of 0 s would end every take before its first word.
RECORDING_RANGES: dict[str, tuple[float, float]] = {
    "room_tone_s": (0.5, 10),
    "silence_keyword_s": (0.2, 5),
    "silence_sentence_s": (0.2, 5),
    "longest_take_s": (2, 60),  # the decoder refuses what is longer
    "prompts_per_set": (1, 50),
}


def _within(name: str) -> list[MinValueValidator | MaxValueValidator]:
    least, most = RECORDING_RANGES[name]
    return [MinValueValidator(least), MaxValueValidator(most)]


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

    room_tone_s = models.FloatField(
        default=2.0,
        validators=_within("room_tone_s"),
        help_text=_("How long the room is heard before a set, in seconds."),
    )
    keeps_room_tone = models.BooleanField(
        default=False, help_text=_("Keep it as a recording of the campaign's noise prompt.")
    )
    silence_keyword_s = models.FloatField(
        default=0.4,
        validators=_within("silence_keyword_s"),
        help_text=_("The silence that ends a keyword, in seconds."),
    )
    silence_sentence_s = models.FloatField(
        default=0.8,
        validators=_within("silence_sentence_s"),
        help_text=_("The silence that ends a sentence, in seconds."),
    )
    longest_take_s = models.FloatField(
        default=60,
        validators=_within("longest_take_s"),
        help_text=_("After how many seconds a take is ended."),
    )
    prompts_per_set = models.PositiveSmallIntegerField(
        default=20, validators=_within("prompts_per_set")
    )
    wanted_takes = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("How many takes of each prompt; empty: as many as there come."),
    )
    keyword_takes_per_speaker = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("How often one speaker may say a keyword; empty: as often as they like."),
    )
    sentence_takes_per_speaker = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("The same for all other prompts. 1 suits sentences."),
    )
    show_heard = models.BooleanField(
        default=False, help_text=_("Show speakers what the machine has heard them say.")
    )

    accepts_devices = models.BooleanField(
        default=False,
        help_text=_("Take recordings without prompts from devices that speakers have linked."),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=CampaignStatus.values), name="campaign_status_known"
            ),
            *(
                models.CheckConstraint(
                    condition=models.Q((f"{name}__gte", least), (f"{name}__lte", most)),
                    name=f"campaign_{name}_range",
                )
                for name, (least, most) in RECORDING_RANGES.items()
            ),
            *(
                models.CheckConstraint(
                    condition=models.Q((f"{name}__gte", 1)), name=f"campaign_{name}_some"
                )
                for name in QUOTAS
            ),
        ]

    def __str__(self) -> str:
        return self.name
