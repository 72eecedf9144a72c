"""The signed lists of what was taken back: their bytes, their numbers, their key."""

from __future__ import annotations

import base64
import json
import subprocess
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from collector.access import Actor
from collector.audio.cut import cut_second, whole_wav
from collector.models import Campaign, Clip, ClipStatus
from collector.services import erase_clip
from collector.storage import audio_store, master_key
from corpus.errors import ListUnknown, RevocationKeyWrong
from corpus.models import (
    Attestation,
    Release,
    ReleaseEntry,
    Revocation,
    RevocationKey,
    RevocationList,
)
from corpus.revocations import document, keys
from corpus.revocations.timing import is_due, time_of_list
from corpus.selectors import attestations_of
from corpus.services import (
    adopt_list,
    erase_answers,
    fill_hashes,
    make_token,
    publish_revocations,
    rotate_key,
    withdraw,
)
from corpus.services import revocations as service
from tests.corpus.rows import accepted_row, join
from tests.people import Person
from tests.pipeline import process

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ENTRY = document.Entry(
    uuid.UUID(int=7), {"wav": "b" * 64, "flac": "a" * 64}, NOON, "words-1", "withdrawn"
)


def head(number: int = 2, num_entries: int = 1) -> document.Head:
    return document.Head(
        number, NOON, NOON + timedelta(days=1), "0" * 64, num_entries,
        {"b": {"name": "words-2", "revision": 0}, "a": {"revision": 3, "name": "words-1"}},
    )  # fmt: skip


def test_a_list_is_these_bytes():
    assert b"".join(document.whole(head(), [document.entry_line(ENTRY)])).decode() == (
        '{\n"list_number": 2,\n"since": 0,\n"this_update": "2026-11-21T12:00:00Z",\n'
        '"next_update": "2026-11-22T12:00:00Z",\n'
        f'"previous_sha256": "{"0" * 64}",\n"num_entries": 1,\n'
        '"releases": {"a":{"name":"words-1","revision":3},"b":{"name":"words-2","revision":0}},\n'
        '"entries": [\n'
        '{"clip_id":"00000000-0000-0000-0000-000000000007",'
        f'"sha256":{{"flac":"{"a" * 64}","wav":"{"b" * 64}"}},'
        '"revoked_at":"2026-11-21T12:00:00Z","first_release":"words-1","reason":"withdrawn"}\n'
        "]\n}\n"
    )


@pytest.mark.parametrize("count", [0, 1, 2, 511, 512, 513, 1025])
def test_a_list_of_any_length_is_json(count: int):
    parsed = json.loads(b"".join(document.whole(head(), [document.entry_line(ENTRY)] * count)))
    assert len(parsed["entries"]) == count


def test_what_came_since_names_the_hashes_of_both_lists():
    parsed = json.loads(b"".join(document.since(head(), 1, "c" * 64, "d" * 64, [])))
    assert (parsed["since"], parsed["since_sha256"], parsed["whole_sha256"]) == (
        1, "c" * 64, "d" * 64,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("after_s", "has_waiting", "due"),
    [
        (0, False, False), (0, True, False), (9, True, False), (10, True, True),
        (43_199, False, False), (43_200, False, True), (90_000, False, True),
        (-3_600, True, False),  # the clock was set back
    ],
)  # fmt: skip
def test_when_a_list_is_due(after_s: int, has_waiting: bool, due: bool):
    newest = (NOON, NOON + timedelta(days=1))
    assert is_due(NOON + timedelta(seconds=after_s), newest, has_waiting=has_waiting) is due


def test_the_first_list_is_due_at_once():
    assert is_due(NOON, None, has_waiting=False)


def test_no_list_looks_older_than_the_one_before_it():
    assert time_of_list(NOON - timedelta(hours=1), NOON) == NOON
    assert time_of_list(NOON + timedelta(microseconds=5), None) == NOON


def test_a_key_is_made_once_and_is_its_owner_s_alone(tmp_path: Path):
    path = tmp_path / "secrets" / "key.pem"
    first = keys.read_or_make_key(path)
    assert keys.public_of(keys.read_or_make_key(path)) == keys.public_of(first)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["key.pem"]


def test_a_file_that_is_no_key_is_refused():
    with pytest.raises(keys.KeyUnreadable, match="PEM"):
        keys.parse_key(b"hello")


def test_only_the_key_before_hands_over():
    old, new, other = keys.make_key(), keys.public_of(keys.make_key()), keys.make_key()
    signed = keys.hand_over(old, new)
    assert keys.is_handed_over(keys.public_of(old), new, signed)
    assert not keys.is_handed_over(keys.public_of(other), new, signed)
    assert not keys.is_handed_over(keys.public_of(old), keys.public_of(other), signed)


# --- with the database ---------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test's lists begin with a key of their own."""
    path = tmp_path / "key.pem"
    monkeypatch.setattr(settings, "REVOCATION_KEY_FILE", path)
    return path


@pytest.fixture
def released(campaign: Campaign, curator: Person) -> list[Clip]:
    """Four clips in a release, of one speaker."""
    part = join(campaign, 1)
    clips = [accepted_row(part, text) for text in ("yes", "no", "go", "stop")]
    assert curator.post("campaigns/words/releases").status_code == 201
    return sorted(clips, key=lambda clip: clip.pk)


def take_back(clip: Clip) -> None:
    withdraw(Actor(speaker=clip.participation.speaker), clip.pk)


def publish(monkeypatch: pytest.MonkeyPatch) -> RevocationList:
    """The next list, as if the quiet after the last one were over."""
    monkeypatch.setattr("corpus.revocations.timing.QUIET", timedelta(0))
    made = publish_revocations()
    assert made is not None
    return made


def get_list(client: Client, **which: int) -> tuple[dict[str, Any], bytes, str]:
    """What the site answers: parsed, as bytes, and the signature (hex)."""
    response: Any = client.get("/api/v1/revocations.json", which)
    assert response.status_code == 200, response.content
    content = b"".join(response) if response.streaming else response.content
    return json.loads(content), content, base64.b64decode(response["Choir-Signature"]).hex()


def test_the_first_list_is_empty_and_signed(client: Client, db: None):
    assert client.get("/api/v1/revocations.json").status_code == 404
    publish_revocations()
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


def test_a_new_key_is_signed_by_the_old_one_and_signs_from_then_on(
    client: Client, own_key: Path, db: None
):
    publish_revocations()
    was = own_key.read_bytes()
    rotate_key()
    assert own_key.read_bytes() == was, "nothing is replaced before the world is told"
    old, new = client.get("/api/v1/revocations/key").json()
    assert keys.is_handed_over(old["public_key"], new["public_key"], new["signature"])
    assert keys.is_signed(new["public_key"], b"x", service.sign(b"x"))
    assert [path.name for path in own_key.parent.glob("key.pem*")] == ["key.pem"]
    assert own_key.stat().st_mode & 0o777 == 0o600


def test_a_machine_with_another_key_signs_nothing(
    own_key: Path, db: None, monkeypatch: pytest.MonkeyPatch
):
    publish_revocations()
    other = keys.as_pem(keys.make_key()).decode()
    monkeypatch.setattr(settings, "REVOCATION_KEY", other)
    with pytest.raises(RevocationKeyWrong):
        service.sign(b"x")
    monkeypatch.setattr(settings, "REVOCATION_KEY", own_key.read_text())
    assert service.sign(b"x")


def test_a_restored_site_goes_on_after_the_list_that_it_had_published(
    client: Client, released: list[Clip], monkeypatch: pytest.MonkeyPatch
):
    publish(monkeypatch)
    before = transaction.savepoint()
    for clip in released[:2]:
        take_back(clip)
        newest = publish(monkeypatch)
    _, content, signature = get_list(client)
    transaction.savepoint_rollback(before)
    assert RevocationList.objects.count() == 1
    with pytest.raises(ListUnknown):
        adopt_list(content.replace(b"withdrawn", b"quality"), bytes.fromhex(signature))
    adopted = adopt_list(content, bytes.fromhex(signature))
    assert (adopted.number, adopted.sha256) == (3, newest.sha256)
    assert get_list(client)[1] == content
    take_back(released[0])  # the restored database does not know of it either
    take_back(released[3])
    parsed, _, _ = (publish(monkeypatch), *get_list(client))[1:]
    assert [entry["clip_id"] for entry in parsed["entries"]] == [
        str(released[n].pk) for n in (0, 1, 3)
    ]
    with pytest.raises(ListUnknown):
        adopt_list(content, bytes.fromhex(signature))


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


def test_who_pruned_a_copy_says_so_with_their_token_and_is_counted(
    researcher: Person, client: Client, released: list[Clip], monkeypatch: pytest.MonkeyPatch
):
    publish(monkeypatch)
    take_back(released[0])
    newest, release = publish(monkeypatch), Release.objects.get()
    _, token = make_token(Actor(user=researcher.user), "attests", 30)

    def attest(**said: object) -> int:
        body = {
            "format": "nemo", "revision": 1, "list_number": newest.number,
            "list_sha256": newest.sha256, "num_removed": 1, **said,
        }  # fmt: skip
        headers = {"Authorization": f"Bearer {token}"}
        path = f"/api/v1/releases/{release.pk}/attestations"
        return client.post(path, body, "application/json", headers=headers).status_code

    assert attest(list_sha256="0" * 64) == 404
    assert attest(format="mp3") == 400
    assert [attest(), attest(), Attestation.objects.count()] == [201, 200, 1]
    assert attestations_of([released[0].pk]).count() == 1
    assert attestations_of([released[1].pk]).count() == 0
    assert attest(list_number=1, list_sha256=RevocationList.objects.get(number=1).sha256) == 201
    assert attestations_of([released[0].pk]).count() == 1, "the list before did not name it"
    headers = {"Authorization": f"Bearer {token}"}
    path = f"/api/v1/releases/{release.pk}"
    refused = client.patch(path, {"is_public": True}, "application/json", headers=headers)
    assert refused.json()["code"] == "token_only_reads"


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


def test_an_operator_turns_the_key_and_takes_up_a_published_list(
    client: Client, released: list[Clip], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    def run(*words: str) -> dict[str, Any]:
        call_command("revocations", *words)
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        return answer

    assert run("publish") == {"list_number": 1}
    assert run("publish") == {"list_number": None}
    assert run("fill") == {"filled": 0}
    assert (
        run("rotate")["fingerprint"]
        == client.get("/api/v1/revocations/key").json()[1]["fingerprint"]
    )
    _, content, signature = get_list(client)
    (tmp_path / "list").write_bytes(content)
    (tmp_path / "sig").write_bytes(bytes.fromhex(signature))
    with pytest.raises(SystemExit) as ended:
        run("adopt", str(tmp_path / "list"), str(tmp_path / "sig"))
    assert ended.value.code == 3, "it is here already"
