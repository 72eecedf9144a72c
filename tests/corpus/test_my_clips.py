"""My clips: found again by what became of them, summed up, and only mine."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collector.access import OPERATOR
from collector.models import Campaign, Clip, ClipStatus, LegalHold
from collector.services import add_prompts, publish_consent_text
from corpus.stories import Shelf, State, on_shelf, shelf_of, state_of
from tests.collector.test_accounts import sign_in
from tests.people import Person
from validation.models import CaseStatus, Review, ReviewCase

MASTER = {"num_samples": 16_000, "master_sha256": "0" * 64}


def made(speaker: Person, campaign: Campaign, status: str, case: str | None = None) -> Clip:
    """A clip in that state (rows only); an erased one is nobody's."""
    participation = speaker.speaker.participations.get(campaign=campaign)
    is_erased = status == ClipStatus.ERASED
    clip = Clip.objects.create(
        participation=None if is_erased else participation,
        prompt=None if is_erased else campaign.prompts.order_by("text").first(),
        consent=None if is_erased else participation.consent_events.get(),
        status=status,
        problem="silent" if status == ClipStatus.UNUSABLE else "",
        original_sha256="0" * 64,
        original_num_bytes=1,
        **(MASTER if status == ClipStatus.TRANSCODED else {}),
    )
    if case is not None:
        ReviewCase.objects.create(clip=clip, status=case)
    return clip


STATES: list[tuple[str, str | None]] = [
    *[(status, None) for status in ClipStatus.values],
    *[(ClipStatus.TRANSCODED.value, case) for case in CaseStatus.values],
]


def test_what_is_reported_waits_and_counts_for_nobody_until_a_curator_has_looked(
    speaker: Person, campaign: Campaign
):
    clip = made(speaker, campaign, ClipStatus.TRANSCODED, CaseStatus.ACCEPTED)
    ReviewCase.objects.filter(clip=clip).update(is_held=True)
    told = listed(speaker, "shelf=waiting")
    assert [(each["id"], each["state"]) for each in told] == [(str(clip.pk), "in_review")]
    assert listed(speaker, "shelf=used") == []
    share = speaker.get("clips/summary").json()["campaigns"][0]  # type: ignore[attr-defined]
    assert (share["mine"], share["mine_used"], share["accepted"]) == (1, 0, 0)


def test_a_speaker_is_told_what_reviewers_noted_and_not_who_they_are(
    speaker: Person, reviewer: Person, campaign: Campaign
):
    clip = made(speaker, campaign, ClipStatus.TRANSCODED, CaseStatus.REJECTED)
    Review.objects.create(
        case=clip.review_case, reviewer=reviewer.user, verdict="reject", tags=["noise", "cut_end"]
    )
    (told,) = listed(speaker)
    assert told["advice"].startswith("Reviewers noted: Noise, Cut off at the end.")
    assert "reviewer@" not in str(told)


def listed(person: Person, query: str = "") -> list[dict[str, Any]]:
    answer = person.get(f"clips?{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_every_state_is_on_the_shelf_that_the_database_finds_it_on(
    speaker: Person, campaign: Campaign
):
    clips = [made(speaker, campaign, *state) for state in STATES]
    for clip, (status, case) in zip(clips, STATES, strict=True):
        shelf = shelf_of(state_of(status, case, in_release=False))
        found = [each for each in Shelf if Clip.objects.filter(on_shelf(each), pk=clip.pk).exists()]
        assert found == [shelf], (status, case)
        theirs = {each["id"] for each in listed(speaker, f"shelf={shelf.value}")}
        assert (str(clip.pk) in theirs) == (status != ClipStatus.ERASED)
    LegalHold.objects.bulk_create(LegalHold(clip=clip, basis="a law") for clip in clips)
    for clip, (status, case) in zip(clips, STATES, strict=True):
        shelf = shelf_of(state_of(status, case, in_release=False, is_held=True))
        found = [each for each in Shelf if Clip.objects.filter(on_shelf(each), pk=clip.pk).exists()]
        assert found == [shelf], (status, case, "under a hold")
    assert {shelf_of(state) for state in State} == set(Shelf)


def test_a_clip_that_was_not_used_says_why_and_what_would_help(speaker: Person, campaign: Campaign):
    made(speaker, campaign, ClipStatus.UNUSABLE)
    made(speaker, campaign, ClipStatus.TRANSCODED, CaseStatus.REJECTED)
    rejected, unusable = listed(speaker, "shelf=not_used")
    assert "microphone is on" in unusable["problem"]
    assert "did not hear the prompt" in rejected["state_label"]
    assert "closer to the microphone" in rejected["advice"]
    assert unusable["advice"] == ""


def test_what_may_be_recorded_again_says_where(speaker: Person, campaign: Campaign):
    clip = made(speaker, campaign, ClipStatus.RECEIVED)
    (told,) = listed(speaker)
    assert told["redo_url"] == f"/c/words/record/?prompt={clip.prompt_id}"
    campaign.prompts.update(is_open=False)
    assert listed(speaker)[0]["redo_url"] is None
    campaign.prompts.update(is_open=True)
    Campaign.objects.update(status="closed")
    assert listed(speaker)[0]["redo_url"] is None


def test_clips_are_sifted_by_campaign_and_by_speaker(campaign: Campaign, db: None):
    other = Campaign.objects.create(
        slug="b", name="B", description="B", language="en", status="open"
    )
    publish_consent_text(OPERATOR, other, "Text of B.")
    add_prompts(other, "keyword", ["up"])
    ann = sign_in(Person(Client()))
    ann.consent(campaign)
    ann.consent(other)
    mine = made(ann, campaign, ClipStatus.RECEIVED)
    in_b = made(ann, other, ClipStatus.RECEIVED)
    grandma = ann.post("speakers", {"label": "Grandma"}).json()["speaker"]["id"]
    ann.post(f"speakers/{grandma}/select")
    ann.consent(campaign)
    hers = made(ann, campaign, ClipStatus.RECEIVED)
    ids = {str(mine.pk): "mine", str(in_b.pk): "b", str(hers.pk): "hers"}

    def found(query: str) -> set[str]:
        return {ids[each["id"]] for each in listed(ann, query)}

    assert found("") == {"mine", "b", "hers"}
    assert found("campaign=words") == {"mine", "hers"}
    assert found(f"speaker={grandma}") == {"hers"}
    assert found(f"speaker={mine.participation.speaker_id}&campaign=b&shelf=waiting") == {"b"}
    assert found(f"speaker={uuid.uuid4()}") == set()
    for query, waiting in (("", 3), (f"speaker={grandma}", 1), ("campaign=words", 2)):
        assert ann.get(f"clips/summary?{query}").json()["shelves"]["waiting"] == waiting
    assert {each["speaker"] for each in listed(ann, f"speaker={grandma}")} == {grandma}


@pytest.mark.parametrize("query", ["shelf=lost", "speaker=me", "ids=1,2", "campaign=a b"])
def test_a_filter_that_makes_no_sense_is_refused(speaker: Person, query: str):
    answer = speaker.get(f"clips?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_nobody_finds_anothers_clips(speaker: Person, campaign: Campaign, stranger: Person):
    clip = made(speaker, campaign, ClipStatus.RECEIVED)
    owner = clip.participation.speaker_id
    for query in ("", f"ids={clip.pk}", f"speaker={owner}", "campaign=words", "shelf=waiting"):
        assert listed(stranger, query) == []
    empty = stranger.get("clips/summary").json()
    assert set(empty["shelves"].values()) == {0}
    assert (empty["days"], empty["campaigns"]) == ({"in_a_row": 0, "last_week": 0}, [])


def test_the_summary_counts_what_is_lent_and_what_was_used(speaker: Person, campaign: Campaign):
    for state in STATES:
        made(speaker, campaign, *state)
    other = Person(Client())
    other.consent(campaign)
    made(other, campaign, ClipStatus.TRANSCODED, CaseStatus.ACCEPTED)
    told = speaker.get("clips/summary").json()
    assert told["shelves"] == {
        "waiting": 5, "used": 1, "not_used": 3, "paused": 0, "taken_back": 2
    }  # fmt: skip
    assert told["campaigns"] == [
        {"slug": "words", "name": "Words", "goal": 1000, "accepted": 2, "mine": 10, "mine_used": 1}
    ]


def test_days_are_counted_in_the_zone_that_the_visitor_names(speaker: Person, campaign: Campaign):
    now = timezone.now()
    for days in (0, 1, 2, 4):
        clip = made(speaker, campaign, ClipStatus.RECEIVED)
        Clip.objects.filter(pk=clip.pk).update(received_at=now - timedelta(days=days))
    gone = made(speaker, campaign, ClipStatus.WITHDRAWN)
    Clip.objects.filter(pk=gone.pk).update(received_at=now - timedelta(days=3))
    for zone in ("", "Asia/Kathmandu", "Mars/Olympus"):
        told = speaker.get(f"clips/summary?time_zone={zone}").json()
        assert told["days"] == {"in_a_row": 3, "last_week": 4}, "what is taken back is not counted"


def test_ten_thousand_clips_are_no_more_queries_than_ten(speaker: Person, campaign: Campaign):
    first = made(speaker, campaign, ClipStatus.TRANSCODED, CaseStatus.OPEN)

    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert speaker.get(path).status_code == 200
        return len(caught)

    paths = ("clips?page=1", "clips?shelf=waiting&page=1", "clips/summary")
    few = [queries(path) for path in paths]
    Clip.objects.bulk_create(
        Clip(
            participation=first.participation,
            prompt=first.prompt,
            consent=first.consent,
            original_sha256="0" * 64,
            original_num_bytes=1,
            status=ClipStatus.TRANSCODED,
            **MASTER,
        )
        for _ in range(9_999)
    )
    cases = [
        ReviewCase(clip=clip, campaign=campaign, status=CaseStatus.OPEN)
        for clip in Clip.objects.exclude(pk=first.pk)
    ]
    ReviewCase.objects.bulk_create(cases)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # within a transaction nobody else does, and the plans need it
    assert [queries(path) for path in paths] == few
    assert max(few) <= 12
    last = speaker.get("clips?page=200").json()
    assert (last["count"], len(last["results"])) == (10_000, 50)
    assert speaker.get("clips?page=201").status_code == 404
