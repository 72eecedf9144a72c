"""What was taken back, as the world is told: signed lists that only grow."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.models import User
from corpus.models.access import AccessToken
from corpus.models.release import Release


class RevocationReason(models.TextChoices):
    """Why a clip is on the list."""

    WITHDRAWN = "withdrawn", _("Taken back by its speaker")
    LEGAL = "legal", _("For a legal reason")
    QUALITY = "quality", _("Found to be wrong")


class RevocationKey(models.Model):
    """The public part of a key that signs lists, from some list on; the last one signs today."""

    public_key = models.CharField(max_length=64, unique=True, help_text=_("32 bytes, as hex."))
    signature = models.CharField(
        max_length=128, blank=True, help_text=_("Under this key, by the one before it.")
    )
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"key {self.public_key[:8]}"


class RevocationList(models.Model):
    """One signed list: the first ``num_entries`` revocations, and what was said around them."""

    number = models.PositiveIntegerField(primary_key=True)
    this_update = models.DateTimeField()
    next_update = models.DateTimeField()
    num_entries = models.PositiveIntegerField()
    releases = models.JSONField()
    previous_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    num_bytes = models.PositiveBigIntegerField()
    key = models.ForeignKey(RevocationKey, models.PROTECT, related_name="lists")
    signature = models.CharField(max_length=128)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(this_update__lt=models.F("next_update")),
                name="list_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"revocation list {self.number}"


class Revocation(models.Model):
    """One clip on the lists, at its place for ever, in the bytes in which it was published.

    By the clip's id and not by its row: a list that was published outlives the loss of a database.
    """

    position = models.PositiveIntegerField(primary_key=True)
    clip_id = models.UUIDField(unique=True)
    revoked_at = models.DateTimeField()
    reason = models.CharField(max_length=9, choices=RevocationReason)
    line = models.TextField(help_text=_("How it stands in every list."))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reason__in=RevocationReason.values),
                name="revocation_reason_known",
            )
        ]

    def __str__(self) -> str:
        return f"revocation of {self.clip_id}"


class Attestation(models.Model):
    """A researcher said, with their token, that a copy holds nothing of a list any more."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="attestations")
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    token = models.ForeignKey(AccessToken, models.SET_NULL, null=True, related_name="+")
    format = models.CharField(max_length=32)
    revision = models.PositiveIntegerField()
    list_number = models.PositiveIntegerField()
    num_removed = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "release", "format", "list_number"], name="attestation_once_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} pruned {self.release} by list {self.list_number}"
