"""Becoming a speaker, and coming back by the recovery phrase."""

from __future__ import annotations

import hashlib

from mnemonic import Mnemonic

from collector.errors import RecoveryPhraseUnknown
from collector.models import Speaker, User
from collector.rules import normalised_phrase

PHRASE_BITS = 128


def join_as_speaker(user: User | None = None, label: str = "") -> tuple[Speaker, str]:
    """A new speaker and their recovery phrase: twelve words (BIP 39), told once and not kept.

    128 random bits cannot be guessed, so a plain SHA-256 is enough to look the phrase up by.
    """
    phrase = _new_phrase()
    hashed = _phrase_hash(phrase)
    return Speaker.objects.create(user=user, label=label, recovery_hash=hashed), phrase


def renew_phrase(speaker: Speaker) -> str:
    """A new recovery phrase for a speaker of an account; the one before leads nowhere any more."""
    phrase = _new_phrase()
    Speaker.objects.filter(pk=speaker.pk).update(recovery_hash=_phrase_hash(phrase))
    return phrase


def recover_speaker(phrase: str) -> Speaker:
    """The speaker whose phrase this is; RecoveryPhraseUnknown when there is none."""
    speaker = Speaker.objects.filter(recovery_hash=_phrase_hash(phrase)).first()
    if speaker is None:
        raise RecoveryPhraseUnknown
    return speaker


def _new_phrase() -> str:
    return normalised_phrase(Mnemonic("english").generate(PHRASE_BITS))


def _phrase_hash(phrase: str) -> str:
    return hashlib.sha256(normalised_phrase(phrase).encode()).hexdigest()
