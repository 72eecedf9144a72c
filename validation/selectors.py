"""Reads of the validation."""

from __future__ import annotations

from django.db.models import QuerySet

from collector.models import Campaign, Clip, ClipStatus, Prompt, PromptKind
from validation.models import CaseStatus, PreScore, ReviewCase


def competing_keywords(prompt: Prompt) -> list[str]:
    """The other keywords of the prompt's campaign: what else the speaker may have said."""
    if prompt.kind != PromptKind.KEYWORD:
        return []
    others = Prompt.objects.filter(campaign=prompt.campaign_id, kind=PromptKind.KEYWORD)
    return list(others.exclude(pk=prompt.pk).order_by("text").values_list("text", flat=True))


def latest_pre_score(clip: Clip) -> PreScore | None:
    """The newest score of a clip."""
    return clip.pre_scores.order_by("-at").first()


def accepted_clips(campaign: Campaign) -> QuerySet[Clip]:
    """The clips of a campaign that people accepted and that their speakers still lend."""
    return Clip.objects.filter(
        participation__campaign=campaign,
        status=ClipStatus.TRANSCODED,
        review_case__status=CaseStatus.ACCEPTED,
    )


def num_waiting(campaign: Campaign) -> int:
    """How many clips of a campaign wait for people."""
    cases = ReviewCase.objects.filter(status=CaseStatus.OPEN)
    return cases.filter(clip__participation__campaign=campaign).count()
