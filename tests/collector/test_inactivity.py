"""Speakers of whom nothing was heard, and campaigns that end: the way to one's clips stays."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from collector.access import Actor
from collector.errors import RoleMissing
from collector.models import (
    Campaign,
    Clip,
    ConsentEvent,
    Event,
    Speaker,
    SpeakerSnapshot,
    User,
)
from collector.services import close_campaign, reopen_campaign, settle_inactive
from tests.people import Person, audio_of


def years_later(person: Person) -> None:
    """Three years pass, without a word of this speaker."""
    ago = timezone.now() - timedelta(days=3 * 365)
    Speaker.objects.filter(pk=person.speaker.pk).update(created_at=ago)
    Clip.objects.filter(participation__speaker=person.speaker).update(received_at=ago)
    with connection.cursor() as cursor:  # as a superuser may; the ledger refuses everybody else
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        ConsentEvent.objects.filter(participation__speaker=person.speaker).update(at=ago)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_who_lends_nothing_is_forgotten_with_all_that_leads_to_them(
    speaker: Person, campaign: Campaign
):
    SpeakerSnapshot.objects.create(speaker=speaker.speaker, accent="Viennese")
    speaker_id, phrase = speaker.speaker.pk, speaker.phrase
    years_later(speaker)
    assert settle_inactive(dry_run=True).forgotten == 1
    assert settle_inactive().forgotten == 1
    assert settle_inactive().forgotten == 0, "once is enough"
    assert not SpeakerSnapshot.objects.exists()
    left = Speaker.objects.get(pk=speaker_id)
    assert (left.user, left.label, left.about) == (None, "", None)
    found = Person(Client()).post("speakers/recover", {"recovery_phrase": phrase})
    assert (found.status_code, found.json()["code"]) == (422, "recovery_phrase_unknown")
    assert ConsentEvent.objects.count() == 1, "what was agreed is still proven"
    assert Event.objects.get(kind="speaker_forgotten").data == {}


def test_who_lends_clips_keeps_them_and_the_way_back(speaker: Person, campaign: Campaign):
    clip = speaker.lend(campaign, "yes")
    years_later(speaker)
    assert settle_inactive() == settle_inactive(dry_run=True)
    other = Person(Client())
    found = other.post("speakers/recover", {"recovery_phrase": speaker.phrase})
    assert (found.status_code, found.json()["clips"]) == (200, 1)
    assert other.post(f"clips/{clip.pk}/withdraw").status_code == 202


def test_an_account_is_reminded_once_of_what_it_lends(speaker: Person, campaign: Campaign):
    speaker.lend(campaign, "yes")
    user = User.objects.create_user("giver@example.org")
    Speaker.objects.filter(pk=speaker.speaker.pk).update(user=user)
    years_later(speaker)
    assert settle_inactive(dry_run=True).reminded == 1
    assert not mail.outbox
    said = io.StringIO()
    call_command("settle_inactive", stdout=said)
    assert "Accounts reminded: 1." in said.getvalue()
    (letter,) = mail.outbox
    assert letter.to == ["giver@example.org"]
    assert "/me/consent/" in letter.body
    assert settle_inactive().reminded == 0


def test_whoever_came_by_lately_is_left_alone(speaker: Person, campaign: Campaign):
    assert settle_inactive().forgotten == 0
    years_later(speaker)
    assert settle_inactive(0).forgotten == 0, "0 is never"
    clip = speaker.lend(campaign, "yes")
    assert settle_inactive().forgotten == 0
    assert Clip.objects.get() == clip


def test_a_curator_closes_a_campaign_and_opens_it_again(
    speaker: Person, curator: Person, reviewer: Person, campaign: Campaign
):
    clip = speaker.lend(campaign, "yes")
    with pytest.raises(RoleMissing):
        close_campaign(Actor(user=reviewer.user), campaign)
    assert curator.post(f"campaigns/{campaign.slug}/close").status_code == 200
    assert Event.objects.filter(kind="campaign_closed").count() == 1
    refused = speaker.put(audio_of("stop"), campaign.prompts.get(text="stop"))
    assert (refused.status_code, refused.json()["code"]) == (403, "campaign_closed")
    # All that speakers may do with what they lent, they may do as before.
    (mine,) = speaker.get("me/consents").json()
    path = f"me/consents/{mine['id']}/opt-out"
    assert speaker.post(path, {"purposes": ["commercial-use"]}).status_code == 200
    assert speaker.get(f"clips/{clip.pk}").status_code == 200
    assert speaker.post(f"clips/{clip.pk}/withdraw").status_code == 202
    assert not close_campaign(Actor(user=curator.user), campaign), "again is harmless"
    assert reopen_campaign(Actor(user=curator.user), campaign)
    assert speaker.lend(campaign, "stop")


def test_only_curators_close_a_campaign_over_the_api(
    reviewer: Person, stranger: Person, campaign: Campaign
):
    for person in (reviewer, stranger):
        response = person.post(f"campaigns/{campaign.slug}/close")
        assert (response.status_code, response.json()["code"]) == (403, "role_missing")
    campaign.refresh_from_db()
    assert campaign.status == "open"
