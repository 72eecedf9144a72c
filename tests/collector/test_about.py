"""What speakers say of themselves: optional, kept with each clip, and deleted everywhere."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.test import Client

from collector.models import Campaign, Clip, Event, Speaker, SpeakerSnapshot
from collector.rules import language_tag
from collector.services import erase_clip
from tests.people import Person

ANN = {"age_band": "seventies", "gender": "female_feminine", "first_languages": ["de-at"]}


def put(person: Person, **said: Any) -> Any:
    return person.client.put("/api/v1/speakers/me/about", said, "application/json")


def delete(person: Person) -> Any:
    return person.client.delete("/api/v1/speakers/me/about")


def about(clip: Clip) -> SpeakerSnapshot | None:
    return Clip.objects.select_related("about").get(pk=clip.pk).about


def asked(person: Person) -> bool:
    return person.get("campaigns/words").json()["speaker"]["asked_about_themselves"]


def test_nothing_is_known_and_nothing_is_asked_before_a_speaker_is_there(
    stranger: Person, campaign: Campaign
):
    assert stranger.get("campaigns/words").json()["speaker"] is None
    for answer in (stranger.get("speakers/me/about"), put(stranger), delete(stranger)):
        assert (answer.status_code, answer.json()["code"]) == (403, "speaker_unknown")


def test_a_speaker_is_told_what_may_be_said(speaker: Person):
    told = speaker.get("speakers/me/about").json()
    assert (told["age_band"], told["first_languages"], told["clips"]) == ("", [], 0)
    ages = [choice["value"] for choice in told["choices"]["age_band"]]
    assert ages == [
        "teens", "twenties", "thirties", "fourties", "fifties", "sixties", "seventies",
        "eighties", "nineties",
    ]  # fmt: skip
    genders = {choice["value"] for choice in told["choices"]["gender"]}
    assert genders == {
        "male_masculine", "female_feminine", "transgender", "non-binary", "do_not_wish_to_say",
    }  # fmt: skip


def test_what_is_said_is_kept_with_each_clip_of_its_moment(speaker: Person, campaign: Campaign):
    first_set = speaker.lend(campaign, "yes")
    assert not asked(speaker)
    answer = put(speaker, **ANN, accent="  from   Graz ", environment="quiet_room", device="phone")
    assert answer.status_code == 200
    assert asked(speaker)
    said = answer.json()
    assert (said["first_languages"], said["accent"]) == (["de-AT"], "from Graz")
    assert said["clips"] == 1, "the set before the question was part of the same sitting"
    later = [speaker.lend(campaign, text) for text in ("no", "stop")]
    assert SpeakerSnapshot.objects.count() == 1
    assert {about(clip) for clip in (first_set, *later)} == {SpeakerSnapshot.objects.get()}


def test_another_answer_leaves_earlier_clips_as_they_were(speaker: Person, campaign: Campaign):
    put(speaker, age_band="sixties")
    before = speaker.lend(campaign, "yes")
    put(speaker, age_band="seventies")
    after = speaker.lend(campaign, "no")
    put(speaker)
    silent = speaker.lend(campaign, "go")
    assert [about(before).age_band, about(after).age_band] == ["sixties", "seventies"]
    assert about(silent) is None
    assert asked(speaker)


def test_the_same_said_again_is_the_same_row_and_unused_ones_go(speaker: Person):
    for band in ("sixties", "seventies", "sixties"):
        put(speaker, age_band=band)
    assert [each.age_band for each in SpeakerSnapshot.objects.all()] == ["sixties"]


def test_an_old_clip_is_not_given_todays_answer(speaker: Person, campaign: Campaign):
    clip = speaker.lend(campaign, "yes")
    Clip.objects.update(received_at=F("received_at") - timedelta(hours=25))
    put(speaker, **ANN)
    assert about(clip) is None


def test_deleting_deletes_it_everywhere_and_nobody_asks_again(speaker: Person, campaign: Campaign):
    put(speaker, age_band="sixties")
    clips = [speaker.lend(campaign, "yes")]
    put(speaker, **ANN)
    clips.append(speaker.lend(campaign, "no"))
    for _ in range(2):
        assert delete(speaker).status_code == 204
    assert not SpeakerSnapshot.objects.exists()
    assert [about(clip) for clip in clips] == [None, None]
    assert speaker.get("speakers/me/about").json()["age_band"] == ""
    assert asked(speaker)
    assert Clip.objects.filter(status="received").count() == 2, "the clips themselves stay"


def test_a_clip_that_is_taken_back_says_nothing_of_its_speaker(speaker: Person, campaign: Campaign):
    put(speaker, age_band="sixties")
    clip = speaker.lend(campaign, "yes")
    put(speaker, age_band="seventies")
    speaker.post(f"clips/{clip.pk}/withdraw")
    assert about(clip) is None
    erase_clip(clip.pk)
    assert [each.age_band for each in SpeakerSnapshot.objects.all()] == ["seventies"]
    with pytest.raises(IntegrityError, match="clip_gone_says_nothing"), transaction.atomic():
        Clip.objects.update(about=SpeakerSnapshot.objects.get())


def test_nobody_sees_or_deletes_what_another_speaker_said(speaker: Person, campaign: Campaign):
    put(speaker, **ANN)
    other = Person(Client())
    other.consent(campaign)
    assert other.get("speakers/me/about").json()["age_band"] == ""
    assert delete(other).status_code == 204
    assert SpeakerSnapshot.objects.count() == 1
    assert "seventies" not in str(list(Event.objects.values("data")))


@pytest.mark.parametrize(
    "wrong",
    [
        {"age_band": "old"},
        {"gender": "male"},
        {"accent": "x" * 81},
        {"first_languages": ["not a tag"]},
        {"first_languages": ["en"] * 9},
        {"first_languages": [""]},
        {"environment": "moon"},
        {"device": "toaster"},
    ],
)
def test_what_cannot_be_said_is_refused(speaker: Person, wrong: dict[str, object]):
    answer = put(speaker, **wrong)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert list(answer.json()["errors"]) == list(wrong)
    assert not SpeakerSnapshot.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"age_band": "old"}, "snapshot_age_band_known"),
        ({"first_languages": ["not a tag!"]}, "snapshot_languages_are_tags"),
        ({"first_languages": ["en"] * 9}, "snapshot_languages_few"),
        ({}, "snapshot_says_something"),
    ],
)
def test_the_database_refuses_it_too(speaker: Person, wrong: dict[str, Any], rule: str):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        SpeakerSnapshot.objects.create(speaker=speaker.speaker, **wrong)


def test_a_snapshot_is_never_changed(speaker: Person):
    put(speaker, **ANN)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        SpeakerSnapshot.objects.update(age_band="teens")


def test_a_speakers_snapshots_go_with_the_speaker(db: None):
    lone = Speaker.objects.create(recovery_hash=uuid.uuid4().hex)
    SpeakerSnapshot.objects.create(speaker=lone, age_band="teens")
    lone.delete()
    assert not SpeakerSnapshot.objects.exists()


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("EN", "en"), ("de-at", "de-AT"), ("SR-LATN-rs", "sr-Latn-RS"), ("es-419", "es-419"),
        ("ca-valencia", "ca-valencia"), ("en-X-AB", "en-x-ab"),
    ],
)  # fmt: skip
def test_a_language_tag_has_one_spelling(typed: str, tag: str):
    assert language_tag(typed) == tag
