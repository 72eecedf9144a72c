"""Sending a take: what is answered, what is stored, what is written down."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import pytest
from django.test import Client

from collector.access import OPERATOR
from collector.models import Campaign, CampaignStatus, Clip, ConsentEvent, Event, EventKind, Prompt
from collector.services import publish_consent_text
from collector.storage import audio_store, clip_folder, original_key
from tests.people import Person, audio_of, content_digest

YES = audio_of("yes")


def problem(response: object) -> dict[str, object]:
    assert response["Content-Type"] == "application/problem+json"  # type: ignore[index]
    body: dict[str, object] = json.loads(response.content)  # type: ignore[attr-defined]
    assert {"type", "title", "status", "detail", "code"} <= body.keys()
    return body


def test_first_time_is_created_and_the_same_again_is_ok(speaker: Person, campaign: Campaign):
    clip_id, prompt = uuid.uuid4(), campaign.prompts.get(text="yes")
    first = speaker.put(YES, prompt, clip_id)
    again = speaker.put(YES, prompt, clip_id)
    assert (first.status_code, again.status_code) == (201, 200)
    assert json.loads(first.content) == json.loads(again.content)
    assert json.loads(first.content)["state"] == "received"
    clip = Clip.objects.get(pk=clip_id)
    assert audio_store().get(original_key(clip.pk, clip.original_sha256)) == YES
    assert audio_store().keys(clip_folder(clip_id)) == [original_key(clip_id, clip.original_sha256)]
    assert Event.objects.filter(clip_id=clip_id, kind=EventKind.CLIP_UPLOADED).count() == 1


def test_other_bytes_under_the_same_id_conflict(speaker: Person, campaign: Campaign):
    clip_id, prompt = uuid.uuid4(), campaign.prompts.get(text="yes")
    speaker.put(YES, prompt, clip_id)
    response = speaker.put(audio_of("no"), prompt, clip_id)
    assert response.status_code == 409
    assert problem(response)["code"] == "clip_exists"
    assert len(audio_store().keys(clip_folder(clip_id))) == 1


def test_somebody_elses_id_conflicts_and_tells_nothing(
    speaker: Person, stranger: Person, campaign: Campaign
):
    clip_id, prompt = uuid.uuid4(), campaign.prompts.get(text="yes")
    speaker.put(YES, prompt, clip_id)
    stranger.consent(campaign)
    assert stranger.put(YES, prompt, clip_id).status_code == 409
    assert stranger.get(f"clips/{clip_id}").status_code == 404
    assert stranger.get(f"clips/{clip_id}/audio").status_code == 404


@pytest.mark.parametrize(
    ("digest", "code"),
    [
        (content_digest(b"other bytes"), "digest_wrong"),
        ("", "digest_missing"),
        ("sha-256=:AAAA:", "digest_missing"),
        ("md5=:AAAA:", "digest_missing"),
    ],
)
def test_a_wrong_or_missing_digest_stores_nothing(
    speaker: Person, campaign: Campaign, digest: str, code: str
):
    clip_id = uuid.uuid4()
    headers = {"Content-Digest": digest}
    response = speaker.client.put(
        f"/api/v1/clips/{clip_id}?prompt={campaign.prompts.get(text='yes').pk}",
        YES,
        content_type="audio/flac",
        headers=headers,
    )
    assert response.status_code == 422
    assert problem(response)["code"] == code
    assert not Clip.objects.exists()
    assert audio_store().keys(clip_folder(clip_id)) == []


def test_too_many_bytes_are_refused(speaker: Person, campaign: Campaign, settings):
    settings.MAX_UPLOAD_BYTES = 1000
    response = speaker.put(YES, campaign.prompts.get(text="yes"))
    assert response.status_code == 413
    assert problem(response)["max_bytes"] == 1000


@pytest.mark.parametrize("prompt", [str(uuid.UUID(int=5)), "no-uuid", ""])
def test_an_unknown_prompt_is_not_found(speaker: Person, prompt: str):
    response = speaker.put(YES, prompt)
    assert response.status_code == 404
    assert problem(response)["code"] == "prompt_unknown"


def test_a_take_of_a_prompt_that_was_closed_meanwhile_is_kept(speaker: Person, campaign: Campaign):
    yes = campaign.prompts.get(text="yes")
    Prompt.objects.filter(pk=yes.pk).update(is_open=False)
    assert speaker.put(YES, yes).status_code == 201
    Campaign.objects.filter(pk=campaign.pk).update(status=CampaignStatus.CLOSED)
    response = speaker.put(YES, yes)
    assert (response.status_code, problem(response)["code"]) == (403, "campaign_closed")


def test_without_consent_nothing_is_taken(stranger: Person, campaign: Campaign):
    response = stranger.put(YES, campaign.prompts.get(text="yes"))
    assert response.status_code == 403
    assert problem(response)["code"] == "speaker_unknown"


def test_a_changed_text_asks_again_before_the_next_clip(speaker: Person, campaign: Campaign):
    publish_consent_text(OPERATOR, campaign, "Another text.")
    response = speaker.put(YES, campaign.prompts.get(text="yes"))
    assert (response.status_code, problem(response)["code"]) == (403, "consent_outdated")
    speaker.consent(campaign)
    assert speaker.put(YES, campaign.prompts.get(text="yes")).status_code == 201
    assert [c.text.version for c in ConsentEvent.objects.order_by("at")] == [1, 2]


def test_a_closed_campaign_takes_no_takes(speaker: Person, campaign: Campaign):
    campaign.status = CampaignStatus.CLOSED
    campaign.save()
    response = speaker.put(YES, campaign.prompts.get(text="yes"))
    assert (response.status_code, problem(response)["code"]) == (403, "campaign_closed")


def test_what_the_device_said_is_kept_and_nonsense_is_refused(speaker: Person, campaign: Campaign):
    prompt = campaign.prompts.get(text="yes")
    said = {
        "path": "audio-worklet",
        "sampling_rate_hz": 44100,
        "lossy": False,
        "requested_sampling_rate_hz": 48000,
        "browser": "Chromium 156",
        "start": "hands-free",
        "restarts": 1,
        "noise_floor_dbfs": -61.5,
        "trim_start_s": 0.31,
        "trim_end_s": 1.02,
    }
    response = speaker.put(YES, prompt, **{"Choir-Capture": json.dumps(said)})
    assert Clip.objects.get(pk=json.loads(response.content)["id"]).capture == said
    noise = '{"path": "file", "noise_floor_dbfs": %s}'
    trimmed = '{"path": "file", "trim_start_s": %s, "trim_end_s": 1}'
    for nonsense in (
        "{",
        '{"path": "phonograph"}',
        "[" * 1500 + "]" * 1500,
        "x" * 3000,
        *(noise % number for number in ("NaN", '"nan"', "-Infinity", "1e999", "7", "[]")),
        *(trimmed % number for number in ("2", "-1", "NaN", "601")),
        '{"path": "file", "start": "by-itself"}',
        '{"path": "file", "browser": "%s"}' % ("x" * 41),
    ):
        response = speaker.put(YES, prompt, **{"Choir-Capture": nonsense})
        assert (response.status_code, problem(response)["code"]) == (422, "capture_invalid")


def test_storage_that_fails_leaves_no_row(speaker: Person, campaign: Campaign, tmp_path: Path):
    store = audio_store().inner
    healthy, store.root = store.root, tmp_path / "file"  # type: ignore[attr-defined]
    (tmp_path / "file").write_text("in the way of the folder")
    try:
        response = speaker.put(YES, campaign.prompts.get(text="yes"))
    finally:
        store.root = healthy  # type: ignore[attr-defined]
    assert (response.status_code, problem(response)["code"]) == (503, "storage_failed")
    assert not Clip.objects.exists()


def test_a_strangers_page_cannot_send_in_my_name(speaker: Person, campaign: Campaign):
    guarded = Client(enforce_csrf_checks=True)
    guarded.cookies = speaker.client.cookies
    prompt = campaign.prompts.get(text="yes")
    response = guarded.put(
        f"/api/v1/clips/{uuid.uuid4()}?prompt={prompt.pk}",
        YES,
        content_type="audio/flac",
        headers={"Content-Digest": content_digest(YES)},
    )
    assert response.status_code == 403
    assert problem(response)["code"] == "csrf_failed"
    assert "CSRF" in str(problem(response)["detail"])
    assert not Clip.objects.exists()
