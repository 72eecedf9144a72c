"""Speakers of whom nothing was heard for long: reminded of their clips, or forgotten without any.

Nobody's clips end by silence, and nobody's phrase: the way to take them back must stay open.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from collector.events import announce
from collector.locks import lock_speaker
from collector.models import Clip, ConsentEvent, EventKind, Speaker, SpeakerSnapshot, User
from collector.models.clip import GONE

#: What stands in the place of a phrase's hash that leads nowhere: no SHA-256 begins so.
FORGOTTEN = "forgotten-"


@dataclass(frozen=True)
class Settled:
    """How many accounts were reminded, and how many speakers forgotten."""

    reminded: int
    forgotten: int


def settle_inactive(days: int | None = None, *, dry_run: bool = False) -> Settled:
    """Remind the accounts of inactive speakers with clips, and forget those without any.

    ``days`` is how long nothing was heard: no clip, no consent, no beginning (by default
    ``INACTIVE_DAYS``; 0 is never). An account is reminded once in that time.
    """
    days = settings.INACTIVE_DAYS if days is None else days
    if days <= 0:
        return Settled(0, 0)
    before = timezone.now() - timedelta(days=days)
    silent = _silent_since(before)
    without = silent.exclude(_HAS_CLIPS).exclude(recovery_hash__startswith=FORGOTTEN)
    lending = silent.filter(_HAS_CLIPS, user__isnull=False, user__is_active=True)
    due = lending.exclude(reminded_at__gte=before)
    accounts = User.objects.filter(pk__in=due.values("user"))
    if dry_run:
        return Settled(accounts.count(), without.count())
    forgotten = sum(forget_speaker(speaker, before) for speaker in without)
    for account in list(accounts):
        _remind(account, due.filter(user=account))
    return Settled(len(accounts), forgotten)


_HAS_CLIPS = Exists(
    Clip.objects.filter(participation__speaker=OuterRef("pk")).exclude(status__in=GONE)
)


def _silent_since(before: datetime) -> QuerySet[Speaker]:
    clips = Clip.objects.filter(participation__speaker=OuterRef("pk"), received_at__gte=before)
    consents = ConsentEvent.objects.filter(participation__speaker=OuterRef("pk"), at__gte=before)
    return Speaker.objects.filter(~Exists(clips), ~Exists(consents), created_at__lt=before)


@transaction.atomic
def forget_speaker(speaker: Speaker, before: datetime) -> bool:
    """Erase all that leads to a speaker who lends nothing; False when they are back meanwhile.

    The ledger stays: it proves what was agreed and taken back, and names nobody.
    """
    lock_speaker(speaker.pk)
    if not _silent_since(before).filter(~_HAS_CLIPS, pk=speaker.pk).exists():
        return False
    SpeakerSnapshot.objects.filter(speaker=speaker).delete()
    Speaker.objects.filter(pk=speaker.pk).update(
        user=None, label="", about=None, recovery_hash=FORGOTTEN + secrets.token_hex(20)
    )
    announce(EventKind.SPEAKER_FORGOTTEN)
    return True


def _remind(account: User, speakers: QuerySet[Speaker]) -> None:
    """Told first and noted then: a crash between the two tells twice, and never not at all."""
    keys = list(speakers.values_list("pk", flat=True))
    with translation.override(settings.LANGUAGE_CODE):
        body = _(
            "Some time ago you lent your voice to Choir, and your recordings are still in use.\n"
            "If that is fine, there is nothing to do. If not, you can change what they may be used"
            " for, or take them back, here:\n\n{address}\n"
        ).format(address=settings.SITE_URL + reverse("my-consent"))
        subject = _("Your voice on Choir: still yours to take back")
        send_mail(subject, body, None, [account.email])
    with transaction.atomic():
        Speaker.objects.filter(pk__in=keys).update(reminded_at=Now())
        announce(EventKind.SPEAKER_REMINDED)
