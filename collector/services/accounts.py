"""Whose account a speaker is in. The journal is not told: it never forgets, and this must be."""

from __future__ import annotations

from django.db import transaction

from collector.errors import SpeakerTaken
from collector.locks import lock_speaker
from collector.models import Speaker, User


@transaction.atomic
def adopt_speaker(user: User, speaker: Speaker, label: str = "") -> Speaker:
    """Make the speaker the account's own; SpeakerTaken when another account has them.

    Again is harmless, and renames them when there is a label.
    """
    locked = lock_speaker(speaker.pk)
    if locked.user_id not in (None, user.pk):
        raise SpeakerTaken
    locked.user = user
    locked.label = label or locked.label
    locked.save(update_fields=["user", "label"])
    return locked


def name_speaker(speaker: Speaker, label: str) -> None:
    """Give a speaker of an account the name that this account alone sees."""
    Speaker.objects.filter(pk=speaker.pk, user__isnull=False).update(label=label)


def let_go_of_speaker(user: User, speaker: Speaker) -> bool:
    """Take the speaker out of the account; their clips stay theirs, and only their phrase leads
    back to them. False when they were not in it.
    """
    held = Speaker.objects.filter(pk=speaker.pk, user=user)
    return held.update(user=None, label="") == 1
