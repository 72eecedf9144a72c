"""A device or program that sends in what its person says, without prompts."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.models.consent import ConsentEvent
from collector.models.people import Participation


class LinkedDevice(models.Model):
    """One device of a speaker, linked to one campaign: it may send while this stands.

    Only its token's SHA-256 is kept. The token has 256 random bits, so nothing slower is called
    for. ``consent`` is the line of the ledger by which its person agreed to it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participation = models.ForeignKey(Participation, models.CASCADE, related_name="devices")
    consent = models.ForeignKey(ConsentEvent, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60, help_text=_("Its person's own name for it."))
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    linked_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="device_sha256_hex"
            ),
            models.CheckConstraint(
                condition=~models.Q(name__regex=r"^\s*$"), name="device_name_not_blank"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.participation}"
