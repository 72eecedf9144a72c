"""What somebody agreed to, campaign by campaign: reads for the page and the API."""

from __future__ import annotations

from dataclasses import dataclass

from collector.access import Actor, own_participations
from collector.changes import Change, changes_between
from collector.models import (
    Campaign,
    Clip,
    ConsentEvent,
    ConsentKind,
    ConsentText,
    Participation,
    Purpose,
    Speaker,
)
from collector.models.clip import GONE
from collector.models.consent import BASE_PURPOSE
from collector.purposes import WORDINGS, hash_of, wordings_of
from collector.selectors import (
    current_consent_text,
    has_lapsed,
    latest_consent,
    participation_of,
    standing_purposes,
    with_purpose,
)


@dataclass(frozen=True)
class Switch:
    """One optional purpose: whether new clips have it, and how many earlier ones."""

    purpose: Purpose
    wording: str
    is_on: bool
    num_clips: int


@dataclass(frozen=True)
class Agreement:
    """What a speaker agreed to in a campaign, as it stands."""

    participation: Participation
    text: ConsentText
    consent: ConsentEvent | None
    num_clips: int
    switches: list[Switch]
    events: list[ConsentEvent]
    is_outdated: bool
    has_lapsed: bool

    @property
    def wordings_sha256(self) -> str:
        """Of what the text offers, in the words of this moment."""
        return hash_of(wordings_of(self.text.purposes))

    @property
    def may_change(self) -> bool:
        """Whether there is a consent to today's text that more could be added to."""
        return self.consent is not None and not (self.is_outdated or self.has_lapsed)


def agreements(actor: Actor) -> list[Agreement]:
    """All that the actor agreed to, the latest campaign first."""
    parts = own_participations(actor).filter(consent_events__isnull=False).distinct()
    return [agreement_of(part) for part in parts.select_related("campaign").order_by("-joined_at")]


def agreement_of(participation: Participation) -> Agreement:
    """What the speaker agreed to in this campaign."""
    events = list(participation.consent_events.select_related("text").order_by("-at"))
    consent = latest_consent(participation)
    text = consent.text if consent else events[0].text
    clips = Clip.objects.filter(participation=participation).exclude(status__in=GONE)
    standing = standing_purposes(consent) if consent else set()
    asked = {*text.purposes, *(p for event in events for p in event.purposes)}
    return Agreement(
        participation=participation,
        text=text,
        consent=consent,
        num_clips=clips.count(),
        switches=[
            Switch(each, str(WORDINGS[each]), each in standing, with_purpose(clips, each).count())
            for each in Purpose
            if each != BASE_PURPOSE and each in asked
        ],
        events=events,
        is_outdated=text.pk != current_consent_text(participation.campaign).pk,
        has_lapsed=consent is not None and has_lapsed(consent),
    )


@dataclass(frozen=True)
class Question:
    """What a campaign asks somebody today, in the language of the moment."""

    text: ConsentText
    wordings: dict[str, str]
    wordings_sha256: str
    #: Empty where nothing was agreed to before, or nothing has changed since.
    changes: list[Change]


def question_of(speaker: Speaker | None, campaign: Campaign) -> Question:
    """The text and the purposes to agree to, and what is new in it for this speaker."""
    text = current_consent_text(campaign)
    wordings = wordings_of(text.purposes)
    before = _agreed_before(speaker, campaign)
    changed = before is not None and before.pk != text.pk
    return Question(
        text=text,
        wordings=wordings,
        wordings_sha256=hash_of(wordings),
        changes=changes_between(before.body, text.body) if before and changed else [],
    )


def _agreed_before(speaker: Speaker | None, campaign: Campaign) -> ConsentText | None:
    participation = participation_of(speaker, campaign)
    if participation is None:
        return None
    given = participation.consent_events.exclude(kind=ConsentKind.WITHDRAWN)
    latest = given.order_by("-at").select_related("text").first()
    return latest.text if latest else None
