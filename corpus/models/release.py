"""A release, the clips that it holds, and who fetched it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models.functions import MD5
from django.utils.translation import gettext_lazy as _

from collector.models import Campaign, Clip, PromptKind, User

#: Characters of an entry's text: a prompt has 300 at most, a transcript may have more.
MAX_TEXT = 2_000


class ReleaseStatus(models.TextChoices):
    """Whether a release may be fetched."""

    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class Split(models.TextChoices):
    """The part of a data set that a clip is in."""

    TRAINING = "training", _("Training")
    VALIDATION = "validation", _("Validation")
    TESTING = "testing", _("Testing")


class Release(models.Model):
    """A frozen list of clips. What it holds only ever shrinks, and each time says so.

    ``revision`` goes up by one with every change (a clip is taken back, or its speaker erases what
    they said of themselves): the same version and revision are the same bytes, for ever.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="releases")
    version = models.PositiveIntegerField()
    revision = models.PositiveIntegerField(default=0)
    changed_otherwise_in = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text="The last revision of which the public list does not tell all.",
    )
    status = models.CharField(max_length=9, choices=ReleaseStatus, default=ReleaseStatus.PUBLISHED)
    validation_percent = models.FloatField()
    testing_percent = models.FloatField()
    licence = models.CharField(max_length=60)
    shard_num_bytes = models.PositiveBigIntegerField(
        default=1_000_000_000, help_text=_("About how much audio is fetched in one part.")
    )
    recipe = models.JSONField(
        default=dict, help_text=_("By which filters and which split rule it was cut.")
    )
    sheet = models.JSONField(
        default=dict, editable=False, help_text=_("What its datasheet says, as it was when frozen.")
    )
    is_public = models.BooleanField(
        default=False, help_text=_("Whether it can be fetched without an account.")
    )
    cut_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    frozen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "version"], name="release_version_unique"),
            models.CheckConstraint(
                condition=models.Q(status__in=ReleaseStatus.values), name="release_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(validation_percent__gte=0, testing_percent__gte=0)
                & models.Q(validation_percent__lte=100.0 - models.F("testing_percent")),
                name="release_percents_fit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} v{self.version}.{self.revision}"

    @property
    def name(self) -> str:
        """How files of this release are called, such as ``kitchen-words-1.0``."""
        return f"{self.campaign.slug}-{self.version}.{self.revision}"


class ReleaseEntry(models.Model):
    """One clip in a release, with all that an export says of it, as it was when frozen."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="entries")
    clip = models.ForeignKey(Clip, models.PROTECT, related_name="release_entries")
    split = models.CharField(max_length=10, choices=Split)
    shard = models.PositiveIntegerField(
        default=0, help_text=_("Which part of its split it is fetched with, from 0; frozen.")
    )
    speaker_number = models.PositiveIntegerField(
        default=0, help_text=_("Which clip of this speaker, from 0; a withdrawal renumbers none.")
    )
    pseudonym = models.CharField(max_length=8, blank=True)
    text = models.CharField(max_length=MAX_TEXT, blank=True)
    kind = models.CharField(max_length=8, choices=PromptKind)
    take = models.PositiveIntegerField(
        help_text=_("Which take of this text by this speaker, from 0; a withdrawal renumbers none.")
    )
    num_samples = models.PositiveIntegerField()
    master_sha256 = models.CharField(max_length=64)
    master_num_bytes = models.PositiveIntegerField()
    loudest_second_offset = models.PositiveIntegerField()
    details = models.JSONField(
        default=dict, help_text=_("What only some formats tell, as it was when frozen.")
    )
    is_withdrawn = models.BooleanField(default=False)
    is_paused = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("Left out until its speaker lets it circulate again."),
    )
    revised_in = models.PositiveIntegerField(
        default=0, help_text=_("The revision of the release that last changed this entry.")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "clip"], name="entry_clip_unique"),
            # By the hash: an index takes no text of two thousand characters.
            models.UniqueConstraint(
                "release",
                "pseudonym",
                "kind",
                MD5("text"),
                "take",
                name="entry_take_unique",
                condition=models.Q(is_withdrawn=False),
            ),
            models.CheckConstraint(
                condition=models.Q(split__in=Split.values), name="entry_split_known"
            ),
        ]
        indexes = [
            models.Index(fields=["clip"], name="entry_of_clip"),
            models.Index(fields=["release", "split", "shard", "clip"], name="entry_of_shard"),
        ]

    def __str__(self) -> str:
        return f"{self.clip_id} in {self.release}"


class Download(models.Model):
    """Somebody fetched an export: who, which revision, when."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="downloads")
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    revision = models.PositiveIntegerField()
    format = models.CharField(max_length=32)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.release} as {self.format} by {self.user}"
