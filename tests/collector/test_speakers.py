"""Agreeing, coming back, and being somebody without an account."""

from __future__ import annotations

import hashlib

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from mnemonic import Mnemonic

from collector.access import OPERATOR
from collector.models import Campaign, ConsentEvent, Event, Participation, Speaker
from collector.services import publish_consent_text
from tests.people import Person


def test_agreeing_makes_a_speaker_and_tells_the_phrase_once(stranger: Person, campaign: Campaign):
    first = stranger.consent(campaign)
    assert first.status_code == 201
    phrase = first.json()["recovery_phrase"]
    assert Mnemonic("english").check(phrase)
    assert len(phrase.split()) == 12
    again = stranger.consent(campaign)
    assert (again.status_code, again.json()["recovery_phrase"]) == (200, None)
    assert ConsentEvent.objects.count() == 1
    stored = Speaker.objects.get().recovery_hash
    assert stored == hashlib.sha256(phrase.encode()).hexdigest()
    assert phrase not in str(list(Speaker.objects.values()))


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"version": 2}, 409, "consent_text_changed"),
        ({"sha256": "0" * 64}, 409, "consent_text_changed"),
        ({"adult": False}, 422, "not_adult"),
        ({"adult": False, "guardian": False}, 422, "not_adult"),
        ({"sha256": "short"}, 400, "invalid"),
    ],
)
def test_only_the_text_that_was_shown_can_be_agreed_to(
    stranger: Person, campaign: Campaign, change: dict[str, object], status: int, code: str
):
    text = stranger.get(f"campaigns/{campaign.slug}").json()["consent"]
    body = {"version": text["version"], "sha256": text["sha256"], "adult": True, **change}
    response = stranger.post(f"campaigns/{campaign.slug}/consent", body)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert not ConsentEvent.objects.exists()


@pytest.mark.parametrize(
    ("said", "by"),
    [({"adult": True}, "self"), ({"guardian": True}, "guardian")],
)
def test_the_ledger_says_whether_a_guardian_agreed(
    stranger: Person, campaign: Campaign, said: dict[str, bool], by: str
):
    text = stranger.get(f"campaigns/{campaign.slug}").json()["consent"]
    body = {"version": text["version"], "sha256": text["sha256"], **said}
    assert stranger.post(f"campaigns/{campaign.slug}/consent", body).status_code == 201
    assert ConsentEvent.objects.get().by == by
    clip = stranger.lend(campaign, "yes")
    assert clip.consent.by == by
    with pytest.raises(IntegrityError, match="consent_by_known"), transaction.atomic():
        ConsentEvent.objects.create(
            participation=clip.participation, kind="given", by="friend", text=clip.consent.text
        )


def test_the_phrase_leads_back_from_another_device(speaker: Person, campaign: Campaign):
    clip = speaker.lend(campaign, "yes")
    other = Person(Client())
    assert other.get("speakers/me").json()["code"] == "speaker_unknown"
    typed = "  " + speaker.phrase.upper().replace(" ", "\n ") + " "
    response = other.post("speakers/recover", {"recovery_phrase": typed})
    assert response.json() == {"clips": 1, "campaigns": 1, "label": "", "adoptable": False}
    assert other.get(f"clips/{clip.pk}").status_code == 200
    assert other.post(f"clips/{clip.pk}/withdraw").status_code == 202


def test_a_wrong_phrase_leads_nowhere(stranger: Person, speaker: Person):
    response = stranger.post("speakers/recover", {"recovery_phrase": "abandon " * 12})
    assert (response.status_code, response.json()["code"]) == (422, "recovery_phrase_unknown")
    assert stranger.get("speakers/me").status_code == 403


def test_coming_back_changes_the_sessions_key(speaker: Person):
    other = Person(Client())
    other.client.session.save()
    other.client.get("/")
    other.post("speakers/recover", {"recovery_phrase": "abandon " * 12})
    before = other.client.session.session_key
    other.post("speakers/recover", {"recovery_phrase": speaker.phrase})
    assert other.client.session.session_key != before


def test_pseudonyms_are_never_the_same_in_two_campaigns(speaker: Person, campaign: Campaign):
    other = Campaign.objects.create(
        slug="b", name="B", description="B", language="en", status="open"
    )
    publish_consent_text(OPERATOR, other, "Text of B.")
    speaker.consent(other)
    names = list(Participation.objects.values_list("pseudonym", flat=True))
    assert len(set(names)) == 2
    assert all(len(name) == 8 for name in names)


@pytest.mark.parametrize("table", ["collector_consentevent", "collector_event"])
def test_the_database_refuses_to_change_the_past(speaker: Person, table: str):
    assert Event.objects.exists()
    assert ConsentEvent.objects.exists()
    for statement in (f"UPDATE {table} SET at = now()", f"DELETE FROM {table}"):
        with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
            connection.cursor().execute(statement)


def test_prompts_that_one_recorded_least_come_first(speaker: Person, campaign: Campaign):
    speaker.lend(campaign, "yes")
    path = f"campaigns/{campaign.slug}/prompts"
    listed = speaker.get(f"{path}?limit=50").json()
    assert len(listed) == 7
    assert listed[-1]["text"] == "yes"
    assert len(speaker.get(f"{path}?limit=3").json()) == 3
    assert speaker.get(f"{path}?limit=1000").status_code == 400
