"""What speakers agree to: the exact text, the purposes they opt into, and the ledger of both."""

from __future__ import annotations

import hashlib
import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from collector.models.campaign import Campaign
from collector.models.people import Participation


class Purpose(models.TextChoices):
    """What a recording may be used for. Each but the first is an opt-in of its own."""

    RESEARCH_RELEASE = "research-release", _("Releases for research")
    COMMERCIAL_USE = "commercial-use", _("Commercial use")
    PUBLIC_PLAYBACK = "public-playback", _("Public playback")
    KEEP_ORIGINAL = "keep-original", _("Keeping the original")


#: What a campaign exists for: without it there is nothing to collect, so it is never optional.
BASE_PURPOSE = Purpose.RESEARCH_RELEASE


def base_purposes() -> list[str]:
    """What somebody agrees to who ticks nothing."""
    return [BASE_PURPOSE.value]


def all_purposes() -> list[str]:
    """What a text asks about unless its curator says otherwise."""
    return list(Purpose.values)


class ConsentText(models.Model):
    """One version of the exact text that speakers agree to; never changed, only followed."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="consent_texts")
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=35)
    body = models.TextField()
    purposes = ArrayField(
        models.CharField(max_length=16, choices=Purpose),
        default=all_purposes,
        help_text=_("What it asks about: the base, and what may be ticked."),
    )
    sha256 = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "version", "language"], name="consent_text_version_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    purposes__contains=base_purposes(), purposes__contained_by=Purpose.values
                ),
                name="consent_text_purposes_known",
            ),
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


class ConsentBy(models.TextChoices):
    """Who gave a consent."""

    SELF = "self", _("The speaker, who is of age")
    GUARDIAN = "guardian", _("The speaker's guardian")
    #: Of speech that was brought in: nobody was asked here, and the text says by what right.
    IMPORTER = "importer", _("A curator, who says by what right it may be here")


class ConsentEvent(models.Model):
    """One line of the consent ledger: appended, never changed (the database refuses).

    ``purposes`` is what was opted into, and of a withdrawal what was taken back. A clip points at
    the event that covers it, and may be used for what stands of that: see ``StandingPurpose``.
    ``wordings`` are the purposes offered, each in the very words that were shown, in ``language``;
    empty in events that are older than the question.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participation = models.ForeignKey(Participation, models.PROTECT, related_name="consent_events")
    kind = models.CharField(max_length=9, choices=ConsentKind)
    by = models.CharField(max_length=8, choices=ConsentBy, default=ConsentBy.SELF)
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="+")
    purposes = ArrayField(models.CharField(max_length=16, choices=Purpose), default=base_purposes)
    language = models.CharField(
        max_length=35, blank=True, help_text=_("Of the page that asked, as a BCP 47 tag.")
    )
    wordings = models.JSONField(default=dict, help_text=_("By purpose: the words that were shown."))
    # The database's clock, not each web server's own: the order of these lines is what counts.
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["participation", "-at"], name="consent_latest"),
            # Withdrawals are few: what still stands is found without reading all the rest.
            models.Index(
                fields=["participation", "at"],
                name="consent_withdrawals",
                condition=models.Q(kind="withdrawn"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=ConsentKind.values), name="consent_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(by__in=ConsentBy.values), name="consent_by_known"
            ),
            models.CheckConstraint(
                condition=models.Q(purposes__contained_by=Purpose.values, purposes__len__gt=0),
                name="consent_purposes_known",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=ConsentKind.WITHDRAWN)
                | models.Q(purposes__contains=base_purposes()),
                name="consent_agrees_to_the_base",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation}: {self.kind} {self.text}"


class StandingPurpose(models.Model):
    """A purpose of a consent that was not taken back since: a view of the ledger, in SQL.

    This is the one place that says what a clip may be used for. The ORM asks it by
    ``selectors.with_purpose``, the drawing of a release joins it.
    """

    consent_id = models.UUIDField(primary_key=True)
    purpose = models.CharField(max_length=16, choices=Purpose)

    class Meta:
        managed = False
        db_table = "collector_standingpurpose"

    def __str__(self) -> str:
        return f"{self.purpose} by {self.consent_id}"
