"""A campaign's life: its prompts, the text that speakers agree to, and its end."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from django.db import transaction
from django.db.models import Max

from collector.access import Actor, require_answerable
from collector.events import announce
from collector.models import (
    Campaign,
    CampaignStatus,
    ConsentText,
    EventKind,
    Prompt,
    PromptKind,
    Purpose,
    Role,
    Topic,
)
from collector.rules import normalised_text, purposes_agreed
from collector.services.tallies import offer_prompts


def add_prompt(
    campaign: Campaign,
    kind: PromptKind,
    text: str,
    seconds: float | None = None,
    topic: Topic | None = None,
) -> Prompt:
    """The prompt with this text, added and offered when the campaign has none yet."""
    return add_prompts(campaign, kind, [text], seconds, topic)[0]


@transaction.atomic
def add_prompts(
    campaign: Campaign,
    kind: PromptKind,
    texts: Iterable[str],
    seconds: float | None = None,
    topic: Topic | None = None,
) -> list[Prompt]:
    """Several prompts of one kind, in order."""
    defaults = {"seconds": seconds, "topic": topic}
    made = [
        Prompt.objects.get_or_create(
            campaign=campaign, kind=kind, text=normalised_text(text), defaults=defaults
        )
        for text in texts
    ]
    offer_prompts([prompt for prompt, is_new in made if is_new])
    return [prompt for prompt, _ in made]


@transaction.atomic
def close_campaign(actor: Actor, campaign: Campaign) -> bool:
    """Take no more recordings; False when it takes none already. RoleMissing but for a curator.

    What was lent stays its speakers': they see it, change what it may be used for, and take it
    back as before. What was lent is still judged, so that nobody spoke for nothing.
    """
    by = require_answerable(actor, campaign, Role.CURATOR)
    return move_campaign(campaign, CampaignStatus.OPEN, CampaignStatus.CLOSED, by)


@transaction.atomic
def reopen_campaign(actor: Actor, campaign: Campaign) -> bool:
    """Take recordings again; False when it is not closed. RoleMissing but for a curator."""
    by = require_answerable(actor, campaign, Role.CURATOR)
    return move_campaign(campaign, CampaignStatus.CLOSED, CampaignStatus.OPEN, by)


_MOVES: Final = {
    (CampaignStatus.DRAFT, CampaignStatus.OPEN): EventKind.CAMPAIGN_OPENED,
    (CampaignStatus.OPEN, CampaignStatus.CLOSED): EventKind.CAMPAIGN_CLOSED,
    (CampaignStatus.CLOSED, CampaignStatus.OPEN): EventKind.CAMPAIGN_REOPENED,
}


def move_campaign(
    campaign: Campaign, source: CampaignStatus, target: CampaignStatus, by: int | str
) -> bool:
    """From one state to the next, and the journal says who did it; False when it was elsewhere."""
    moved = Campaign.objects.filter(pk=campaign.pk, status=source).update(status=target)
    if moved:
        announce(_MOVES[source, target], campaign=campaign.slug, by=by)
    return moved == 1


@transaction.atomic
def publish_consent_text(
    actor: Actor,
    campaign: Campaign,
    body: str,
    purposes: Collection[str] = tuple(Purpose.values),
) -> ConsentText:
    """The next version of the text; the same text again stays the version that it is.

    ``purposes`` are what it asks about; the base always is. Other purposes, another version: those
    who agreed are asked again. RoleMissing but for a curator.
    """
    by = require_answerable(actor, campaign, Role.CURATOR)
    asked = purposes_agreed(Purpose.values, purposes)
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    texts = ConsentText.objects.filter(campaign=campaign, language=campaign.language)
    latest = texts.order_by("-version").first()
    sha256 = ConsentText.hash_of(body)
    if latest is not None and (latest.sha256, latest.purposes) == (sha256, asked):
        return latest
    version = (texts.aggregate(newest=Max("version"))["newest"] or 0) + 1
    text = ConsentText.objects.create(
        campaign=campaign,
        version=version,
        language=campaign.language,
        body=body,
        purposes=asked,
        sha256=sha256,
    )
    announce(
        EventKind.CONSENT_TEXT_PUBLISHED,
        campaign=campaign.slug,
        version=version,
        sha256=sha256,
        by=by,
    )
    return text
