"""The pipeline's steps, run here and now: the same verbs that the worker's tasks call."""

from __future__ import annotations

from collector.models import Campaign, Clip
from collector.services import transcode_clip
from tests.people import Person
from validation.models import ReviewCase
from validation.services import open_case, score_case


def process(clip: Clip) -> Clip:
    """Take a received clip to the reviewers (or to where it is refused)."""
    transcode_clip(clip.pk)
    case = open_case(clip.pk)
    if case is not None:
        score_case(case.pk)
    return Clip.objects.get(pk=clip.pk)


def judge(reviewer: Person, campaign: Campaign, verdict: str) -> ReviewCase:
    """Take the next clip and vote on it."""
    response = reviewer.post(f"campaigns/{campaign.slug}/review/next")
    assert response.status_code == 200, response.content
    case_id = response.json()["id"]  # type: ignore[attr-defined]
    voted = reviewer.post(f"reviews/{case_id}/votes", {"verdict": verdict})
    assert voted.status_code == 201, voted.content
    return ReviewCase.objects.get(pk=case_id)


def accepted(speaker: Person, campaign: Campaign, text: str, reviewers: tuple[Person, ...]) -> Clip:
    """A clip of this text, lent, processed and accepted by all the reviewers."""
    clip = process(speaker.lend(campaign, text))
    for reviewer in reviewers:
        judge(reviewer, campaign, "accept")
    return clip
