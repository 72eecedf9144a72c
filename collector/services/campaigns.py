"""Setting up a campaign: its prompts, and the text that speakers agree to."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max

from collector.models import Campaign, ConsentText, Prompt, PromptKind
from collector.rules import normalised_text


def add_prompt(
    campaign: Campaign, kind: PromptKind, text: str, seconds: float | None = None
) -> Prompt:
    """The prompt with this text, added when the campaign has none yet."""
    prompt, _ = Prompt.objects.get_or_create(
        campaign=campaign, kind=kind, text=normalised_text(text), defaults={"seconds": seconds}
    )
    return prompt


def add_prompts(campaign: Campaign, kind: PromptKind, texts: Iterable[str]) -> list[Prompt]:
    """Several prompts of one kind, in order."""
    return [add_prompt(campaign, kind, text) for text in texts]


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
