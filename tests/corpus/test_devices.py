"""A recording that a device sent, from its arrival to a release and back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from collector.access import Actor
from collector.models import Campaign, Clip, ClipStatus
from corpus.models import ReleaseEntry
from corpus.selectors import live_entries
from corpus.services import cut_release
from tests.device import link
from tests.people import Person, audio_of
from tests.pipeline import next_case, process, vote


@pytest.fixture
def campaign(campaign: Campaign) -> Campaign:
    """One that takes recordings from devices."""
    campaign.accepts_devices = True
    campaign.save()
    return campaign


def test_a_clip_without_a_prompt_goes_the_whole_way(
    speaker: Person,
    reviewer: Person,
    second_reviewer: Person,
    curator: Person,
    researcher: Person,
    campaign: Campaign,
):
    sender, device = link(speaker, campaign)
    assert sender.put(audio_of("yes")).status_code == 201
    clip = process(Clip.objects.get())
    score = clip.pre_scores.get()
    assert (clip.status, score.match) == (ClipStatus.TRANSCODED, None)
    assert "yes" in score.heard.lower(), "the machine offers what it heard"

    for person, written in ((reviewer, "Yes."), (second_reviewer, "yes")):
        case = next_case(person, campaign)
        assert case["clip"]["prompt"] is None
        assert case["machine"]["heard"] == score.heard
        assert vote(person, case["id"], "accept", transcript=written).status_code == 201

    release = cut_release(Actor(user=curator.user), campaign)
    entry = live_entries(release).get()
    assert (entry.text, entry.kind) == ("Yes.", "sentence")
    lines = body_of(researcher.get(f"releases/{release.pk}/exports/clips"))
    assert b'"Yes."' in lines

    shown = speaker.client.get("/me/devices/").content.decode()
    assert "Take all of it back" in shown
    speaker.client.post("/me/devices/", {"take_back": str(device.pk)})
    clip.refresh_from_db()
    assert clip.status == ClipStatus.WITHDRAWN
    assert not live_entries(release).exists()
    assert not ReleaseEntry.objects.exclude(text="").exists()
    assert sender.put(audio_of("no")).status_code == 201, "its link stands until it is ended"


def body_of(response: Any) -> bytes:
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content)


def test_taking_back_what_a_device_sent_leaves_all_else(speaker: Person, campaign: Campaign):
    kitchen, device = link(speaker, campaign)
    kitchen.put(audio_of("yes"))
    kitchen.put(audio_of("no"))
    hall, _other = link(speaker, campaign, "Hall")
    kept = [json.loads(hall.put(audio_of("go")).content)["id"]]
    kept.append(str(speaker.lend(campaign, "stop").pk))
    speaker.client.post("/me/devices/", {"take_back": str(device.pk)})
    left = Clip.objects.exclude(status=ClipStatus.WITHDRAWN).values_list("pk", flat=True)
    assert sorted(map(str, left)) == sorted(kept)
    speaker.client.post("/me/devices/", {"take_back": str(device.pk)})


def test_a_long_transcript_is_released_whole(speaker: Person, curator: Person, campaign: Campaign):
    sender, _device = link(speaker, campaign)
    sender.put(audio_of("yes"))
    clip = process(Clip.objects.get())
    said = " ".join(f"{number * 7919:x}" for number in range(280))
    type(clip.review_case).objects.update(status="accepted", accepted_text=said)
    release = cut_release(Actor(user=curator.user), campaign)
    assert live_entries(release).get().text == said
