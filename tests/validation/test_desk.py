"""What a reviewer does at the desk, through the API, and what must not be possible."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from collector.access import Actor
from collector.models import Campaign, Clip, Event, EventKind
from corpus.services import withdraw
from tests.people import Person
from tests.pipeline import judge, next_case, next_cases, process, vote
from validation.models import CaseStatus, Decision, PreScore, Review, ReviewCase, ReviewPolicy, Skip
from validation.selectors import accepted_clips, validated_text


def code(response: object) -> tuple[int, str]:
    return response.status_code, json.loads(response.content)["code"]  # type: ignore[attr-defined]


def test_a_reload_brings_the_same_clips_again(
    speaker: Person, reviewer: Person, campaign: Campaign
):
    for text in ("yes", "no", "go", "stop"):
        process(speaker.lend(campaign, text))
    first = [case["id"] for case in next_cases(reviewer, campaign, 3)]
    assert len(set(first)) == 3
    again = [case["id"] for case in next_cases(reviewer, campaign, 3)]
    assert set(again) == set(first)
    vote(reviewer, again[0], "accept")
    third = [case["id"] for case in next_cases(reviewer, campaign, 3)]
    assert set(third) > set(first) - {again[0]} and again[0] not in third


def test_the_answer_has_what_the_desk_needs(speaker: Person, reviewer: Person, campaign: Campaign):
    ReviewPolicy.objects.update(guidelines="Be kind.", questions=["speech", "keyword"])
    clip = process(speaker.lend(campaign, "yes"))
    answer = reviewer.post(f"campaigns/{campaign.slug}/review/next?count=3").json()  # type: ignore
    assert answer["policy"]["name"] == "two-votes"
    assert answer["policy"]["guidelines"] == "Be kind."
    tags = answer["policy"]["tags"]
    assert tags[0] == {
        "code": "noise", "label": "Noise", "key": "1", "kind": "quality", "group": ""
    }  # fmt: skip
    assert [tag["key"] for tag in tags[:10]] == [*"123456789", None]
    assert tags[-1]["group"] == "keyword" and tags[-1]["kind"] == "question"
    assert [question["code"] for question in answer["policy"]["questions"]] == ["speech", "keyword"]
    assert answer["session"] == {"votes_today": 0, "agreement_percent": None, "training": None}
    case = answer["cases"][0]
    assert case["clip"]["id"] == str(clip.pk) and case["clip"]["language"] == "en"
    assert case["is_training"] is False
    for address in ("preview_url", "audio_url", "peaks_url", "spectrogram_url"):
        assert reviewer.client.get(case["clip"][address]).status_code == 200, address


def test_accepting_needs_that_it_was_heard_to_its_end(
    speaker: Person, reviewer: Person, campaign: Campaign
):
    process(speaker.lend(campaign, "yes"))
    case = next_case(reviewer, campaign)["id"]
    assert code(vote(reviewer, case, "accept", played_to_end=False)) == (422, "not_heard")
    assert not Review.objects.exists()
    assert vote(reviewer, case, "reject", played_to_end=False).status_code == 201


def test_tags_are_kept_and_unknown_ones_change_nothing(
    speaker: Person, reviewer: Person, campaign: Campaign
):
    process(speaker.lend(campaign, "yes"))
    case = next_case(reviewer, campaign)["id"]
    unknown = vote(reviewer, case, "reject", tags=["noise", "purple"])
    assert code(unknown) == (422, "tag_unknown")
    assert json.loads(unknown.content)["tags"] == ["purple"]
    assert not Review.objects.exists()
    vote(reviewer, case, "reject", tags=["noise", "hesitation", "noise"], heard_s=0.7)
    kept = Review.objects.get()
    assert (kept.tags, kept.heard_s) == (["hesitation", "noise"], 0.7)


def test_the_machine_s_findings_are_proposed_as_tags(
    speaker: Person, reviewer: Person, campaign: Campaign
):
    clip = process(speaker.lend(campaign, "yes"))
    Clip.objects.filter(pk=clip.pk).update(measurements={**clip.measurements, "snr_db": 3.0})
    assert next_case(reviewer, campaign)["proposed_tags"] == ["noise"]


def test_a_vote_can_be_taken_back_and_the_clip_is_the_reviewer_s_again(
    speaker: Person, reviewer: Person, second_reviewer: Person, campaign: Campaign
):
    process(speaker.lend(campaign, "yes"))
    judge(reviewer, campaign, "accept")
    case = judge(second_reviewer, campaign, "accept")
    assert case.status == CaseStatus.ACCEPTED
    path = f"/api/v1/reviews/{case.pk}/votes"
    back = second_reviewer.client.delete(path)
    assert back.status_code == 200 and back.json()["id"] == str(case.pk)
    case.refresh_from_db()
    assert (case.status, case.leased_by, case.decided_at) == (
        CaseStatus.OPEN, second_reviewer.user, None
    )  # fmt: skip
    assert Event.objects.filter(kind=EventKind.VOTE_TAKEN_BACK).count() == 1
    assert vote(second_reviewer, str(case.pk), "reject").status_code == 201
    # The first one is too late now: somebody else has judged since.
    assert code(reviewer.client.delete(path)) == (409, "too_late")


def test_after_a_minute_a_vote_stands(speaker: Person, reviewer: Person, campaign: Campaign):
    process(speaker.lend(campaign, "yes"))
    case = judge(reviewer, campaign, "accept")
    Review.objects.update(at=timezone.now() - timedelta(seconds=61))
    assert code(reviewer.client.delete(f"/api/v1/reviews/{case.pk}/votes")) == (409, "too_late")
    assert Review.objects.count() == 1


def test_a_skipped_clip_is_not_offered_for_a_day(
    speaker: Person, reviewer: Person, second_reviewer: Person, campaign: Campaign
):
    process(speaker.lend(campaign, "yes"))
    case = next_case(reviewer, campaign)["id"]
    assert reviewer.post(f"reviews/{case}/skip").status_code == 204
    assert next_cases(reviewer, campaign) == []
    assert next_case(second_reviewer, campaign)["id"] == case
    ReviewCase.objects.update(leased_by=None, leased_until=None)
    Skip.objects.update(until=timezone.now() - timedelta(hours=1))
    assert next_case(reviewer, campaign)["id"] == case


def test_a_reported_clip_is_out_of_circulation_until_a_curator_has_looked(
    speaker: Person,
    reviewer: Person,
    second_reviewer: Person,
    curator: Person,
    campaign: Campaign,
):
    process(speaker.lend(campaign, "yes"))
    judge(reviewer, campaign, "accept")
    case = judge(second_reviewer, campaign, "accept")
    assert accepted_clips(campaign).count() == 1
    report = {"reason": "offensive", "note": "Listen."}
    assert reviewer.post(f"reviews/{case.pk}/report", report).status_code == 204
    assert reviewer.post(f"reviews/{case.pk}/report", report).status_code == 204
    assert accepted_clips(campaign).count() == 0
    listed = curator.get(f"campaigns/{campaign.slug}/review/cases?list=waiting").json()  # type: ignore
    assert [each["reports"][0]["note"] for each in listed] == ["Listen."]
    path = f"reviews/{case.pk}/settle"
    assert code(reviewer.post(path, {"outcome": "dismissed"})) == (403, "role_missing")
    assert curator.post(path, {"outcome": "dismissed"}).status_code == 204
    assert accepted_clips(campaign).count() == 1
    assert second_reviewer.post(f"reviews/{case.pk}/report", report).status_code == 204
    assert curator.post(path, {"outcome": "upheld"}).status_code == 204
    case.refresh_from_db()
    assert (case.status, case.is_held) == (CaseStatus.REJECTED, False)
    assert Event.objects.filter(kind=EventKind.CLIP_REPORTED).count() == 2


def test_a_reported_clip_is_offered_to_nobody(
    speaker: Person, reviewer: Person, second_reviewer: Person, campaign: Campaign
):
    process(speaker.lend(campaign, "yes"))
    case = next_case(reviewer, campaign)["id"]
    reviewer.post(f"reviews/{case}/report", {"reason": "private"})
    assert next_cases(second_reviewer, campaign) == next_cases(reviewer, campaign) == []
    assert code(vote(reviewer, case, "accept")) == (409, "case_decided")


def test_two_transcripts_that_agree_decide_a_wrong_reading(
    speaker: Person, reviewer: Person, second_reviewer: Person, campaign: Campaign
):
    clip = process(speaker.lend(campaign, "yes"))
    vote(reviewer, next_case(reviewer, campaign)["id"], "accept", transcript="Yes, please!")
    case = next_case(second_reviewer, campaign)["id"]
    said = json.loads(vote(second_reviewer, case, "accept", transcript="yes please").content)
    assert said["status"] == "accepted"
    assert validated_text(Clip.objects.get(pk=clip.pk)) == "Yes, please!"
    withdraw(Actor(speaker=speaker.speaker), clip.pk)
    assert not Review.objects.exclude(transcript="").exists()
    assert ReviewCase.objects.get().accepted_text == ""


def test_a_clip_without_a_prompt_needs_a_transcript(
    speaker: Person, reviewer: Person, campaign: Campaign
):
    clip = process(speaker.lend(campaign, "yes"))
    Clip.objects.filter(pk=clip.pk).update(prompt=None)
    case = next_case(reviewer, campaign)
    assert case["clip"]["prompt"] is None
    assert code(vote(reviewer, case["id"], "accept")) == (422, "transcript_missing")
    assert vote(reviewer, case["id"], "accept", transcript="yes").status_code == 201


def test_a_curator_decides_and_sends_back(
    speaker: Person,
    reviewer: Person,
    second_reviewer: Person,
    curator: Person,
    campaign: Campaign,
):
    process(speaker.lend(campaign, "yes"))
    case = judge(reviewer, campaign, "reject")
    assert code(reviewer.post(f"reviews/{case.pk}/decision", {"status": "accepted"}))[0] == 403
    decided = curator.post(f"reviews/{case.pk}/decision", {"status": "accepted", "note": "Fine."})
    assert json.loads(decided.content) == {"status": "accepted"}
    assert curator.post(f"reviews/{case.pk}/reopen", {}).status_code == 200
    # The first vote counts no more, and its reviewer is not asked again.
    assert next_cases(reviewer, campaign) == []
    assert judge(second_reviewer, campaign, "reject").status == CaseStatus.OPEN
    assert judge(curator, campaign, "reject").status == CaseStatus.REJECTED


def test_a_decision_keeps_what_it_was_made_from(
    speaker: Person, reviewer: Person, second_reviewer: Person, campaign: Campaign
):
    process(speaker.lend(campaign, "yes"))
    judge(reviewer, campaign, "accept")
    case = judge(second_reviewer, campaign, "accept")
    decision = Decision.objects.get(case=case)
    assert decision.status == CaseStatus.ACCEPTED
    assert decision.right is not None and decision.right > 0.9
    assert decision.inputs["policy"]["name"] == "two-votes"
    assert decision.inputs["match"] == PreScore.objects.get().match
    assert [given["verdict"] for given in decision.inputs["votes"]] == ["accept", "accept"]


@pytest.mark.parametrize("path", ["policy", "cases?list=hard", "cases?list=waiting"])
def test_what_is_the_curator_s_is_nobody_else_s(
    path: str, reviewer: Person, stranger: Person, campaign: Campaign
):
    for person in (reviewer, stranger):
        assert code(person.get(f"campaigns/{campaign.slug}/review/{path}")) == (403, "role_missing")
