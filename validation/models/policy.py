"""How a campaign judges its clips."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.models import Campaign
from validation.vocabulary import DEFAULT_TAGS, Vocabulary

#: Some ten pages. It is sent to every desk.
MAX_GUIDELINES: Final = 20_000


class PolicyName(models.TextChoices):
    """By which rule a campaign decides; docs/review.md explains each."""

    TWO_VOTES = "two-votes", _("Two agreeing votes")
    THREE_QUARTERS = "three-quarters", _("Two votes or more, over three quarters agreeing")
    EVIDENCE = "evidence", _("The machine's and the people's evidence together")


class Mode(models.TextChoices):
    """How the desk asks."""

    DESK = "desk", _("All at once")
    CARDS = "cards", _("One question on each card")


def default_tags() -> list[Any]:
    """The quality tags."""
    return list(DEFAULT_TAGS)


def validate_tags(value: object) -> None:
    """A field's validator: known codes, or objects with a code and a label."""
    _valid(tags=value)


def validate_questions(value: object) -> None:
    """A field's validator: known codes, or objects with code, label and options."""
    _valid(questions=value)


def _valid(tags: object = (), questions: object = ()) -> None:
    try:
        Vocabulary.of(tags, questions)
    except ValueError as error:
        raise ValidationError(str(error)) from error


class ReviewPolicy(models.Model):
    """A campaign's rule, its numbers, and what reviewers are told and asked."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="review_policy")
    name = models.CharField(max_length=14, choices=PolicyName, default=PolicyName.EVIDENCE)
    error_bound = models.FloatField(
        default=0.05, help_text=_("The chance of a wrong verdict that is taken, either way.")
    )
    set_aside_bound = models.FloatField(
        default=0.002, help_text=_("Below it the machine sets a clip aside alone; 0: never.")
    )
    max_votes = models.PositiveSmallIntegerField(
        default=7, help_text=_("After so many people a curator decides.")
    )
    needs_person_to_accept = models.BooleanField(default=True)
    prior_right = models.FloatField(
        default=0.85, help_text=_("The share of right clips where the machine has no say.")
    )
    blind_share = models.FloatField(
        default=0.05,
        help_text=_("The share of clips plain to the machine that people judge without it."),
    )
    drift_bound = models.FloatField(
        default=0.05, help_text=_("How far the machine may be off before it is not trusted.")
    )
    trusts_machine = models.BooleanField(default=True)
    trusted_since = models.DateTimeField(null=True, blank=True)
    distrust = models.JSONField(
        null=True, blank=True, editable=False, help_text=_("What was measured when trust ended.")
    )
    hides_machine = models.BooleanField(
        default=False, help_text=_("Show what the machine thinks to nobody who judges.")
    )
    gold_share = models.FloatField(
        default=0.05, help_text=_("How many of the clips that a reviewer is given are gold ones.")
    )
    guidelines = models.TextField(blank=True)
    tags = models.JSONField(default=default_tags, blank=True, validators=[validate_tags])
    questions = models.JSONField(default=list, blank=True, validators=[validate_questions])
    mode_default = models.CharField(max_length=5, choices=Mode, default=Mode.DESK)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(name__in=PolicyName.values), name="policy_name_known"
            ),
            models.CheckConstraint(
                condition=models.Q(error_bound__gt=0.0, error_bound__lt=0.5),
                name="policy_error_bound_range",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    set_aside_bound__gte=0.0, set_aside_bound__lte=models.F("error_bound")
                ),
                name="policy_set_aside_bound_range",
            ),
            models.CheckConstraint(
                condition=models.Q(max_votes__gte=2), name="policy_max_votes_settle"
            ),
            models.CheckConstraint(
                condition=models.Q(prior_right__gt=0.0, prior_right__lt=1.0),
                name="policy_prior_right_range",
            ),
            *(
                models.CheckConstraint(
                    condition=models.Q((f"{name}__gte", 0.0), (f"{name}__lte", 1.0)),
                    name=f"policy_{name}_range",
                )
                for name in ("blind_share", "drift_bound", "gold_share")
            ),
            models.CheckConstraint(
                condition=models.Q(mode_default__in=Mode.values), name="policy_mode_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign}: {self.name}"

    def clean(self) -> None:
        """What reviewers are told has to be read by them."""
        if len(self.guidelines) > MAX_GUIDELINES:
            sentence = _(
                "What reviewers are told has at most %(most)d characters. Put the rest on a page "
                "of your own, and name its address."
            )
            raise ValidationError({"guidelines": sentence % {"most": MAX_GUIDELINES}})

    @classmethod
    def of(cls, campaign_id: int) -> ReviewPolicy:
        """The campaign's policy; the defaults where it has set none."""
        found = cls.objects.filter(campaign=campaign_id).first()
        return found if found is not None else cls(campaign_id=campaign_id)

    @property
    def vocabulary(self) -> Vocabulary:
        """The tags and questions, with labels in the reader's language."""
        return Vocabulary.of(self.tags, self.questions)
