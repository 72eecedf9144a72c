"""Devices that send without prompts: while their person lets them, and not a moment longer."""

from __future__ import annotations

import json
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from collector.access import OPERATOR, Actor
from collector.models import (
    Campaign,
    CampaignStatus,
    Clip,
    ConsentEvent,
    ConsentKind,
    LinkedDevice,
    Purpose,
)
from collector.services import publish_consent_text, revoke_device, withdraw_purposes
from collector.services.devices import wording
from collector.storage import audio_store, clip_folder
from tests.device import Sender, link
from tests.people import Person, audio_of

YES = audio_of("yes")


@pytest.fixture
def campaign(campaign: Campaign) -> Campaign:
    """One that takes recordings from devices."""
    campaign.accepts_devices = True
    campaign.save()
    return campaign


def code(response: Any) -> tuple[int, str]:
    return response.status_code, json.loads(response.content).get("code", "")


def test_a_device_sends_and_the_same_again_is_harmless(speaker: Person, campaign: Campaign):
    sender, device = link(speaker, campaign)
    clip_id = uuid.uuid4()
    first = sender.put(YES, clip_id, **{"Choir-Capture": '{"path": "file", "channels": 1}'})
    again = sender.put(YES, clip_id)
    assert (first.status_code, again.status_code) == (201, 200)
    clip = Clip.objects.get()
    assert (clip.pk, clip.prompt, clip.consent) == (clip_id, None, device.consent)
    assert clip.participation.speaker == speaker.speaker
    assert clip.capture == {"path": "file", "channels": 1, "device": str(device.pk)}
    assert code(sender.put(audio_of("no"), clip_id)) == (409, "clip_exists")
    assert code(sender.put(YES, **{"Content-Digest": "sha-256=:AAAA:"}))[0] == 422
    device.refresh_from_db()
    assert device.last_used_at is not None


def test_only_the_hash_of_its_token_is_kept(speaker: Person, campaign: Campaign):
    sender, device = link(speaker, campaign)
    row = LinkedDevice.objects.filter(pk=device.pk).values().get()
    assert sender.token not in str(row)
    assert sender.token not in speaker.client.get("/me/devices/").content.decode()
    assert sender.token not in str(dict(speaker.client.session))
    assert code(Sender("choir_device_none").put(YES)) == (401, "device_unknown")
    assert code(Client().put(f"/api/v1/donations/{uuid.uuid4()}")) == (401, "device_unknown")


def test_linking_is_a_line_in_the_ledger_with_the_words_that_were_shown(
    speaker: Person, campaign: Campaign
):
    before = ConsentEvent.objects.get()
    assert wording() in speaker.client.get("/me/devices/").content.decode()
    _sender, device = link(speaker, campaign)
    agreed = device.consent
    assert (agreed.kind, agreed.text, agreed.by) == (ConsentKind.RENEWED, before.text, "self")
    assert agreed.wordings["linked-device"] == wording()
    assert set(agreed.purposes) == set(before.purposes), "no purpose is added by it"


def test_a_device_is_asked_to_stop_in_words_that_say_why(speaker: Person, campaign: Campaign):
    sender, device = link(speaker, campaign)
    assert sender.standing().json()["campaign"] == campaign.slug
    Campaign.objects.update(accepts_devices=False)
    assert code(sender.standing()) == code(sender.put(YES)) == (403, "devices_refused")
    Campaign.objects.update(accepts_devices=True, status=CampaignStatus.CLOSED)
    assert code(sender.put(YES)) == (403, "campaign_closed")
    Campaign.objects.update(status=CampaignStatus.OPEN)
    withdraw_purposes(device.participation, [Purpose.RESEARCH_RELEASE])
    assert code(sender.put(YES)) == code(sender.standing()) == (403, "consent_withdrawn")
    speaker.client.post("/me/devices/", {"revoke": str(device.pk)})
    assert code(sender.put(YES)) == code(sender.standing()) == (403, "device_revoked")
    assert not Clip.objects.exists()


def test_a_new_text_is_agreed_to_before_the_next_recording(speaker: Person, campaign: Campaign):
    sender, _device = link(speaker, campaign)
    publish_consent_text(OPERATOR, campaign, "Another text.")
    refused = sender.put(YES)
    assert code(refused) == (403, "consent_outdated")
    speaker.consent(campaign)
    assert sender.put(YES).status_code == 201


def test_a_page_that_is_reloaded_links_no_second_device(speaker: Person, campaign: Campaign):
    Campaign.objects.update(accepts_devices=True)
    form = {"link": "1", "name": "Kitchen", "campaign": campaign.pk, "by": "adult"}
    answer = speaker.client.post("/me/devices/", form)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/me/devices/")
    assert "choir_device_" in speaker.client.get("/me/devices/").content.decode()
    assert "choir_device_" not in speaker.client.get("/me/devices/").content.decode()
    assert LinkedDevice.objects.count() == 1


def test_nothing_is_linked_without_agreeing(speaker: Person, stranger: Person, campaign: Campaign):
    form = {"link": "1", "name": "Kitchen", "campaign": campaign.pk, "by": "adult"}
    for missing in ("by", "name", "campaign"):
        speaker.client.post("/me/devices/", {**form, missing: ""})
    stranger.client.post("/me/devices/", form)
    Campaign.objects.update(accepts_devices=False)
    speaker.client.post("/me/devices/", form)
    assert not LinkedDevice.objects.exists()


def test_nobody_else_ends_a_link_or_takes_back(
    speaker: Person, stranger: Person, campaign: Campaign
):
    sender, device = link(speaker, campaign)
    sender.put(YES)
    stranger.consent(campaign)
    for act in ("revoke", "take_back"):
        answer = stranger.client.post("/me/devices/", {act: str(device.pk)})
        assert answer.status_code == 404
    assert sender.put(audio_of("no")).status_code == 201


def test_what_arrives_too_late_leaves_no_sound_behind(
    speaker: Person, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
):
    sender, device = link(speaker, campaign)
    put = type(audio_store()).put

    def put_while_it_ends(store: Any, key: str, data: bytes) -> None:
        put(store, key, data)
        revoke_device(Actor(speaker=speaker.speaker), device.pk)

    monkeypatch.setattr(type(audio_store()), "put", put_while_it_ends)
    clip_id = uuid.uuid4()
    assert code(sender.put(YES, clip_id)) == (403, "device_revoked")
    assert not Clip.objects.exists()
    assert audio_store().keys(clip_folder(clip_id)) == []


def test_each_device_has_a_limit_of_its_own(
    speaker: Person, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
):
    from config.throttling import PersonThrottle

    rates = {**PersonThrottle.THROTTLE_RATES, "uploads": "1/min"}
    monkeypatch.setattr(PersonThrottle, "THROTTLE_RATES", rates)
    first, second = link(speaker, campaign)[0], link(speaker, campaign)[0]
    assert first.put(YES).status_code == 201
    assert first.put(YES).status_code == 429
    assert second.put(YES).status_code == 201


def test_the_database_keeps_no_nameless_device(speaker: Person, campaign: Campaign):
    _sender, device = link(speaker, campaign)
    for broken in ({"name": " "}, {"sha256": "short"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            LinkedDevice.objects.filter(pk=device.pk).update(**broken)


@pytest.mark.django_db(transaction=True)
def test_ending_a_link_stops_what_it_sends_at_that_moment(speaker: Person, campaign: Campaign):
    sender, device = link(speaker, campaign)
    gate, counts = threading.Barrier(5), []

    def send(_number: int) -> list[int]:
        gate.wait()
        try:
            return [Sender(sender.token).put(YES).status_code for _ in range(6)]
        finally:
            connection.close()

    def end() -> None:
        gate.wait()
        try:
            while not Clip.objects.exists():
                pass
            revoke_device(Actor(speaker=speaker.speaker), device.pk)
            counts.append(Clip.objects.count())
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        ended, sent = pool.submit(end), list(pool.map(send, range(4)))
    ended.result()
    answers = [status for each in sent for status in each]
    assert set(answers) <= {201, 403}
    assert answers.count(201) == Clip.objects.count() == counts[0], "none after the end"
