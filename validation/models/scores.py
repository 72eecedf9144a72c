"""What the machine made of a clip, and what verdicts taught it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.models import Campaign, Clip

if TYPE_CHECKING:
    from validation.scoring.recalibrate import Recalibration


class Method(models.TextChoices):
    """How a match was told; the values are those of ``validation.scoring.models.Method``."""

    FORCED_LIKELIHOOD = "forced-likelihood", _("by how likely the model finds the prompt")
    EDIT_DISTANCE = "edit-distance", _("by comparing what the model heard with the prompt")


class PreScore(models.Model):
    """What one model made of a clip with some coefficients: each is kept, the newest is in use."""

    clip = models.ForeignKey(Clip, models.CASCADE, related_name="pre_scores")
    match = models.FloatField(
        null=True, help_text=_("Probability that the audio says the prompt; none without a prompt.")
    )
    heard = models.TextField(blank=True)
    log_likelihood = models.FloatField(
        null=True, help_text=_("Of the prompt given the audio: mean per token, natural logarithm.")
    )
    features = models.JSONField(default=dict)
    layer = models.CharField(
        max_length=40,
        blank=True,
        help_text=_("Which layer of the coefficients made the match of the features."),
    )
    method = models.CharField(max_length=20, choices=Method, default=Method.FORCED_LIKELIHOOD)
    calibration = models.CharField(
        max_length=40,
        blank=True,
        help_text=_("Version of the coefficients, and the campaign's own where it has some."),
    )
    model = models.CharField(max_length=80)
    model_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clip", "model_sha256", "calibration"], name="pre_score_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(match__isnull=True) | models.Q(match__gte=0.0, match__lte=1.0),
                name="pre_score_match_is_probability",
            ),
            models.CheckConstraint(
                condition=models.Q(method__in=Method.values), name="pre_score_method_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} on {self.clip_id}: {self.match}"


class CampaignCalibration(models.Model):
    """One attempt to learn from a campaign's verdicts, kept or not.

    An attempt that foretold held-out verdicts no better than what was in force before, or than the
    shipped coefficients, has no ``learned`` and no figures: it stands for "asked, and nothing
    gained".
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="calibrations")
    model_sha256 = models.CharField(max_length=64, help_text=_("Whose features were weighed."))
    shipped = models.CharField(
        max_length=40, blank=True, help_text=_("Version of the coefficients that it began with.")
    )
    learned = models.JSONField(null=True, help_text=_("Coefficients, shifts, and reliability."))
    num_reviewed = models.PositiveIntegerField(help_text=_("Decided clips that it was shown."))
    log_loss_before = models.FloatField(null=True, help_text=_("Nats a clip, held out."))
    log_loss_after = models.FloatField(null=True)
    is_active = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["campaign", "-made_at"], name="calibration_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "model_sha256"],
                condition=models.Q(is_active=True),
                name="calibration_one_active",
            ),
            models.CheckConstraint(
                condition=models.Q(is_active=False) | models.Q(learned__isnull=False),
                name="calibration_active_has_learned",
            ),
            models.CheckConstraint(
                condition=models.Q(learned__isnull=True)
                | models.Q(log_loss_after__lt=models.F("log_loss_before")),
                name="calibration_learned_is_better",
            ),
        ]

    def __str__(self) -> str:
        return f"calibration {self.pk} of {self.campaign_id}, {self.num_reviewed} clips"

    @classmethod
    def attempts(
        cls, campaign: Campaign, model_sha256: str, shipped: str
    ) -> models.QuerySet[CampaignCalibration]:
        """Those with this model's features and these shipped coefficients, the newest first.

        What was learned of older ones weighs features that are no longer measured.
        """
        found = cls.objects.filter(campaign=campaign, model_sha256=model_sha256, shipped=shipped)
        return found.order_by("-made_at")

    @classmethod
    def in_force(
        cls, campaign: Campaign, model_sha256: str, shipped: str
    ) -> CampaignCalibration | None:
        """The one that weighs this model's features in a campaign, if any."""
        return cls.attempts(campaign, model_sha256, shipped).filter(is_active=True).first()

    @cached_property
    def recalibration(self) -> Recalibration | None:
        """What was learned, ready to be asked."""
        # Only where it is asked for: it brings NumPy, which tables have no use for.
        from validation.scoring.recalibrate import Recalibration

        return None if self.learned is None else Recalibration.from_dict(self.learned)

    @property
    def calibration_error(self) -> float | None:
        """How far match and verdicts are apart on held-out clips, 0 to 1."""
        from validation.scoring.recalibrate import calibration_error

        learned = self.recalibration
        return None if learned is None else calibration_error(learned.reliability)
