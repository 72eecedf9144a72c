"""What researchers sign, and what they show instead of a session."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collector.models import Campaign, ConsentText, User


class ReleaseTerms(models.Model):
    """One version of what researchers promise for a campaign's releases; never changed."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="release_terms")
    version = models.PositiveIntegerField()
    body = models.TextField()
    sha256 = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "version"], name="terms_version_unique")
        ]

    def __str__(self) -> str:
        return f"{self.campaign}, terms {self.version}"

    hash_of = staticmethod(ConsentText.hash_of)


class TermsSignature(models.Model):
    """An account agreed to a version of the terms: which text, by its hash, and when."""

    terms = models.ForeignKey(ReleaseTerms, models.PROTECT, related_name="signatures")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    sha256 = models.CharField(max_length=64, help_text=_("Of the text that was shown."))
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["terms", "user"], name="signature_once_each")
        ]

    def __str__(self) -> str:
        return f"{self.user} signed {self.terms}"


class AccessToken(models.Model):
    """A researcher's key for scripts: it reads releases and does nothing else.

    Only its SHA-256 is kept. The token has 256 random bits, so nothing slower is called for.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="access_tokens")
    label = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.label} of {self.user}"

    @property
    def is_valid(self) -> bool:
        """Whether it opens anything today."""
        return self.revoked_at is None and self.expires_at > timezone.now()
