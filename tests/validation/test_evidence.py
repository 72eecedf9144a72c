"""The default policy in the database: decided, measured, redone, and set apart."""

from __future__ import annotations

import json
import uuid
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError

from collector.access import Actor
from collector.models import Campaign, Clip, Event, EventKind
from tests.people import Person
from tests.pipeline import judge, next_case, next_cases, process, vote
from validation.models import (
    CaseStatus,
    Decision,
    GoldVote,
    PreScore,
    Review,
    ReviewCase,
    ReviewerStanding,
    ReviewPolicy,
)
from validation.selectors import accepted_clips, hard_cases
from validation.services import (
    estimate_standings,
    measured_drift,
    redecide,
    score_case,
    set_policy,
    watch_drift,
)


@pytest.fixture
def evidence(campaign: Campaign) -> ReviewPolicy:
    """The defaults, with nothing blind and no gold unless a test says so."""
    ReviewPolicy.objects.all().delete()
    return ReviewPolicy.objects.create(campaign=campaign, blind_share=0, gold_share=0)


def matched(clip: Clip, match: float) -> ReviewCase:
    """The clip's case as if the machine had given it this match."""
    PreScore.objects.filter(clip=clip).update(match=match)
    return ReviewCase.objects.get(clip=clip)


def test_a_campaign_without_a_policy_decides_by_evidence(campaign: Campaign):
    ReviewPolicy.objects.all().delete()
    assert ReviewPolicy.of(campaign.pk).name == "evidence"


def test_one_person_is_enough_where_the_machine_agrees(
    evidence: ReviewPolicy, speaker: Person, reviewer: Person, campaign: Campaign
):
    matched(process(speaker.lend(campaign, "yes")), 0.99)
    assert judge(reviewer, campaign, "accept").status == CaseStatus.ACCEPTED
    assert Decision.objects.get().inputs["match"] == 0.99


def test_nothing_is_accepted_that_nobody_has_heard(
    evidence: ReviewPolicy, speaker: Person, campaign: Campaign
):
    case = matched(process(speaker.lend(campaign, "yes")), 0.9999)
    assert redecide(campaign) == 0
    ReviewPolicy.objects.update(needs_person_to_accept=False)
    assert redecide(campaign) == 1
    case.refresh_from_db()
    assert case.status == CaseStatus.ACCEPTED


def test_the_machine_alone_sets_aside_what_is_plainly_wrong(
    evidence: ReviewPolicy, speaker: Person, reviewer: Person, curator: Person, campaign: Campaign
):
    case = matched(process(speaker.lend(campaign, "yes")), 0.0005)
    assert redecide(campaign) == 1
    case.refresh_from_db()
    assert case.status == CaseStatus.SET_ASIDE
    assert next_cases(reviewer, campaign) == []
    assert speaker.get(f"clips/{case.clip_id}").json()["state"] == "set_aside"  # type: ignore
    # A curator may ask people all the same, and the machine does not overrule that.
    curator.post(f"reviews/{case.pk}/reopen", {})
    assert redecide(campaign) == 0
    assert next_case(reviewer, campaign)["id"] == str(case.pk)


def test_an_empty_recording_is_set_aside_when_it_is_scored(
    evidence: ReviewPolicy, speaker: Person, campaign: Campaign
):
    clip = process(speaker.lend(campaign, "yes"))
    case = ReviewCase.objects.get(clip=clip)
    other = campaign.prompts.get(text="help")
    Clip.objects.filter(pk=clip.pk).update(prompt=other)
    ReviewPolicy.objects.update(error_bound=0.4, set_aside_bound=0.4)
    ReviewCase.objects.update(status=CaseStatus.SCORING)
    assert score_case(case.pk)
    case.refresh_from_db()
    assert case.status == CaseStatus.SET_ASIDE


def test_people_who_cannot_agree_go_to_the_curator(
    evidence: ReviewPolicy,
    speaker: Person,
    reviewer: Person,
    second_reviewer: Person,
    curator: Person,
    campaign: Campaign,
):
    ReviewPolicy.objects.update(max_votes=2)
    matched(process(speaker.lend(campaign, "yes")), 0.5)
    judge(reviewer, campaign, "accept")
    case = judge(second_reviewer, campaign, "reject")
    assert case.status == CaseStatus.ADJUDICATE
    listed = curator.get(f"campaigns/{campaign.slug}/review/cases?list=waiting").json()  # type: ignore
    assert [each["id"] for each in listed] == [str(case.pk)]
    curator.post(f"reviews/{case.pk}/decision", {"status": "rejected"})
    assert redecide(campaign) == 0, "a curator's own decision stands"


def test_another_policy_moves_what_was_decided_once_and_says_so(
    evidence: ReviewPolicy, speaker: Person, reviewer: Person, curator: Person, campaign: Campaign
):
    matched(process(speaker.lend(campaign, "yes")), 0.99)
    case = judge(reviewer, campaign, "accept")
    path = f"/api/v1/campaigns/{campaign.slug}/review/policy"
    strict = {"name": "two-votes", "guidelines": "Twice."}
    changed = curator.client.patch(path, strict, "application/json")
    assert changed.status_code == 200 and changed.json()["guidelines"] == "Twice."
    out = StringIO()
    call_command("redecide", "--campaign", campaign.slug, stdout=out)
    assert out.getvalue() == "1 cases moved.\n"
    case.refresh_from_db()
    assert case.status == CaseStatus.OPEN
    assert Event.objects.filter(kind=EventKind.CASE_REOPENED, clip_id=case.clip_id).count() == 1
    assert redecide(campaign) == 0
    assert [d.status for d in Decision.objects.order_by("id")] == ["accepted", "open"]


@pytest.mark.parametrize(
    "change",
    [{"error_bound": 0.6}, {"set_aside_bound": 0.3}, {"max_votes": 1}, {"tags": ["purple"]},
     {"questions": [{"code": "one", "label": "One?", "options": []}]}, {"gold_share": 2}],
)  # fmt: skip
def test_a_policy_that_cannot_work_is_refused(
    change: dict[str, object], evidence: ReviewPolicy, curator: Person, campaign: Campaign
):
    path = f"/api/v1/campaigns/{campaign.slug}/review/policy"
    refused = curator.client.patch(path, change, "application/json")
    assert refused.status_code in (400, 422), refused.content
    assert ReviewPolicy.objects.get().error_bound == evidence.error_bound


def test_the_database_refuses_it_too(evidence: ReviewPolicy):
    with pytest.raises(IntegrityError, match="policy_error_bound_range"):
        ReviewPolicy.objects.update(error_bound=0.7)


def test_what_measures_the_machine_is_shown_and_decided_without_it(
    evidence: ReviewPolicy, speaker: Person, reviewer: Person, campaign: Campaign
):
    ReviewPolicy.objects.update(blind_share=1.0, error_bound=0.4)
    matched(process(speaker.lend(campaign, "yes")), 0.99)
    assert ReviewCase.objects.get().is_blind
    ReviewPolicy.objects.update(error_bound=0.02)
    case = next_case(reviewer, campaign)
    assert case["machine"] is None and case["proposed_tags"] == []
    assert vote(reviewer, case["id"], "reject").status_code == 201
    assert ReviewCase.objects.get().status == CaseStatus.OPEN
    assert Decision.objects.count() == 0


def blind_cases(clip: Clip, num: int, num_right: int, match: float) -> None:
    """Copies of a scored clip, judged blind."""
    case, score = ReviewCase.objects.get(clip=clip), PreScore.objects.get(clip=clip)
    for n in range(num):
        clip.pk = clip.id = uuid.uuid4()
        clip.save(force_insert=True)
        case.pk, case.clip, case.is_blind = uuid.uuid4(), clip, True
        case.status = CaseStatus.ACCEPTED if n < num_right else CaseStatus.REJECTED
        case.save(force_insert=True)
        score.pk, score.clip, score.match = None, clip, match
        score.save(force_insert=True)


def test_a_machine_that_drifts_is_trusted_no_more_and_says_so(
    evidence: ReviewPolicy, speaker: Person, curator: Person, campaign: Campaign
):
    clip = process(speaker.lend(campaign, "yes"))
    blind_cases(clip, 40, 40, 0.99)
    assert not watch_drift(campaign)
    blind_cases(clip, 40, 10, 0.99)
    assert watch_drift(campaign) and not watch_drift(campaign)
    policy = ReviewPolicy.objects.get()
    assert not policy.trusts_machine and policy.distrust[0]["num_clips"] == 80
    assert Event.objects.filter(kind=EventKind.MACHINE_DISTRUSTED).count() == 1
    # Trusted again, it is measured anew.
    set_policy(Actor(user=curator.user), campaign, trusts_machine=True)
    assert measured_drift(campaign) == [] and not watch_drift(campaign)


def test_training_comes_first_and_answers(
    evidence: ReviewPolicy, speaker: Person, reviewer: Person, curator: Person, campaign: Campaign
):
    cases = [
        ReviewCase.objects.get(clip=process(speaker.lend(campaign, text)))
        for text in ("yes", "no", "go")
    ]
    for case in cases[:2]:
        body = {"is_right": False, "is_training": True, "explanation": "Hear the end."}
        path = f"/api/v1/reviews/{case.pk}/gold"
        assert curator.client.put(path, body, "application/json").status_code == 204
    assert reviewer.client.put(path, body, "application/json").status_code == 403
    given = next_cases(reviewer, campaign, 3)
    assert [each["id"] for each in given] == [str(case.pk) for case in cases[:2]]
    assert all(each["is_training"] for each in given)
    assert reviewer.client.get(given[0]["clip"]["audio_url"]).status_code == 200
    wrong = json.loads(vote(reviewer, given[0]["id"], "accept").content)
    assert wrong["feedback"] == {"right": False, "explanation": "Hear the end."}
    right = json.loads(vote(reviewer, given[1]["id"], "reject").content)
    assert right["feedback"]["right"] is True
    answer = reviewer.post(f"campaigns/{campaign.slug}/review/next").json()  # type: ignore
    assert answer["session"]["training"] == {"done": 2, "of": 2}
    assert answer["cases"][0]["id"] == str(cases[2].pk)
    assert not Review.objects.exists(), "training decides nothing"


def test_gold_clips_are_mixed_in_unmarked_and_rate_who_judges_them(
    evidence: ReviewPolicy, speaker: Person, reviewer: Person, curator: Person, campaign: Campaign
):
    ReviewPolicy.objects.update(gold_share=1.0)
    gold = ReviewCase.objects.get(clip=process(speaker.lend(campaign, "yes")))
    body = {"is_right": False}
    curator.client.put(f"/api/v1/reviews/{gold.pk}/gold", body, "application/json")
    case = next_case(reviewer, campaign)
    assert case["id"] == str(gold.pk) and case["is_training"] is False and case["lease_until"]
    said = json.loads(vote(reviewer, case["id"], "accept").content)
    assert (said["status"], said["feedback"]) == ("open", None)
    assert next_cases(reviewer, campaign) == []
    assert GoldVote.objects.get().verdict == "accept"
    gold.refresh_from_db()
    assert gold.status == CaseStatus.REJECTED
    assert estimate_standings(campaign) == 1
    standing = ReviewerStanding.objects.get()
    assert standing.num_gold == 1 and standing.specificity is not None
    assert standing.specificity < 0.8, "less than is assumed of a stranger"


def test_a_reviewer_set_apart_decides_nothing_until_they_are_released(
    evidence: ReviewPolicy,
    speaker: Person,
    reviewer: Person,
    second_reviewer: Person,
    curator: Person,
    campaign: Campaign,
):
    case = matched(process(speaker.lend(campaign, "yes")), 0.99)
    judge(reviewer, campaign, "accept")
    assert reviewer.user is not None
    path = f"campaigns/{campaign.slug}/reviewers/{reviewer.user.pk}/quarantine"
    assert second_reviewer.post(path).status_code == 403
    assert json.loads(curator.post(path).content) == {"cases": 1}
    assert json.loads(curator.post(path).content) == {"cases": 0}
    case.refresh_from_db()
    assert case.status == CaseStatus.OPEN
    paused = reviewer.post(f"campaigns/{campaign.slug}/review/next")
    assert (paused.status_code, json.loads(paused.content)["code"]) == (403, "set_apart")
    assert next_case(second_reviewer, campaign)["id"] == str(case.pk)
    ReviewCase.objects.update(leased_by=None, leased_until=None)
    assert curator.client.delete(f"/api/v1/{path}").json() == {"cases": 1}
    case.refresh_from_db()
    assert case.status == CaseStatus.ACCEPTED


def test_a_speaker_set_apart_is_in_no_queue_and_no_release(
    evidence: ReviewPolicy, speaker: Person, reviewer: Person, curator: Person, campaign: Campaign
):
    matched(process(speaker.lend(campaign, "yes")), 0.99)
    judge(reviewer, campaign, "accept")
    process(speaker.lend(campaign, "no"))
    name = speaker.speaker.participations.get().pseudonym
    path = f"campaigns/{campaign.slug}/voices/{name}/quarantine"
    assert json.loads(curator.post(path, {"note": "A machine."}).content) == {"cases": 2}
    assert next_cases(reviewer, campaign) == []
    assert accepted_clips(campaign).count() == 0
    assert curator.client.delete(f"/api/v1/{path}").json() == {"cases": 2}
    assert accepted_clips(campaign).count() == 1


def test_where_people_and_the_machine_disagree_is_a_list(
    evidence: ReviewPolicy, speaker: Person, reviewer: Person, curator: Person, campaign: Campaign
):
    ReviewPolicy.objects.update(name="two-votes")
    for text, match, status in (
        ("yes", 0.03, CaseStatus.ACCEPTED), ("no", 0.99, CaseStatus.REJECTED),
        ("go", 0.99, CaseStatus.ACCEPTED), ("stop", 0.01, CaseStatus.SET_ASIDE),
    ):  # fmt: skip
        case = matched(process(speaker.lend(campaign, text)), match)
        ReviewCase.objects.filter(pk=case.pk).update(status=status)
    assert [case.clip.prompt.text for case in hard_cases(campaign) if case.clip.prompt] == [
        "no",
        "yes",
    ]
    listed = curator.get(f"campaigns/{campaign.slug}/review/cases?list=hard").json()  # type: ignore
    assert [each["clip"]["prompt"]["text"] for each in listed] == ["no", "yes"]


def test_agreement_is_for_all_who_review(
    speaker: Person, reviewer: Person, second_reviewer: Person, campaign: Campaign
):
    process(speaker.lend(campaign, "yes"))
    case = next_case(reviewer, campaign)["id"]
    vote(reviewer, case, "reject", tags=["noise"])
    next_case(second_reviewer, campaign)
    vote(second_reviewer, case, "reject")
    estimate_standings(campaign)
    found = reviewer.get(f"campaigns/{campaign.slug}/review/agreement").json()  # type: ignore
    assert found["campaign"]["percent"] == 100.0
    assert found["tags"]["noise"]["percent"] == 0.0
    assert [each["percent"] for each in found["reviewers"]] == [100.0], "their own figures alone"
