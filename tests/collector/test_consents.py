"""The ledger of consents: for what, in which words, changed at any time, and never rewritten."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from rest_framework.throttling import ScopedRateThrottle

from collector import migrations
from collector.access import OPERATOR
from collector.agreements import question_of
from collector.changes import changes_between
from collector.models import Campaign, Clip, ConsentEvent, Purpose, StandingPurpose, User
from collector.selectors import with_purpose
from collector.services import drop_originals, publish_consent_text, transcode_clip
from collector.storage import audio_store, master_key, original_key
from tests.people import Person, audio_of

ALL = {str(purpose) for purpose in Purpose}
KEEP = Purpose.KEEP_ORIGINAL
SELL = Purpose.COMMERCIAL_USE


def purposes_of(clip: Clip) -> set[str]:
    """What the clip may be used for now."""
    found = {p for p in Purpose if with_purpose(Clip.objects.filter(pk=clip.pk), p).exists()}
    return {str(purpose) for purpose in found}


def agreement(person: Person) -> dict[str, object]:
    """The one that there is, as the API tells it."""
    (found,) = person.get("me/consents").json()
    return dict(found)


def change(person: Person, do: str, *purposes: str, **said: object) -> dict[str, object]:
    """Opt in or out; the agreement that follows."""
    body = {"purposes": list(purposes), **said}
    response = person.post(f"me/consents/{agreement(person)['id']}/{do}", body)
    assert response.status_code == 200, response.content
    return dict(response.json())


def test_who_ticks_nothing_agrees_to_releases_for_research_alone(
    stranger: Person, campaign: Campaign
):
    text = stranger.get(f"campaigns/{campaign.slug}").json()["consent"]
    assert [each["purpose"] for each in text["purposes"] if each["is_base"]] == ["research-release"]
    assert {each["purpose"] for each in text["purposes"]} == ALL
    body = {"version": text["version"], "sha256": text["sha256"], "adult": True}
    assert stranger.post(f"campaigns/{campaign.slug}/consent", body).status_code == 201
    assert ConsentEvent.objects.get().purposes == ["research-release"]
    assert purposes_of(stranger.lend(campaign, "yes")) == {"research-release"}


def test_what_was_shown_is_kept_word_for_word_in_its_language(stranger: Person, campaign: Campaign):
    german = {"Accept-Language": "de"}
    text = stranger.get(f"campaigns/{campaign.slug}", **german).json()["consent"]
    body = {
        "version": text["version"],
        "sha256": text["sha256"],
        "adult": True,
        "purposes": [KEEP],
        "wordings_sha256": text["wordings_sha256"],
    }
    path = f"/api/v1/campaigns/{campaign.slug}/consent"
    shown_otherwise = {**body, "wordings_sha256": "0" * 64}
    refused = stranger.client.post(path, shown_otherwise, "application/json", headers=german)
    assert (refused.status_code, refused.json()["code"]) == (409, "consent_text_changed")
    agreed = stranger.client.post(path, body, "application/json", headers=german)
    assert agreed.status_code == 201
    event = ConsentEvent.objects.get()
    assert event.purposes == ["research-release", "keep-original"]
    assert event.language == "de"
    assert event.wordings == {each["purpose"]: each["wording"] for each in text["purposes"]}
    assert event.text.sha256 == text["sha256"]


def test_a_purpose_that_the_text_does_not_ask_about_is_refused(
    stranger: Person, campaign: Campaign
):
    publish_consent_text(OPERATOR, campaign, "For research, and nothing else.", [])
    response = stranger.consent(campaign, KEEP)
    assert (response.status_code, response.json()["code"]) == (422, "purpose_not_offered")
    assert not ConsentEvent.objects.exists()


def test_an_operator_publishes_a_text_and_says_what_may_be_ticked(
    curator: Person, campaign: Campaign
):
    User.objects.filter(pk=curator.user.pk).update(  # type: ignore[union-attr]
        is_staff=True, is_superuser=True
    )
    path = "/admin/collector/consenttext/add/"
    form = {"campaign": campaign.pk, "body": "A text of its own.", "purposes": [SELL]}
    assert curator.client.post(path, form).status_code == 302
    newest = campaign.consent_texts.latest("version")
    assert (newest.version, newest.purposes) == (2, ["research-release", "commercial-use"])
    asked = curator.get(f"campaigns/{campaign.slug}").json()["consent"]
    assert [each["purpose"] for each in asked["purposes"]] == newest.purposes


def test_a_new_text_never_widens_what_was_agreed_to_before(campaign: Campaign):
    person = Person(Client())
    person.consent(campaign, "research-release")
    before = person.lend(campaign, "yes")
    publish_consent_text(OPERATOR, campaign, "You lend your voice. It also trains robots.")
    asked = person.get(f"campaigns/{campaign.slug}").json()
    assert not asked["consented"]
    changes = asked["consent"]["changes"]
    assert "".join(c["text"] for c in changes if c["kind"] == "added").endswith("robots.")
    refused = person.put(audio_of("yes"), campaign.prompts.get(text="yes"))
    assert (refused.status_code, refused.json()["code"]) == (403, "consent_outdated")
    person.consent(campaign)
    after = person.lend(campaign, "stop")
    assert after.consent.kind == "renewed"
    assert (after.consent.text.version, purposes_of(after)) == (2, ALL)
    before.refresh_from_db()
    assert (before.consent.text.version, purposes_of(before)) == (1, {"research-release"})


def test_agreeing_anew_to_less_leaves_the_clips_before_as_they_were(
    speaker: Person, campaign: Campaign
):
    before = speaker.lend(campaign, "yes")
    publish_consent_text(OPERATOR, campaign, "Another text.")
    speaker.consent(campaign, "research-release")
    assert purposes_of(before) == ALL
    assert purposes_of(speaker.lend(campaign, "stop")) == {"research-release"}
    switches = {each["purpose"]: each for each in agreement(speaker)["switches"]}
    assert (switches[KEEP]["is_on"], switches[KEEP]["num_clips"]) == (False, 1)


def test_taking_a_purpose_back_holds_at_once_and_for_every_clip(
    speaker: Person, campaign: Campaign
):
    clip = speaker.lend(campaign, "yes")
    told = change(speaker, "opt-out", SELL)
    assert purposes_of(clip) == ALL - {SELL}
    assert purposes_of(speaker.lend(campaign, "stop")) == ALL - {SELL}
    newest = told["events"][0]
    assert (newest["kind"], newest["purposes"], newest["version"]) == ("withdrawn", [SELL], 1)
    assert ConsentEvent.objects.count() == 2
    change(speaker, "opt-out", SELL)
    assert ConsentEvent.objects.count() == 2, "again is harmless"


def test_agreeing_to_more_is_for_clips_from_now_on_unless_said_otherwise(campaign: Campaign):
    person = Person(Client())
    person.consent(campaign, "research-release")
    first = person.lend(campaign, "yes")
    change(person, "opt-in", SELL)
    second = person.lend(campaign, "stop")
    assert (purposes_of(first), SELL in purposes_of(second)) == ({"research-release"}, True)
    change(person, "opt-in", Purpose.PUBLIC_PLAYBACK, include_earlier=True)
    # Each clip gains what was asked for, and nothing else.
    assert purposes_of(first) == {"research-release", "public-playback"}
    assert purposes_of(second) == {"research-release", "public-playback", "commercial-use"}
    third = person.lend(campaign, "help")
    assert purposes_of(third) == purposes_of(second)
    first.refresh_from_db()
    assert first.consent.kind == "renewed"


def test_a_purpose_that_was_taken_back_does_not_come_back_by_itself(
    speaker: Person, campaign: Campaign
):
    clip = speaker.lend(campaign, "yes")
    change(speaker, "opt-out", SELL)
    change(speaker, "opt-in", SELL)
    assert SELL not in purposes_of(clip)
    assert SELL in purposes_of(speaker.lend(campaign, "stop"))


def test_nobody_changes_what_another_agreed_to(
    speaker: Person, stranger: Person, campaign: Campaign
):
    mine = agreement(speaker)
    event = mine["events"][0]["id"]
    stranger.consent(campaign)
    for path in (f"me/consents/{mine['id']}/opt-in", f"me/consents/{mine['id']}/opt-out"):
        assert stranger.post(path, {"purposes": [SELL]}).status_code == 404
    assert stranger.get(f"me/consents/{event}/receipt").status_code == 404
    assert stranger.client.get(f"/me/consent/{event}/").status_code == 404
    assert ConsentEvent.objects.count() == 2


@pytest.mark.parametrize(
    "table", ["collector_consentevent", "collector_consenttext", "collector_event"]
)
def test_the_ledger_cannot_be_changed_or_emptied_by_sql(speaker: Person, table: str):
    statements = (
        f"UPDATE {table} SET id = id",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
    )
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in statements:
        with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
            connection.cursor().execute(statement)


def test_the_database_knows_the_purposes_and_wants_the_base(speaker: Person, campaign: Campaign):
    given = ConsentEvent.objects.get()
    for purposes, constraint in (
        (["research-release", "everything"], "consent_purposes_known"),
        (["keep-original"], "consent_agrees_to_the_base"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            ConsentEvent.objects.create(
                participation=given.participation, kind="given", text=given.text, purposes=purposes
            )


@pytest.mark.parametrize(("licence", "sold"), [("CC-BY-4.0", True), ("CC-BY-NC-4.0", False)])
def test_events_older_than_the_question_keep_what_was_agreed_in_them(
    stranger: Person, campaign: Campaign, licence: str, sold: bool
):
    Campaign.objects.filter(pk=campaign.pk).update(licence=licence)
    stranger.consent(campaign, "research-release")
    (name,) = [path.stem for path in Path(migrations.__path__[0]).glob("*_purposes.py")]
    migration = import_module(f"collector.migrations.{name}")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(migration.AS_AGREED)
    expected = {"research-release", "keep-original"} | ({"commercial-use"} if sold else set())
    assert set(ConsentEvent.objects.get().purposes) == expected


def test_the_original_is_erased_once_the_master_stands(campaign: Campaign):
    person = Person(Client())
    person.consent(campaign, "research-release")
    clip = person.lend(campaign, "yes")
    key = original_key(clip.pk, clip.original_sha256)
    assert transcode_clip(clip.pk)
    clip.refresh_from_db()
    assert clip.original_erased_at is not None
    assert audio_store().keys(f"clips/{clip.pk.hex[:2]}/{clip.pk}") == [
        master_key(clip.pk, clip.master_sha256)
    ]
    with pytest.raises(FileNotFoundError):
        audio_store().get(key)
    heard = person.get(f"clips/{clip.pk}/audio")
    assert (heard["Content-Type"], b"".join(heard)[:4]) == ("audio/flac", b"fLaC")
    ranged = person.get(f"clips/{clip.pk}/audio", Range="bytes=0-3")
    assert ranged["Content-Range"] == f"bytes 0-3/{clip.master_num_bytes}"


def test_taking_the_keeping_back_erases_originals_that_lie_there(
    speaker: Person, campaign: Campaign
):
    clip = speaker.lend(campaign, "yes")
    transcode_clip(clip.pk)
    key = original_key(clip.pk, clip.original_sha256)
    assert audio_store().get(key)
    assert drop_originals() == 0
    change(speaker, "opt-out", KEEP)
    assert drop_originals() == 1
    with pytest.raises(FileNotFoundError):
        audio_store().get(key)
    clip.refresh_from_db()
    assert audio_store().get(master_key(clip.pk, clip.master_sha256))
    assert (clip.original_due_at, clip.status) == (None, "transcoded")


def test_who_opts_in_before_the_erasure_keeps_the_original(speaker: Person, campaign: Campaign):
    clip = speaker.lend(campaign, "yes")
    transcode_clip(clip.pk)
    change(speaker, "opt-out", KEEP)
    change(speaker, "opt-in", KEEP, include_earlier=True)
    assert drop_originals() == 0
    assert audio_store().get(original_key(clip.pk, clip.original_sha256))


def test_a_guardians_consent_covers_new_clips_for_a_year(stranger: Person, campaign: Campaign):
    text = stranger.get(f"campaigns/{campaign.slug}").json()["consent"]
    body = {"version": text["version"], "sha256": text["sha256"]}
    path = f"campaigns/{campaign.slug}/consent"
    assert stranger.post(path, {**body, "guardian": True}).status_code == 201
    clip = stranger.lend(campaign, "yes")
    _make_older(clip.consent, settings.GUARDIAN_CONSENT_DAYS + 1)
    refused = stranger.put(audio_of("stop"), campaign.prompts.get(text="stop"))
    assert (refused.status_code, refused.json()["code"]) == (403, "consent_lapsed")
    assert agreement(stranger)["has_lapsed"]
    assert purposes_of(clip) == {"research-release"}, "what was lent stays agreed to"
    # Of age by now, the child agrees alone.
    assert stranger.post(path, {**body, "adult": True}).status_code == 201
    assert stranger.lend(campaign, "stop").consent.by == "self"


def _make_older(event: ConsentEvent, days: int) -> None:
    """As a superuser may: the ledger refuses everybody else."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        ConsentEvent.objects.filter(pk=event.pk).update(at=event.at - timedelta(days=days))
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_the_view_and_the_ledger_agree(speaker: Person, campaign: Campaign):
    event = ConsentEvent.objects.get()
    standing = StandingPurpose.objects.filter(consent_id=event.pk)
    assert set(standing.values_list("purpose", flat=True)) == ALL
    change(speaker, "opt-out", "research-release")
    assert not standing.exists()
    assert question_of(speaker.speaker, campaign).changes == []


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ("One. Two.", "One. Two.", ["same"]),
        ("One. Two.", "One. Two and a half.", ["same", "removed", "added"]),
        ("One.\n\nTwo.", "One.\n\nNew.\n\nTwo.", ["same", "added", "same"]),
        ("", "New.", ["added"]),
        ("Version 1.5 holds.", "Version 1.5 holds.", ["same"]),
    ],
)
def test_a_new_text_is_marked_where_it_differs(before: str, after: str, kinds: list[str]):
    changes = changes_between(before, after)
    assert [change.kind for change in changes] == kinds
    assert "".join(c.text for c in changes if c.kind != "removed") == after


def test_agreeing_again_adds_no_line(stranger: Person, campaign: Campaign):
    stranger.consent(campaign, Purpose.RESEARCH_RELEASE)
    clip = stranger.lend(campaign, "yes")
    for _ in range(3):
        change(stranger, "opt-in", SELL, include_earlier=True)
    assert purposes_of(clip) == {"research-release", SELL}
    num_lines = ConsentEvent.objects.count()
    assert num_lines == 3, "the first consent, the clip's, and the one from now on"
    change(stranger, "opt-in", SELL)
    assert ConsentEvent.objects.count() == num_lines
    stranger.consent(campaign, Purpose.RESEARCH_RELEASE, SELL)
    assert ConsentEvent.objects.count() == num_lines


@pytest.mark.parametrize("do", ["opt-in", "opt-out"])
def test_the_ledger_is_not_filled_by_switching_to_and_fro(
    do: str, speaker: Person, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
):
    cache.clear()
    rates = {**ScopedRateThrottle.THROTTLE_RATES, "consents": "2/hour"}
    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", rates)
    path, body = f"me/consents/{agreement(speaker)['id']}/{do}", {"purposes": [SELL]}
    answers = [speaker.post(path, body).status_code for _ in range(3)]
    cache.clear()
    assert answers == [200, 200, 429]
