"""Legal holds: out of circulation, and kept, until the law lets go."""

from __future__ import annotations

import io
import json
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from collector.access import Actor
from collector.errors import NotFound, RoleMissing
from collector.models import Campaign, Clip, Event, LegalHold, User
from collector.services import erase_clip
from collector.storage import audio_store, clip_folder
from corpus.errors import AlreadyHeld, NothingToHold
from corpus.recipe import Recipe
from corpus.services import cut_release, lift_hold, place_hold, withdraw
from tests.corpus.rows import accepted_row, join
from tests.people import Person
from tests.pipeline import next_cases, process

BASIS = "Order 12/2026 of the regional court"


def test_a_held_clip_is_in_no_review_and_no_release_and_comes_back(
    curator: Person, campaign: Campaign
):
    actor = Actor(user=curator.user)
    part = join(campaign, 1)
    held, other = accepted_row(part, "yes"), accepted_row(part, "stop")
    release = cut_release(actor, campaign)
    hold = place_hold(actor, held.pk, BASIS)
    assert (hold.placed_by, hold.lifted_at) == (curator.user, None)
    release.refresh_from_db()
    assert release.revision == 1
    assert list(release.entries.filter(is_withdrawn=False).values_list("clip", flat=True)) == [
        other.pk
    ]
    assert cut_release(actor, campaign, Recipe()).entries.count() == 1
    assert Event.objects.get(kind="hold_placed").data["basis"] == BASIS
    assert lift_hold(actor, held.pk)
    assert not lift_hold(actor, held.pk)
    assert cut_release(actor, campaign, Recipe()).entries.count() == 2
    assert Event.objects.filter(kind="hold_lifted", clip_id=held.pk).exists()


def test_reviewers_are_not_given_a_held_clip(
    speaker: Person, reviewer: Person, curator: Person, campaign: Campaign
):
    early, late = speaker.lend(campaign, "yes"), speaker.lend(campaign, "stop")
    process(early)
    actor = Actor(user=curator.user)
    for clip in (early, late):
        place_hold(actor, clip.pk, BASIS)
    process(late)  # held before it had a case
    assert next_cases(reviewer, campaign, 5) == []
    lift_hold(actor, late.pk)
    assert len(next_cases(reviewer, campaign, 5)) == 1


def test_what_is_taken_back_under_a_hold_is_erased_when_it_is_lifted(
    speaker: Person, curator: Person, campaign: Campaign, django_capture_on_commit_callbacks: object
):
    clip = speaker.lend(campaign, "yes")
    actor = Actor(user=curator.user)
    place_hold(actor, clip.pk, BASIS)
    withdraw(Actor(speaker=speaker.speaker), clip.pk)
    assert not erase_clip(clip.pk)
    assert audio_store().keys(clip_folder(clip.pk)), "the law wants it"
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        lift_hold(actor, clip.pk)
    assert audio_store().keys(clip_folder(clip.pk)) == []
    clip.refresh_from_db()
    assert clip.status == "erased"
    with pytest.raises(NothingToHold):
        place_hold(actor, clip.pk, BASIS)


def test_a_speaker_is_told_of_a_hold_in_plain_words(
    speaker: Person, curator: Person, campaign: Campaign
):
    clip, other = speaker.lend(campaign, "yes"), speaker.lend(campaign, "stop")
    since = place_hold(Actor(user=curator.user), clip.pk, BASIS).placed_at.isoformat()[:19]
    told = {each["id"]: each for each in speaker.get("clips").json()["results"]}
    held = told[str(clip.pk)]
    assert (held["state"], held["held_since"][:19], held["withdrawable"]) == ("held", since, True)
    assert "in no download" in held["state_label"]
    assert told[str(other.pk)]["held_since"] is None
    assert speaker.get("clips/summary").json()["shelves"]["not_used"] == 1
    scope = {"clips": [str(clip.pk), str(other.pk)]}
    assert speaker.post("withdrawals/foreseen", scope).json()["num_held"] == 1

    request_id = uuid.uuid4()
    address = f"/api/v1/withdrawals/{request_id}"
    taken_back = speaker.client.put(address, scope, content_type="application/json").json()
    assert (taken_back["num_held"], taken_back["held_since"][:19]) == (1, since)
    erase_clip(other.pk)
    (kept,) = speaker.get("clips?shelf=taken_back").json()["results"]
    assert (kept["state"], kept["held_since"][:19]) == ("kept", since)
    page = Client().get(f"/withdrawals/{request_id}/").content.decode()
    assert "1 clip is under a legal hold since" in page
    assert "It is in no download" in page
    assert "data-unsettled" not in page, "a hold may stand for years: nobody waits on the page"
    everything = page + json.dumps([held, kept, taken_back])
    assert BASIS not in everything, "the ground may tell of others"


def test_only_a_curator_places_a_hold_and_only_one_stands(
    curator: Person, reviewer: Person, campaign: Campaign
):
    clip = accepted_row(join(campaign, 1), "yes")
    with pytest.raises(RoleMissing):
        place_hold(Actor(user=reviewer.user), clip.pk, BASIS)
    place_hold(Actor(user=curator.user), clip.pk, BASIS)
    with pytest.raises(AlreadyHeld):
        place_hold(Actor(user=curator.user), clip.pk, BASIS)
    assert LegalHold.objects.count() == 1


def test_operators_hold_and_lift_by_command_and_by_page(curator: Person, campaign: Campaign):
    clip = accepted_row(join(campaign, 1), "yes")
    email = curator.user.email if curator.user else ""
    said = io.StringIO()
    call_command("legal_hold", str(clip.pk), curator=email, basis=BASIS, stdout=said)
    with pytest.raises(CommandError, match="A legal hold stands"):
        call_command("legal_hold", str(clip.pk), curator=email, basis=BASIS)
    call_command("legal_hold", str(clip.pk), "--lift", curator=email, stdout=said)
    assert "out of circulation" in said.getvalue()
    assert "Lifted" in said.getvalue()
    with pytest.raises(CommandError, match="No account"):
        call_command("legal_hold", str(clip.pk), "--lift", curator="nobody@example.org")
    User.objects.filter(pk=curator.user.pk if curator.user else 0).update(
        is_staff=True, is_superuser=True
    )
    form = {"clip_id": str(clip.pk), "basis": BASIS}
    added = curator.client.post("/admin/collector/legalhold/add/", form)
    assert added.status_code == 302, added.content
    hold = LegalHold.objects.get(lifted_at=None)
    action = {"action": "lift", "_selected_action": [str(hold.pk)]}
    curator.client.post("/admin/collector/legalhold/", action)
    assert not LegalHold.objects.filter(lifted_at=None).exists()


def test_a_clip_that_there_is_not_cannot_be_held(curator: Person, campaign: Campaign):
    clip_id = "00000000-0000-4000-8000-000000000000"
    with pytest.raises(NotFound):
        place_hold(Actor(user=curator.user), clip_id, BASIS)  # type: ignore[arg-type]
    assert not Clip.objects.exists()
    assert Client().get("/admin/collector/legalhold/").status_code == 302
