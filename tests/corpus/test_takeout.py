"""Everything that a person ever gave: whole, theirs alone, resumable, and nothing left behind."""

from __future__ import annotations

import hashlib
import io
import json
import tracemalloc
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collector.access import Actor
from collector.models import Campaign, Clip, ClipStatus
from collector.services import join_as_speaker, tell_about
from collector.storage import audio_store, clip_folder, master_key, original_key
from corpus.services import cut_release
from tests.collector.test_accounts import sign_in
from tests.corpus.rows import accepted_row, join
from tests.people import Person, audio_of
from tests.pipeline import accepted, judge, process

ROOT = f"choir-{timezone.now().date().isoformat()}"


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def hang_up(response: Any) -> None:
    """Go away without reading, as the server sees it."""
    request_finished.disconnect(close_old_connections)  # the test's own connection stays
    response.close()
    request_finished.connect(close_old_connections)


def opened(whole: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        return {info.filename: archive.read(info) for info in archive.infolist()}


def taken_out(person: Person, query: str = "") -> dict[str, bytes]:
    """The archive's files, by their path in its folder."""
    response = person.get(f"takeout{query}")
    assert response.status_code == 200, response.content
    whole = body_of(response)
    assert len(whole) == int(response["Content-Length"])
    files = opened(whole)
    assert all(path.startswith(f"{ROOT}/") for path in files)
    return {path.removeprefix(f"{ROOT}/"): body for path, body in files.items()}


def lines_of(files: dict[str, bytes], folder: str = "speaker-1") -> list[dict[str, Any]]:
    return [json.loads(line) for line in files[f"{folder}/clips.jsonl"].splitlines()]


@pytest.fixture(autouse=True)
def no_cursor_is_left(db: None) -> Iterator[None]:
    """Whatever was asked, the database holds nothing of it afterwards."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_cursors WHERE name LIKE 'takeout%%'")
        assert cursor.fetchall() == []


def test_all_that_was_given_is_in_it(
    speaker: Person, campaign: Campaign, reviewer: Person, second_reviewer: Person, curator: Person
):
    tell_about(speaker.speaker, {"age_band": "fifties", "accent": "Viennese"})
    clip = accepted(speaker, campaign, "yes", (reviewer, second_reviewer))
    cut_release(Actor(user=curator.user), campaign)
    files = taken_out(speaker)
    (line,) = lines_of(files)
    original = files[f"speaker-1/{line['original']['file']}"]
    master = files[f"speaker-1/{line['master']['file']}"]
    assert line["original"]["file"] == "audio/words/00001-yes-original.flac"
    assert original == audio_of("yes")
    assert hashlib.sha256(master).hexdigest() == clip.master_sha256
    assert line["prompt"] == {"kind": "keyword", "text": "yes"}
    assert line["state"] == "released"
    assert line["measurements"] == clip.measurements
    assert line["scores"][0]["match"] > 0.5
    assert [vote["verdict"] for vote in line["votes"]] == ["accept", "accept"]
    assert [each["version"] for each in line["releases"]] == [1]
    receipt = json.loads(files[f"speaker-1/{line['consent']}"])
    agreed = receipt["dpv:hasRecordOfActivity"]
    assert agreed["dct:identifier"] == str(clip.consent_id)
    text = files["speaker-1/consents/words-text-1-en.txt"]
    assert hashlib.sha256(text).hexdigest() == agreed["dpv:hasNotice"]["choir:sha256"]
    known = json.loads(files["speaker-1/speaker.json"])
    assert known["about"][0]["accent"] == "Viennese"
    assert known["campaigns"][0]["pseudonym"] == clip.participation.pseudonym
    page = files["index.html"].decode()
    assert 'href="speaker-1/audio/words/00001-yes-original.flac"' in page


def test_who_reviewed_is_nowhere_in_it(
    speaker: Person, campaign: Campaign, reviewer: Person, second_reviewer: Person
):
    accepted(speaker, campaign, "yes", (reviewer, second_reviewer))
    for body in taken_out(speaker).values():
        assert b"reviewer@" not in body
        assert b"reviewer_id" not in body


def test_a_clip_that_was_taken_back_is_its_tombstone_only(speaker: Person, campaign: Campaign):
    gone, kept = speaker.lend(campaign, "yes"), speaker.lend(campaign, "no")
    speaker.post(f"clips/{gone.pk}/withdraw")
    files = taken_out(speaker)
    tombstone, line = lines_of(files)
    assert set(tombstone) == {
        "number", "id", "campaign", "state", "held_since", "received_at", "withdrawn_at",
        "erased_at", "original_sha256", "master_sha256", "consent",
    }  # fmt: skip
    assert tombstone["id"] == str(gone.pk)
    audio = [path for path in files if "/audio/" in path]
    assert audio == [f"speaker-1/{line['original']['file']}"], "not measured yet: no master"
    assert line["id"] == str(kept.pk)
    assert audio[0].endswith("00002-no-original.flac"), "sniffed, as nothing was measured"


def test_an_original_that_was_not_to_be_kept_is_not_in_it(stranger: Person, campaign: Campaign):
    stranger.consent(campaign, "research-release")
    clip = process(stranger.lend(campaign, "yes"))
    files = taken_out(stranger)
    (line,) = lines_of(files)
    assert (line["original"]["file"], line["original"]["sha256"]) == (None, clip.original_sha256)
    assert [path for path in files if "/audio/" in path] == [f"speaker-1/{line['master']['file']}"]
    assert f'class="play" href="speaker-1/{line["master"]["file"]}"' in files["index.html"].decode()


def test_it_is_taken_up_again_where_it_broke_off(speaker: Person, campaign: Campaign):
    process(speaker.lend(campaign, "yes"))
    first = speaker.get("takeout")
    whole, tag = body_of(first), first["ETag"]
    again = speaker.get("takeout", Range="bytes=5000-", **{"If-Range": tag})
    assert again.status_code == 206
    assert body_of(again) == whole[5000:]
    assert speaker.get("takeout", **{"If-None-Match": tag}).status_code == 304
    assert speaker.get("takeout", Range=f"bytes={len(whole)}-").status_code == 416
    speaker.lend(campaign, "no")
    other = speaker.get("takeout", Range="bytes=5000-", **{"If-Range": tag})
    assert other.status_code == 200, "other bytes are never glued to the first ones"
    assert other["ETag"] != tag
    hang_up(other)


def test_one_pass_over_the_clips_tells_its_length_and_its_tag(speaker: Person, campaign: Campaign):
    process(speaker.lend(campaign, "yes"))
    with CaptureQueriesContext(connection) as asked:
        response = speaker.get("takeout")
    assert response["ETag"]
    assert int(response["Content-Length"])
    passes = [query["sql"] for query in asked if "MOVE ABSOLUTE 0" in query["sql"]]
    assert len(passes) == 1, "else the first byte of many clips comes late"
    hang_up(response)


def test_an_answer_that_nobody_reads_leaves_nothing_open(speaker: Person, campaign: Campaign):
    speaker.lend(campaign, "yes")
    hang_up(speaker.get("takeout"))


def test_a_clip_that_is_erased_meanwhile_spoils_nothing_else(speaker: Person, campaign: Campaign):
    lost, kept = process(speaker.lend(campaign, "yes")), process(speaker.lend(campaign, "no"))
    response = speaker.get("takeout")
    audio_store().delete_folder(clip_folder(lost.pk))
    files = opened(body_of(response))
    filled = files[f"{ROOT}/speaker-1/audio/words/00001-yes-original.flac"]
    assert filled.startswith(b"This recording was taken back while")
    assert len(filled) == lost.original_num_bytes
    assert files[f"{ROOT}/speaker-1/audio/words/00002-no-original.flac"] == audio_of("no")
    assert kept.status == ClipStatus.TRANSCODED


def test_votes_that_come_meanwhile_change_nothing_of_it(
    speaker: Person, campaign: Campaign, reviewer: Person, second_reviewer: Person
):
    clip = process(speaker.lend(campaign, "yes"))
    response = speaker.get("takeout")
    for person in (reviewer, second_reviewer):
        judge(person, campaign, "accept")
    whole = body_of(response)
    assert len(whole) == int(response["Content-Length"])
    line = json.loads(opened(whole)[f"{ROOT}/speaker-1/clips.jsonl"])
    assert (line["id"], line["votes"]) == (str(clip.pk), [])
    assert len(lines_of(taken_out(speaker))[0]["votes"]) == 2


def test_an_account_finds_each_of_its_speakers_in_a_folder(
    speaker: Person, campaign: Campaign, client: Client
):
    speaker.lend(campaign, "yes")
    account = sign_in(Person(client))
    account.post("speakers/adopt", {"recovery_phrase": speaker.phrase, "label": "Grandma Ö"})
    account.post("speakers", {"label": "Ben"})
    files = taken_out(account)
    assert {path.split("/")[0] for path in files} == {
        "index.html", "account.json", "votes.jsonl", "speaker-1-grandma-ö", "speaker-2-ben",
    }  # fmt: skip
    assert len(lines_of(files, "speaker-1-grandma-ö")) == 1
    assert files["speaker-2-ben/clips.jsonl"] == b""
    assert json.loads(files["account.json"])["email"] == account.user.email  # type: ignore[union-attr]


def test_the_phrase_is_enough_on_another_device(speaker: Person, campaign: Campaign):
    speaker.lend(campaign, "yes")
    elsewhere = Person(Client())
    assert elsewhere.get("takeout").json()["code"] == "speaker_unknown"
    elsewhere.post("speakers/recover", {"recovery_phrase": speaker.phrase})
    assert taken_out(elsewhere) == taken_out(speaker)


def test_nobody_elses_clip_is_in_it(speaker: Person, campaign: Campaign):
    speaker.lend(campaign, "yes")
    other = Person(Client())
    other.consent(campaign)
    assert lines_of(taken_out(other)) == []


def test_the_page_in_it_speaks_the_visitors_language(speaker: Person, campaign: Campaign):
    speaker.lend(campaign, "yes")
    response = speaker.get("takeout", **{"Accept-Language": "de"})
    page = opened(body_of(response))[f"{ROOT}/index.html"].decode()
    assert '<html lang="de"' in page
    assert "Alles, was ich je beigetragen habe" in page


def test_what_people_wrote_is_no_markup(speaker: Person, campaign: Campaign):
    clip = process(speaker.lend(campaign, "yes"))
    clip.review_case.accepted_text = '"><script>alert(1)</script>'
    type(clip.review_case).objects.filter(clip=clip).update(
        status="accepted", accepted_text=clip.review_case.accepted_text
    )
    page = taken_out(speaker)["index.html"].decode()
    assert "<script>alert" not in page


def test_a_thousand_clips_need_no_more_memory_than_a_few(campaign: Campaign):
    """Also none for the sound: one clip is held at a time."""
    part = join(campaign, 1)
    clip = accepted_row(part, "yes")
    sound = bytes(100_000)
    packed = {**clip.measurements, "container": "flac", "codec": "flac"}
    Clip.objects.filter(pk=clip.pk).update(original_num_bytes=len(sound), measurements=packed)
    clip.refresh_from_db()
    person = Person(Client())
    person.consent(campaign)
    session = person.client.session
    session["speaker_id"] = str(part.speaker_id)
    session.save()

    def needed(num_clips: int) -> int:
        have = Clip.objects.filter(participation=part).count()
        Clip.objects.bulk_create(copies_of(clip, num_clips - have))
        response = person.get("takeout")
        tracemalloc.start()
        num_bytes = sum(map(len, response.streaming_content))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert num_bytes == int(response["Content-Length"]) > num_clips * len(sound)
        return peak

    class Silence:
        """A store in which every clip is there, and is silent."""

        def get(self, key: str) -> bytes:
            return bytes(20_000 if "master" in key else len(sound))

        def with_keys(self, _key: object) -> Silence:
            return self

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("corpus.takeout.sound.audio_store", Silence)
        few, many = needed(300), needed(1_200)
    directory = 2 * 900 * 200  # the lines that each file leaves in the directory
    assert many < few + directory + 1_000_000


def copies_of(clip: Clip, count: int) -> list[Clip]:
    made = []
    for _ in range(count):
        copy = Clip.objects.get(pk=clip.pk) if not made else Clip(**fields_of(made[0]))
        copy.pk = type(clip)._meta.pk.get_default()
        made.append(copy)
    return made


def fields_of(clip: Clip) -> dict[str, Any]:
    return {each.attname: getattr(clip, each.attname) for each in clip._meta.concrete_fields}


def test_the_page_says_how_much_it_is(speaker: Person, stranger: Person, campaign: Campaign):
    clip = process(speaker.lend(campaign, "yes"))
    text = speaker.client.get("/me/takeout/").content.decode()
    assert "/api/v1/takeout" in text
    assert str((clip.original_num_bytes + (clip.master_num_bytes or 0)) // 1024) in text
    assert "/api/v1/takeout" not in stranger.client.get("/me/takeout/").content.decode()


def test_it_is_limited(speaker: Person, campaign: Campaign, monkeypatch: pytest.MonkeyPatch):
    from config.throttling import PersonThrottle

    rates = {**PersonThrottle.THROTTLE_RATES, "takeouts": "1/min"}
    monkeypatch.setattr(PersonThrottle, "THROTTLE_RATES", rates)
    hang_up(speaker.get("takeout"))
    assert speaker.get("takeout").status_code == 429


def test_files_lie_where_the_store_has_them(speaker: Person, campaign: Campaign):
    """Nothing is made for it: it reads the very two files that there are."""
    clip = process(speaker.lend(campaign, "yes"))
    before = audio_store().keys(clip_folder(clip.pk))
    taken_out(speaker)
    assert audio_store().keys(clip_folder(clip.pk)) == before
    assert original_key(clip.pk, clip.original_sha256) in before
    assert master_key(clip.pk, clip.master_sha256) in before


def test_a_speaker_without_clips_has_an_archive_too(client: Client, db: None):
    speaker, _phrase = join_as_speaker()
    session = client.session
    session["speaker_id"] = str(speaker.pk)
    session.save()
    assert lines_of(taken_out(Person(client))) == []
