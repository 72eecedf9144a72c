"""What the answer to an upload brings: measurements where there is time, and when to try again."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from collector import waiting
from collector.models import Campaign
from collector.storage import audio_store
from collector.waiting import preferred_wait_s
from config.throttling import PersonThrottle
from tests.people import Person, audio_of
from tests.pipeline import process
from validation.models import PreScore

YES = audio_of("yes")


@pytest.mark.parametrize(
    ("prefer", "wait_s"),
    [
        ("", 0),
        ("wait=3", 3),
        ("WAIT = 3", 3),
        ('respond-async, wait="2"', 2),
        ("wait=3; foo=bar", 3),
        ("wait=600", 5),
        ("wait=-1", 0),
        ("wait=2.5", 0),
        ("await=3", 0),
        ("return=minimal", 0),
    ],
)
def test_the_preference_is_read_as_rfc_7240_writes_it(prefer: str, wait_s: int):
    assert preferred_wait_s(prefer) == wait_s


def test_an_answer_is_held_back_no_longer_than_asked(speaker: Person, campaign: Campaign):
    began = time.monotonic()
    response = speaker.put(YES, campaign.prompts.get(text="yes"), Prefer="wait=1")
    assert 0.9 < time.monotonic() - began < 3
    assert (response.status_code, response["Preference-Applied"]) == (201, "wait=1")
    body = json.loads(response.content)
    assert (body["state"], body["measurements"], body["findings"]) == ("received", None, [])


def test_what_is_measured_is_answered_at_once(speaker: Person, campaign: Campaign):
    clip = process(speaker.lend(campaign, "yes"))
    began = time.monotonic()
    again = speaker.put(YES, clip.prompt, clip.pk, Prefer="wait=5")
    assert time.monotonic() - began < 2
    assert again.status_code == 200
    assert json.loads(again.content)["measurements"]["duration_s"] > 0


def test_with_no_place_to_wait_the_answer_comes_at_once(
    speaker: Person, campaign: Campaign, settings
):
    for _ in range(settings.WAITING_UPLOADS):
        assert waiting._places.acquire(blocking=False)
    try:
        began = time.monotonic()
        response = speaker.put(YES, campaign.prompts.get(text="yes"), Prefer="wait=5")
    finally:
        waiting._places.release(settings.WAITING_UPLOADS)
    assert time.monotonic() - began < 2
    assert response.status_code == 201
    assert "Preference-Applied" not in response


def test_a_take_that_could_be_better_comes_with_advice(speaker: Person, campaign: Campaign):
    clip = process(speaker.lend(campaign, "yes"))
    clip.measurements |= {"clipped_runs": 12}
    clip.save(update_fields=["measurements"])
    findings = speaker.get(f"clips/{clip.pk}").json()["findings"]
    assert "clipped" in [finding["code"] for finding in findings]
    assert all(finding["label"] and finding["advice"] for finding in findings)


def test_what_the_machine_heard_is_shown_only_where_the_campaign_allows_it(
    speaker: Person, campaign: Campaign
):
    clip = process(speaker.lend(campaign, "yes"))
    PreScore.objects.update(heard="yes")
    assert speaker.get(f"clips/{clip.pk}").json()["pre_score"]["heard"] == ""
    Campaign.objects.update(show_heard=True)
    assert speaker.get(f"clips/{clip.pk}").json()["pre_score"]["heard"] == "yes"


def test_too_many_at_once_are_told_when_to_come_back(
    speaker: Person, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(PersonThrottle, "THROTTLE_RATES", {"uploads": "1/min"})
    prompt = campaign.prompts.get(text="yes")
    assert speaker.put(YES, prompt).status_code == 201
    response = speaker.put(YES, prompt)
    assert (response.status_code, json.loads(response.content)["code"]) == (429, "throttled")
    assert 1 <= int(response["Retry-After"]) <= 60


def test_a_storage_that_fails_says_when_to_come_back(
    speaker: Person, campaign: Campaign, tmp_path: Path
):
    store = audio_store().inner
    healthy, store.root = store.root, tmp_path / "file"  # type: ignore[attr-defined]
    (tmp_path / "file").write_text("in the way of the folder")
    try:
        response = speaker.put(YES, campaign.prompts.get(text="yes"))
    finally:
        store.root = healthy  # type: ignore[attr-defined]
    assert (response.status_code, response["Retry-After"]) == (503, "10")
