"""Reviewing, through the API: who gets which clip, and what a vote does."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.utils import timezone

from collector.access import Actor
from collector.models import Campaign, Event, EventKind, Membership, Role
from corpus.services import withdraw
from tests.people import Person
from tests.pipeline import judge, next_case, next_cases, process, vote
from validation.models import CaseStatus, Review, ReviewCase


def test_two_agreeing_votes_accept(
    speaker: Person, reviewer: Person, second_reviewer: Person, campaign: Campaign
):
    clip = process(speaker.lend(campaign, "yes"))
    assert judge(reviewer, campaign, "accept").status == CaseStatus.OPEN
    assert judge(second_reviewer, campaign, "accept").status == CaseStatus.ACCEPTED
    assert speaker.get(f"clips/{clip.pk}").json()["state"] == "accepted"
    assert Event.objects.filter(clip_id=clip.pk, kind=EventKind.CASE_DECIDED).count() == 1


def test_the_reviewer_sees_prompt_score_and_model_and_hears_the_clip(
    speaker: Person, reviewer: Person, campaign: Campaign
):
    process(speaker.lend(campaign, "yes"))
    shown = next_case(reviewer, campaign)
    assert shown["clip"]["prompt"]["text"] == "yes"
    assert 0.5 < shown["machine"]["match"] <= 1.0
    assert shown["machine"]["model"] == "moonshine-tiny-en"
    audio = reviewer.client.get(shown["clip"]["audio_url"])
    assert audio["Content-Type"] == "audio/flac"
    assert audio.content.startswith(b"fLaC")
    part = reviewer.client.get(shown["clip"]["audio_url"], headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"fLaC")


def test_nobody_is_given_their_own_voice(speaker: Person, reviewer: Person, campaign: Campaign):
    process(speaker.lend(campaign, "yes"))
    Membership.objects.create(user=reviewer.user, campaign=campaign, role=Role.CURATOR)
    mine = speaker.speaker
    mine.user = reviewer.user
    mine.save()
    assert next_cases(reviewer, campaign) == []
    case = ReviewCase.objects.get()
    response = vote(reviewer, str(case.pk), "accept")
    assert (response.status_code, response.json()["code"]) == (403, "own_clip")
    assert not Review.objects.exists()


def test_a_leased_clip_is_nobody_elses(
    speaker: Person, reviewer: Person, second_reviewer: Person, campaign: Campaign
):
    process(speaker.lend(campaign, "yes"))
    first = next_case(reviewer, campaign)
    assert next_cases(second_reviewer, campaign) == []
    ReviewCase.objects.update(leased_until=timezone.now() - timedelta(minutes=10))
    assert next_cases(second_reviewer, campaign)
    late = vote(reviewer, first["id"], "accept")
    assert (late.status_code, late.json()["code"]) == (409, "lease_lost")
    assert not Review.objects.exists()


def test_the_same_vote_twice_is_harmless_and_another_is_refused(
    speaker: Person, reviewer: Person, campaign: Campaign
):
    process(speaker.lend(campaign, "yes"))
    case = judge(reviewer, campaign, "accept")
    again = vote(reviewer, str(case.pk), "accept")
    assert (again.status_code, again.json()["status"]) == (200, "open")
    assert case.reviews.count() == 1
    other = vote(reviewer, str(case.pk), "reject")
    assert (other.status_code, other.json()["code"]) == (409, "already_voted")
    assert next_cases(reviewer, campaign) == []


def test_without_the_role_there_is_no_review(stranger: Person, researcher: Person, campaign):
    for person in (stranger, researcher):
        response = person.post(f"campaigns/{campaign.slug}/review/next")
        assert (response.status_code, response.json()["code"]) == (403, "role_missing")


def test_an_unknown_case_and_an_unknown_verdict(
    speaker: Person, reviewer: Person, campaign: Campaign
):
    nothing = reviewer.post(f"reviews/{uuid.uuid4()}/votes", {"verdict": "accept"})
    assert nothing.status_code == 404
    process(speaker.lend(campaign, "yes"))
    case = next_case(reviewer, campaign)["id"]
    bad = reviewer.post(f"reviews/{case}/votes", {"verdict": "maybe"})
    assert (bad.status_code, bad.json()["code"]) == (400, "invalid")
    assert "verdict" in bad.json()["errors"]


def test_a_vote_on_a_withdrawn_clip_changes_nothing(
    speaker: Person, reviewer: Person, campaign: Campaign
):
    clip = process(speaker.lend(campaign, "yes"))
    shown = next_case(reviewer, campaign)
    withdraw(Actor(speaker=speaker.speaker), clip.pk)
    assert reviewer.client.get(shown["clip"]["audio_url"]).status_code == 404
    response = vote(reviewer, shown["id"], "accept")
    assert (response.status_code, response.json()["code"]) == (409, "clip_withdrawn")
    assert not Review.objects.exists()
    assert ReviewCase.objects.get().status == CaseStatus.CLOSED
