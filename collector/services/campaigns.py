"""Setting up a campaign: its prompts, and the text that speakers agree to."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max

from collector.models import Campaign, ConsentText, Prompt, PromptKind, Topic
from collector.rules import normalised_text
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
def publish_consent_text(campaign: Campaign, body: str) -> ConsentText:
    """The next version of the text; the same text again stays the version that it is."""
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    texts = ConsentText.objects.filter(campaign=campaign, language=campaign.language)
    latest = texts.order_by("-version").first()
    sha256 = ConsentText.hash_of(body)
    if latest is not None and latest.sha256 == sha256:
        return latest
    version = (texts.aggregate(newest=Max("version"))["newest"] or 0) + 1
    return ConsentText.objects.create(
        campaign=campaign, version=version, language=campaign.language, body=body, sha256=sha256
    )
