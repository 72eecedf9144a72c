"""The keys of clips' audio, wrapped by keys of the site that are not here."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SiteKeyStatus(models.TextChoices):
    """What a key of the site is still good for."""

    CURRENT = "current", _("In use")
    RETIRED = "retired", _("Retired")
    DESTROYED = "destroyed", _("Destroyed")


class SiteKey(models.Model):
    """A key that wraps clips' keys, by its fingerprint; its bytes lie outside the database."""

    id = models.CharField(primary_key=True, max_length=16)
    status = models.CharField(
        max_length=9, choices=SiteKeyStatus, default=SiteKeyStatus.CURRENT, editable=False
    )
    made_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, editable=False)
    # Since when no clip's key needs it any more.
    emptied_at = models.DateTimeField(null=True, editable=False)
    destroyed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=SiteKeyStatus.values), name="site_key_status_known"
            ),
            models.UniqueConstraint(
                fields=["status"],
                condition=models.Q(status=SiteKeyStatus.CURRENT),
                name="site_key_one_current",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=SiteKeyStatus.DESTROYED)
                | models.Q(emptied_at__isnull=False, destroyed_at__isnull=False),
                name="site_key_destroyed_when_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"site key {self.id}"


class ClipKey(models.Model):
    """The key of one clip's audio, wrapped; made before its first byte is stored.

    By id only, since the clip's own row comes later. A destroyed key leaves its row behind, empty:
    so none is ever made for that clip again (the database refuses it).
    """

    clip_id = models.UUIDField(primary_key=True, editable=False)
    site_key = models.ForeignKey(SiteKey, models.PROTECT, null=True, editable=False)
    wrapped = models.BinaryField(null=True)
    # Whether its folder may hold files from before there was encryption.
    holds_plain = models.BooleanField(default=False, editable=False)
    # An upload's bytes come before its row: the key of one that is under way is no orphan.
    used_at = models.DateTimeField(default=timezone.now, editable=False)
    destroyed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    wrapped__isnull=True, site_key__isnull=True, destroyed_at__isnull=False
                )
                | models.Q(
                    wrapped__isnull=False, site_key__isnull=False, destroyed_at__isnull=True
                ),
                name="clip_key_there_or_destroyed",
            )
        ]

    def __str__(self) -> str:
        return f"key of clip {self.clip_id}"
