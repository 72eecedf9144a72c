"""What is written down of reviewers: which languages they know, and which voices are theirs."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from collector.models import Speaker, User
from validation.languages import language_choices, primary
from validation.models import OwnVoice, ReviewerProfile


def set_languages(user: User, tags: Iterable[str]) -> list[str]:
    """The languages that this person knows; none: all that they may review in.

    Tags that no campaign is in are left out.
    """
    offered = {tag for tag, _ in language_choices()}
    known = sorted({primary(tag) for tag in tags} & offered)
    ReviewerProfile.objects.update_or_create(user=user, defaults={"languages": known})
    return known


def forget_voices(speakers: Iterable[Speaker]) -> None:
    """No account is known to have been these speakers any more: they lend nothing."""
    OwnVoice.objects.filter(speaker__in=list(speakers)).delete()


def remember_voice(user: User, speaker_id: uuid.UUID | str) -> bool:
    """This account has been this speaker: it is never given their clips. False where known."""
    if not Speaker.objects.filter(pk=speaker_id).exists():
        return False
    _, is_new = OwnVoice.objects.get_or_create(user=user, speaker_id=speaker_id)
    return is_new
