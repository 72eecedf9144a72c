"""The signed lists of what was taken back, as the site gives them."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from collector.audio.cut import cut_second, whole_wav
from collector.models import Campaign, Clip, ClipStatus
from collector.services import erase_clip
from collector.storage import audio_store, master_key
from corpus.models import (
    Release,
    ReleaseEntry,
    Revocation,
    RevocationKey,
    RevocationList,
)
from corpus.revocations import document, keys
from corpus.services import (
    erase_answers,
    fill_hashes,
    publish_revocations,
)
from tests.corpus.revocations.lists import get_list, publish, take_back
from tests.corpus.rows import accepted_row, join
from tests.people import Person
from tests.pipeline import process


def test_the_first_list_is_there_when_somebody_asks_and_is_empty_and_signed(
    client: Client, db: None
):
    parsed, content, signature = get_list(client)
    assert (parsed["list_number"], parsed["entries"]) == (1, [])
    (key,) = client.get("/api/v1/revocations/key").json()
    assert keys.is_signed(key["public_key"], content, signature)
    assert publish_revocations() is None, "and no other is due"


def test_openssl_finds_the_signature_good(client: Client, db: None, tmp_path: Path):
    publish_revocations()
    for name, path in (("list", ".json"), ("sig", ".json.sig"), ("pem", "/key.pem")):
        response: Any = client.get(f"/api/v1/revocations{path}")
        (tmp_path / name).write_bytes(b"".join(response))
    command = "openssl pkeyutl -verify -pubin -inkey pem -rawin -in list -sigfile sig"
    done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_clip_that_was_released_and_taken_back_is_on_the_next_list(
    client: Client, released: list[Clip], campaign: Campaign, monkeypatch: pytest.MonkeyPatch
):
    publish_revocations()
    unreleased = accepted_row(join(campaign, 2), "help")
    for clip in (released[0], unreleased):
        take_back(clip)
    publish(monkeypatch)
    parsed, content, _ = get_list(client)
    (entry,) = parsed["entries"]
    assert entry["clip_id"] == str(released[0].pk)
    assert (entry["first_release"], entry["reason"]) == ("words-1", "withdrawn")
    assert entry["sha256"] == {"flac": "b" * 64}
    part = released[0].participation
    for told in (part.pseudonym, str(part.speaker_id), str(unreleased.pk)):
        assert told.encode() not in content
    release = Release.objects.get()
    assert parsed["releases"][str(release.pk)] == {
        "name": "words-1", "revision": 1, "changed_otherwise_in": 0,
    }  # fmt: skip


def test_a_list_says_when_a_release_changed_otherwise_too(
    client: Client, released: list[Clip], monkeypatch: pytest.MonkeyPatch
):
    """Then a copy cannot be brought to the release's revision by taking clips out."""
    ReleaseEntry.objects.filter(clip=released[1]).update(details={"age": "thirties"})
    take_back(released[0])
    erase_answers(released[1].participation.speaker)
    take_back(released[2])
    publish(monkeypatch)
    (release,) = get_list(client)[0]["releases"].values()
    assert (release["revision"], release["changed_otherwise_in"]) == (3, 2)


def test_what_came_since_and_what_was_known_make_the_whole(
    client: Client, released: list[Clip], monkeypatch: pytest.MonkeyPatch
):
    for clip in released[:3]:
        publish(monkeypatch)
        take_back(clip)
    newest = publish(monkeypatch)
    assert newest.number == 4
    whole, content, _ = get_list(client)
    for number in (1, 2, 3, 4):
        delta, delta_bytes, signature = get_list(client, since=number)
        then, then_bytes, _ = get_list(client, number=number)
        assert then["entries"] + delta["entries"] == whole["entries"]
        assert delta["since_sha256"] == document.sha256_of([then_bytes])
        assert delta["whole_sha256"] == document.sha256_of([content])
        assert keys.is_signed(RevocationKey.objects.get().public_key, delta_bytes, signature)
    previous, previous_bytes, _ = get_list(client, number=3)
    assert whole["previous_sha256"] == document.sha256_of([previous_bytes])
    assert (whole["num_entries"], previous["num_entries"]) == (3, 2)
    assert client.get("/api/v1/revocations.json?number=9").status_code == 404


def test_a_list_that_one_has_is_not_sent_again(client: Client, db: None):
    publish_revocations()
    tag = client.get("/api/v1/revocations.json")["ETag"]
    again = client.get("/api/v1/revocations.json", headers={"If-None-Match": tag})
    assert (again.status_code, again["ETag"]) == (304, tag)
    delta = client.get("/api/v1/revocations.json?since=1", headers={"If-None-Match": tag})
    assert delta.status_code == 200


def test_a_list_is_renewed_before_its_time_is_over(db: None, monkeypatch: pytest.MonkeyPatch):
    first = publish_revocations()
    assert first is not None
    monkeypatch.setattr(settings, "REVOCATIONS_VALID_S", 60)
    RevocationList.objects.bulk_create([
        RevocationList(
            number=2, this_update=timezone.now() - timedelta(hours=1),
            next_update=timezone.now() + timedelta(minutes=59), num_entries=0, releases={},
            previous_sha256=first.sha256, sha256="e" * 64, num_bytes=1, key=first.key,
            signature="",
        )
    ])  # fmt: skip
    renewed = publish_revocations()
    assert renewed is not None
    assert (renewed.number, renewed.previous_sha256) == (3, "e" * 64)


def test_the_database_keeps_what_was_published(
    client: Client, released: list[Clip], monkeypatch: pytest.MonkeyPatch
):
    take_back(released[0])
    publish(monkeypatch)
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        Revocation.objects.all().delete()
    for model in (RevocationKey, RevocationList):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            model.objects.update(signature="f")


def test_the_hashes_of_all_that_is_shipped_outlive_the_audio(speaker: Person, campaign: Campaign):
    clip = process(speaker.lend(campaign, "yes"))
    flac = audio_store().get(master_key(clip.pk, clip.master_sha256))
    shipped = {
        "wav_sha256": document.sha256_of([whole_wav(flac)]),
        "second_wav_sha256": document.sha256_of([cut_second(flac, clip.loudest_second_offset)]),
    }
    assert Clip.objects.values(*shipped).get() == shipped
    Clip.objects.update(wav_sha256="", second_wav_sha256="")
    assert (fill_hashes(), fill_hashes()) == (1, 0)
    take_back(clip)
    erase_clip(clip.pk)
    assert Clip.objects.values("status", *shipped).get() == {
        "status": ClipStatus.ERASED, **shipped,
    }  # fmt: skip


def test_everybody_sees_how_much_was_taken_back_and_how_to_check_it(
    client: Client, released: list[Clip], monkeypatch: pytest.MonkeyPatch
):
    assert client.get("/transparency/").status_code == 200, "also before the first list"
    for clip in released[:2]:
        take_back(clip)
        newest = publish(monkeypatch)
    page = client.get("/transparency/").content.decode()
    assert "2 published clips were taken back" in page
    assert newest.sha256[:16] in page
    assert keys.fingerprint(newest.key.public_key) in page
    assert str(released[0].pk) not in page
    assert page.count("<rect") == 1 + client.get("/problems/").content.count(b"<rect"), "a month"
