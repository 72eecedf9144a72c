"""Who is who: accounts, their roles in a campaign, and speakers (who need no account)."""

from __future__ import annotations

import secrets
import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Makes accounts that are known by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """An account; without a password it can only be entered by a link or a reset."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """An operator's account, for ``manage.py createsuperuser``.

        Its address counts as confirmed: who makes it is on the server, where mail may not work yet.
        """
        from allauth.account.models import EmailAddress  # it imports this module's User

        user = self.create_user(email, password, is_staff=True, is_superuser=True, **fields)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user


class User(AbstractUser):
    """An account, known by its e-mail address."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.email


class Role(models.TextChoices):
    """What an account may do in a campaign."""

    REVIEWER = "reviewer", _("Reviewer")
    CURATOR = "curator", _("Curator")
    RESEARCHER = "researcher", _("Researcher")


class Membership(models.Model):
    """One role of one account in one campaign."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    campaign = models.ForeignKey("collector.Campaign", models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "campaign", "role"], name="membership_unique"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="membership_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role} in {self.campaign}"


class Speaker(models.Model):
    """A person who lends their voice. Without an account, only their phrase leads back to them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="speakers")
    label = models.CharField(
        max_length=60, blank=True, help_text=_("The account's own name for them, such as Grandma.")
    )
    recovery_hash = models.CharField(
        max_length=64, unique=True, help_text=_("SHA-256 of the recovery phrase, never the phrase.")
    )
    about = models.ForeignKey(
        "collector.SpeakerSnapshot", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_about_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When they answered, or said that they will not.")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    reminded_at = models.DateTimeField(
        null=True, editable=False, help_text=_("When their account was told that they lend clips.")
    )

    class Meta:
        constraints = [
            # A label is an account's private note: it goes when the account lets go.
            models.CheckConstraint(
                condition=models.Q(label="") | models.Q(user__isnull=False),
                name="speaker_label_is_an_accounts",
            )
        ]

    def __str__(self) -> str:
        return f"speaker {self.id}"


def random_pseudonym() -> str:
    """Eight random hex digits: never derived from the person, so nothing leads back to them."""
    return secrets.token_hex(4)


class Participation(models.Model):
    """A speaker in a campaign, under a pseudonym that they have nowhere else."""

    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="participations")
    campaign = models.ForeignKey(
        "collector.Campaign", models.PROTECT, related_name="participations"
    )
    pseudonym = models.CharField(max_length=8, unique=True, default=random_pseudonym)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["speaker", "campaign"], name="participation_unique"),
            models.CheckConstraint(
                condition=models.Q(pseudonym__regex=r"^[0-9a-f]{8}$"),
                name="participation_pseudonym_hex",
            ),
        ]

    def __str__(self) -> str:
        return self.pseudonym
