"""Becoming a speaker, agreeing, and coming back by the recovery phrase."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from django.db import transaction
from mnemonic import Mnemonic

from collector.errors import ConsentTextChanged, RecoveryPhraseUnknown
from collector.events import announce
from collector.models import (
    Campaign,
    ConsentEvent,
    ConsentKind,
    EventKind,
    Participation,
    Speaker,
    User,
)
from collector.rules import consents_for, normalised_phrase, purposes_agreed
from collector.selectors import covering_consent, current_consent_text

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


@transaction.atomic
def give_consent(
    speaker: Speaker,
    campaign: Campaign,
    *,
    version: int,
    sha256: str,
    adult: bool = False,
    guardian: bool = False,
    purposes: Collection[str] = (),
) -> tuple[ConsentEvent, bool]:
    """The consent to the campaign's current text, and whether it is new.

    The speaker says which version they read, by its hash: agreeing to a text that has changed
    since is refused (ConsentTextChanged), and so is a child on its own (NotAdult). The ledger
    says whether an adult agreed for themselves or a guardian for a child, and which purposes they
    opted into besides the base, which the consent as such agrees to (PurposeNotOffered).
    """
    by = consents_for(adult=adult, guardian=guardian)
    text = current_consent_text(campaign)
    if (text.version, text.sha256) != (version, sha256):
        raise ConsentTextChanged
    agreed = purposes_agreed(text.purposes, purposes)
    participation, _ = Participation.objects.get_or_create(speaker=speaker, campaign=campaign)
    Participation.objects.select_for_update().get(pk=participation.pk)
    given = covering_consent(participation)
    if given is not None:
        return given, False
    renewed = participation.consent_events.exists()
    kind = ConsentKind.RENEWED if renewed else ConsentKind.GIVEN
    consent = ConsentEvent.objects.create(
        participation=participation, kind=kind, by=by, text=text, purposes=agreed
    )
    announce(
        EventKind.CONSENT_GIVEN,
        consent=str(consent.id),
        text_sha256=text.sha256,
        purposes=agreed,
    )
    return consent, True
