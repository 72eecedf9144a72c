"""The pipeline's steps, run here and now: the same verbs that the worker's tasks call."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse

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
    case_id = next_case(reviewer, campaign)["id"]
    voted = vote(reviewer, case_id, verdict)
    assert voted.status_code == 201, voted.content
    return ReviewCase.objects.get(pk=case_id)


def next_cases(reviewer: Person, campaign: Campaign, count: int = 1) -> list[dict[str, Any]]:
    """Take the next clips."""
    response = reviewer.post(f"campaigns/{campaign.slug}/review/next?count={count}")
    assert response.status_code == 200, response.content
    cases: list[dict[str, Any]] = json.loads(response.content)["cases"]
    return cases


def next_case(reviewer: Person, campaign: Campaign) -> dict[str, Any]:
    """Take the next clip."""
    return next_cases(reviewer, campaign)[0]


def vote(reviewer: Person, case_id: str, verdict: str, **said: Any) -> HttpResponse:
    """Vote, as somebody who has heard the clip to its end."""
    return reviewer.post(
        f"reviews/{case_id}/votes", {"verdict": verdict, "played_to_end": True, **said}
    )


def accepted(speaker: Person, campaign: Campaign, text: str, reviewers: tuple[Person, ...]) -> Clip:
    """A clip of this text, lent, processed and accepted by all the reviewers."""
    clip = process(speaker.lend(campaign, text))
    for reviewer in reviewers:
        judge(reviewer, campaign, "accept")
    return clip
