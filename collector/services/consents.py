"""Agreeing to a text, to more or to less: each change is a line of the ledger."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import get_language

from collector.errors import ConsentTextChanged
from collector.events import announce
from collector.models import (
    Campaign,
    Clip,
    ConsentBy,
    ConsentEvent,
    ConsentKind,
    ConsentText,
    EventKind,
    Participation,
    Purpose,
    Speaker,
)
from collector.models.clip import GONE
from collector.purposes import hash_of, wordings_of
from collector.rules import consents_for, purposes_agreed
from collector.selectors import (
    covering_consent,
    current_consent_text,
    latest_consent,
    require_covering,
    standing_purposes,
)
from collector.services.originals import keep_or_drop_originals


@dataclass(frozen=True)
class Shown:
    """The words in which purposes were asked for, and their language."""

    language: str
    wordings: dict[str, str]

    @classmethod
    def here(cls, purposes: Collection[str], sha256: str = "") -> Shown:
        """What a page in the language of this request shows.

        ConsentTextChanged when ``sha256`` says that the page showed something else.
        """
        wordings = wordings_of(purposes)
        if sha256 and sha256 != hash_of(wordings):
            raise ConsentTextChanged
        return cls(get_language() or "", wordings)


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
    wordings_sha256: str = "",
) -> tuple[ConsentEvent, bool]:
    """The consent to the campaign's current text, and whether it is new.

    The speaker says which version they read, by its hash: agreeing to a text that has changed
    since is refused (ConsentTextChanged), and so is a child on its own (NotAdult). The ledger
    says whether an adult agreed for themselves or a guardian for a child, and which purposes they
    opted into besides the base, which the consent as such agrees to (PurposeNotOffered). It holds
    for the clips from now on: those before stay as they were agreed to.
    """
    by = consents_for(adult=adult, guardian=guardian)
    text = current_consent_text(campaign)
    if (text.version, text.sha256) != (version, sha256):
        raise ConsentTextChanged
    shown = Shown.here(text.purposes, wordings_sha256)
    agreed = purposes_agreed(text.purposes, purposes)
    participation, _ = Participation.objects.get_or_create(speaker=speaker, campaign=campaign)
    _lock(participation)
    covering = covering_consent(participation)
    if covering is not None:
        standing = standing_purposes(covering)
        if standing >= set(agreed) and covering.by == by:
            return covering, False
        agreed = purposes_agreed(text.purposes, {*agreed, *standing})
    return _append(participation, text, by, agreed, shown), True


@transaction.atomic
def opt_in(
    participation: Participation,
    purposes: Collection[str],
    *,
    wordings_sha256: str = "",
    include_earlier: bool = False,
) -> ConsentEvent:
    """Agree to more, for the clips from now on and, if they say so, for those before.

    A clip before keeps its own text and gains these purposes alone, under a new event for each
    consent that covers any. What was agreed to already adds no line. Raises ConsentMissing,
    ConsentOutdated or ConsentLapsed where there is nothing to add to, and PurposeNotOffered.
    """
    _lock(participation)
    covering = require_covering(participation)
    shown = Shown.here(covering.text.purposes, wordings_sha256)
    more = purposes_agreed(covering.text.purposes, purposes)
    standing = standing_purposes(covering)
    together = purposes_agreed(covering.text.purposes, {*more, *standing})
    # What was said of earlier clips may be of an older text: today's has to be the last line.
    has_widened = include_earlier and _widen_earlier(participation, more, shown)
    if standing >= set(together) and not has_widened:
        return covering
    return _append(participation, covering.text, covering.by, together, shown)


def _widen_earlier(participation: Participation, more: list[str], shown: Shown) -> bool:
    """Whether there was any consent to widen."""
    clips = Clip.objects.filter(participation=participation).exclude(status__in=GONE)
    covering = ConsentEvent.objects.filter(pk__in=clips.values("consent")).select_related("text")
    has_widened = False
    for earlier in covering:
        standing = standing_purposes(earlier)
        if Purpose.RESEARCH_RELEASE not in standing or standing >= set(more):
            continue
        widened = _append(participation, earlier.text, earlier.by, [*standing, *more], shown)
        clips.filter(consent=earlier).update(consent=widened)
        has_widened = True
    keep_or_drop_originals(participation)
    return has_widened


@transaction.atomic
def withdraw_purposes(
    participation: Participation, purposes: Collection[str]
) -> ConsentEvent | None:
    """Agree to less, for every clip from this moment on; None when nothing of it stood.

    Without the base nothing stands, so all goes with it. What follows for releases is the upper
    stages' part: call ``corpus.services.take_back_purposes``.
    """
    _lock(participation)
    latest = latest_consent(participation)
    if latest is None:
        return None
    wanted = set(Purpose.values) if Purpose.RESEARCH_RELEASE in purposes else set(purposes)
    gone = [str(each) for each in Purpose if each in wanted & _standing_anywhere(participation)]
    if not gone:
        return None
    event = ConsentEvent.objects.create(
        participation=participation,
        kind=ConsentKind.WITHDRAWN,
        by=latest.by,
        text=latest.text,
        purposes=gone,
        language=get_language() or "",
        wordings=wordings_of(gone),
    )
    announce(EventKind.CONSENT_WITHDRAWN, consent=str(event.pk), purposes=gone)
    keep_or_drop_originals(participation)
    return event


def _standing_anywhere(participation: Participation) -> set[str]:
    events = participation.consent_events.exclude(kind=ConsentKind.WITHDRAWN)
    return {str(purpose) for event in events for purpose in standing_purposes(event)}


def _lock(participation: Participation) -> None:
    Participation.objects.select_for_update(no_key=True).get(pk=participation.pk)


def _append(
    participation: Participation,
    text: ConsentText,
    by: str | ConsentBy,
    purposes: Collection[str],
    shown: Shown,
) -> ConsentEvent:
    renewed = participation.consent_events.exists()
    event = ConsentEvent.objects.create(
        participation=participation,
        kind=ConsentKind.RENEWED if renewed else ConsentKind.GIVEN,
        by=by,
        text=text,
        purposes=[str(each) for each in Purpose if each in purposes],
        language=shown.language,
        wordings=shown.wordings,
    )
    announce(
        EventKind.CONSENT_GIVEN,
        consent=str(event.pk),
        text_sha256=text.sha256,
        purposes=event.purposes,
    )
    return event
