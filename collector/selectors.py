"""Reads of the collector."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import timedelta
from typing import TypedDict

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from collector.errors import (
    ConsentLapsed,
    ConsentMissing,
    ConsentOutdated,
    ConsentWithdrawn,
    NotFound,
    PromptUnknown,
)
from collector.models import (
    Campaign,
    Clip,
    ConsentBy,
    ConsentEvent,
    ConsentKind,
    ConsentText,
    LegalHold,
    Participation,
    Prompt,
    PromptKind,
    Purpose,
    Speaker,
    StandingPurpose,
)
from collector.models.clip import LIVE
from collector.models.consent import BASE_PURPOSE


def current_consent_text(campaign: Campaign) -> ConsentText:
    """The text that a speaker is asked to agree to today."""
    texts = ConsentText.objects.filter(campaign=campaign, language=campaign.language)
    text = texts.order_by("-version").first()
    if text is None:
        raise NotFound(_("This campaign has no consent text yet. Ask its curator to add one."))
    return text


def latest_consent(participation: Participation) -> ConsentEvent | None:
    """What was agreed to last, if that still stands; perhaps to an older text than today's."""
    given = participation.consent_events.exclude(kind=ConsentKind.WITHDRAWN)
    latest = given.order_by("-at").select_related("text").first()
    return latest if latest and BASE_PURPOSE in standing_purposes(latest) else None


def require_not_withdrawn(participation: Participation) -> ConsentEvent | None:
    """What was agreed to last and stands, None where nobody was asked yet.

    Raises ConsentWithdrawn where something had been agreed to and nothing of it stands.
    """
    latest = latest_consent(participation)
    if latest is None and participation.consent_events.exists():
        raise ConsentWithdrawn
    return latest


def require_covering(participation: Participation) -> ConsentEvent:
    """The consent that covers a new clip: it stands, it is to today's text, and it is no child's
    of long ago. Raises ConsentMissing, ConsentOutdated or ConsentLapsed.
    """
    latest = latest_consent(participation)
    if latest is None:
        raise ConsentMissing
    if latest.text_id != current_consent_text(participation.campaign).pk:
        raise ConsentOutdated
    if has_lapsed(latest):
        raise ConsentLapsed
    return latest


def has_lapsed(consent: ConsentEvent) -> bool:
    """Whether a guardian gave it so long ago that the child may be of age by now."""
    holds = timedelta(days=settings.GUARDIAN_CONSENT_DAYS)
    return consent.by == ConsentBy.GUARDIAN and consent.at < timezone.now() - holds


def covering_consent(participation: Participation) -> ConsentEvent | None:
    """The consent that covers a new clip, or None where the speaker has to be asked."""
    try:
        return require_covering(participation)
    except ConsentMissing:
        return None


def standing_purposes(consent: ConsentEvent) -> set[Purpose]:
    """What was opted into in this event and not taken back since."""
    standing = StandingPurpose.objects.filter(consent_id=consent.pk)
    return {Purpose(purpose) for purpose in standing.values_list("purpose", flat=True)}


def with_purpose(clips: QuerySet[Clip], purpose: Purpose) -> QuerySet[Clip]:
    """Those of the clips that may be used for the purpose now.

    It was opted into in the event that covers the clip, and not taken back since.
    """
    standing = StandingPurpose.objects.filter(consent_id=OuterRef("consent_id"), purpose=purpose)
    return clips.filter(Exists(standing))


def held_among(clip_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the clips that the law wants kept."""
    holds = LegalHold.objects.filter(clip__in=clip_ids, lifted_at=None)
    return set(holds.values_list("clip", flat=True))


def is_held(clip_id: uuid.UUID) -> bool:
    """Whether the law wants the clip kept, and nobody to use it."""
    return bool(held_among([clip_id]))


def participation_of(speaker: Speaker | None, campaign: Campaign) -> Participation | None:
    """The speaker's part in the campaign, if they have joined it."""
    if speaker is None:
        return None
    return speaker.participations.filter(campaign=campaign).first()


def require_consent(speaker: Speaker, campaign: Campaign) -> ConsentEvent:
    """The consent that covers a new clip; see ``require_covering`` for what it raises."""
    participation = participation_of(speaker, campaign)
    if participation is None:
        raise ConsentMissing
    return require_covering(participation)


def room_tone_prompt(campaign: Campaign) -> Prompt | None:
    """The noise prompt that a set's room tone is kept as, where the campaign keeps it."""
    if not campaign.keeps_room_tone:
        return None
    noises = campaign.prompts.filter(kind=PromptKind.NOISE, is_open=True)
    return noises.order_by("id").first()


def has_consented(speaker: Speaker | None, campaign: Campaign) -> bool:
    """Whether the speaker may record without being asked first."""
    participation = participation_of(speaker, campaign)
    return participation is not None and covering_consent(participation) is not None


def prompt_of_take(prompt_id: uuid.UUID | None) -> Prompt:
    """The prompt that a take says; PromptUnknown when there is none such.

    It may be closed or reported by now: who read it out in flight mode keeps their take. Whether
    the campaign takes it, and its speaker has agreed, is for who stores it to ask.
    """
    prompts = Prompt.objects.select_related("campaign")
    prompt = prompts.filter(pk=prompt_id).first() if prompt_id else None
    if prompt is None:
        raise PromptUnknown
    return prompt


def prompt_to_say(campaign: Campaign, prompt_id: uuid.UUID) -> Prompt:
    """A prompt that a speaker asks for by name; PromptUnknown unless it is in circulation.

    Its quota does not matter: who takes a recording back may make it again.
    """
    prompts = Prompt.objects.filter(campaign=campaign, tally__is_offered=True)
    prompt = prompts.filter(pk=prompt_id).first()
    if prompt is None:
        raise PromptUnknown
    return prompt


class Counts(TypedDict):
    """How far a campaign's collecting has come."""

    clips: int
    speakers: int


def collected(campaigns: Collection[Campaign]) -> dict[int, Counts]:
    """Live clips of each campaign, by its id, and the speakers they come from; in one query."""
    clips = Clip.objects.filter(participation__campaign__in=campaigns, status__in=LIVE)
    counted = clips.values_list("participation__campaign").annotate(
        Count("pk"), Count("participation", distinct=True)
    )
    found = {campaign: Counts(clips=n, speakers=m) for campaign, n, m in counted.order_by()}
    return {each.pk: found.get(each.pk, Counts(clips=0, speakers=0)) for each in campaigns}
