"""Taking back: one clip, some, a campaign, everything; by its speaker, an account, a letter."""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from collector import tasks as collector_tasks
from collector.access import Actor
from collector.errors import ConsentMissing
from collector.models import (
    Campaign,
    Clip,
    ClipStatus,
    ConsentEvent,
    ConsentKind,
    Event,
    EventKind,
    PromptTally,
    SpeakerSnapshot,
    User,
)
from collector.services import clips as clips_service
from collector.services import (
    erase_waiting,
    erasure,
    receive_clip,
)
from collector.storage import audio_store, clip_folder
from corpus.models import (
    Attestation,
    Download,
    Release,
    ReleaseEntry,
    Withdrawal,
    WithdrawalRequest,
)
from corpus.scopes import EVERYTHING, Scope
from corpus.services import (
    complete_withdrawals,
    cut_release,
    export_archive,
    publish_revocations,
    withdraw_all,
)
from tests.collector.test_accounts import sign_in
from tests.corpus.rows import accepted_row, another_campaign, join
from tests.people import Person, audio_of, content_digest
from validation.models import (
    CaseStatus,
    ClipReport,
    Decision,
    OwnVoice,
    PreScore,
    Review,
    ReviewCase,
    Skip,
)
from validation.services import remember_voice


def lend_rows(person: Person, campaign: Campaign, count: int, text: str = "yes") -> list[Clip]:
    """Accepted clips of the person's speaker (rows only)."""
    part = person.speaker.participations.get(campaign=campaign)
    return [accepted_row(part, text) for _ in range(count)]


def take_back(person: Person, **body: Any) -> dict[str, Any]:
    answer = person.client.put(
        f"/api/v1/withdrawals/{uuid.uuid4()}", body, content_type="application/json"
    )
    assert answer.status_code == 202, answer.content
    receipt: dict[str, Any] = answer.json()
    return receipt


def erase_all() -> None:
    """What the worker does, here and now."""
    while erase_waiting():
        pass
    complete_withdrawals()


def statuses(clips: list[Clip]) -> set[str]:
    return set(Clip.objects.filter(pk__in=[c.pk for c in clips]).values_list("status", flat=True))


def test_some_clips_are_taken_back_and_the_others_stay(speaker: Person, campaign: Campaign):
    clips = lend_rows(speaker, campaign, 5)
    asked = {"clips": [str(clip.pk) for clip in clips[:3]]}
    foreseen = speaker.post("withdrawals/foreseen", asked).json()
    assert foreseen == {"num_clips": 3, "num_held": 0, "releases": []}
    assert statuses(clips) == {ClipStatus.TRANSCODED}, "to ask changes nothing"
    receipt = take_back(speaker, **asked)
    assert (receipt["scope"], receipt["num_clips"], receipt["by"]) == ("clips", 3, "speaker")
    assert (statuses(clips[:3]), statuses(clips[3:])) == ({"withdrawn"}, {"transcoded"})
    assert not ConsentEvent.objects.filter(kind=ConsentKind.WITHDRAWN).exists()


def test_a_campaign_is_taken_back_and_the_other_stays(speaker: Person, campaign: Campaign):
    more = another_campaign()
    speaker.consent(more)
    here, there = lend_rows(speaker, campaign, 2), lend_rows(speaker, more, 2)
    receipt = take_back(speaker, campaign="words")
    assert (receipt["scope"], receipt["campaign"]) == ("campaign", "Words")
    assert (statuses(here), statuses(there)) == ({"withdrawn"}, {"transcoded"})
    ended = ConsentEvent.objects.get(kind=ConsentKind.WITHDRAWN)
    assert ended.participation.campaign == campaign


def test_everything_ends_the_consent_and_the_answers_too(speaker: Person, campaign: Campaign):
    speaker.client.put(
        "/api/v1/speakers/me/about", {"age_band": "sixties"}, content_type="application/json"
    )
    clips = lend_rows(speaker, campaign, 3)
    remember_voice(User.objects.create_user("ann@example.org"), speaker.speaker.pk)
    take_back(speaker, everything=True)
    assert statuses(clips) == {"withdrawn"}
    assert not SpeakerSnapshot.objects.exists()
    assert not OwnVoice.objects.exists(), "no account is known to be this speaker"
    late = speaker.put(audio_of("yes"), campaign.prompts.get(text="yes"))
    assert (late.status_code, late.json()["code"]) == (403, "consent_missing")
    assert speaker.consent(campaign).status_code == 201, "they may begin anew"
    assert speaker.put(audio_of("yes"), campaign.prompts.get(text="yes")).status_code == 201


def test_a_take_under_way_does_not_slip_past_everything(
    speaker: Person, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
):
    prompt, clip_id, data = campaign.prompts.get(text="yes"), uuid.uuid4(), audio_of("yes")
    lock = clips_service.lock_speaker

    def taken_back_meanwhile(speaker_id: uuid.UUID) -> object:
        withdraw_all(Actor(speaker=speaker.speaker), EVERYTHING)
        return lock(speaker_id)

    monkeypatch.setattr(clips_service, "lock_speaker", taken_back_meanwhile)
    sha256 = hashlib.sha256(data).hexdigest()
    with pytest.raises(ConsentMissing):
        receive_clip(speaker.speaker, clip_id, prompt, data, sha256, {})
    assert audio_store().keys(clip_folder(clip_id)) == []
    assert not Clip.objects.exists()


def test_an_empty_request_never_means_everything(speaker: Person, campaign: Campaign):
    clips = lend_rows(speaker, campaign, 1)
    for body in ({}, {"reason": "Because."}, {"everything": False}, {"clips": []}):
        answer = speaker.client.put(
            f"/api/v1/withdrawals/{uuid.uuid4()}", body, content_type="application/json"
        )
        assert answer.status_code == 400, body
    assert statuses(clips) == {"transcoded"}


def test_the_same_request_twice_is_one_withdrawal(speaker: Person, campaign: Campaign):
    lend_rows(speaker, campaign, 2)
    address, body = f"/api/v1/withdrawals/{uuid.uuid4()}", {"everything": True, "reason": "Why not"}
    first, again = (
        speaker.client.put(address, body, content_type="application/json").json() for _ in range(2)
    )
    assert first == again
    assert WithdrawalRequest.objects.get().reason == "Why not"
    assert Event.objects.filter(kind=EventKind.WITHDRAWAL_REQUESTED).count() == 1


def test_something_else_under_the_same_id_is_refused_and_not_just_answered(
    speaker: Person, campaign: Campaign
):
    clips = lend_rows(speaker, campaign, 3)
    address = f"/api/v1/withdrawals/{uuid.uuid4()}"
    first, more, other = (
        {"clips": [str(clip.pk) for clip in chosen]} for chosen in (clips[:2], clips, clips[1:])
    )

    def ask(body: dict[str, Any]) -> Any:
        return speaker.client.put(address, body, content_type="application/json")

    assert ask(first).status_code == 202
    for body in (more, other, {"everything": True}, {"campaign": "words"}):
        refused = ask(body)
        assert (refused.status_code, refused.json()["code"]) == (409, "withdrawal_differs"), body
    assert statuses(clips[2:]) == {"transcoded"}
    assert not ConsentEvent.objects.filter(kind=ConsentKind.WITHDRAWN).exists()
    assert ask(first).json()["num_clips"] == 2, "the same again is harmless"
    erase_all()
    assert ask(first).status_code == 200


def test_a_crash_between_the_files_and_the_row_forgets_no_file(
    speaker: Person, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
):
    clips = lend_rows(speaker, campaign, 2)
    for name in ("original-a", "master-b"):
        audio_store().put(f"{clip_folder(clips[0].pk)}/{name}", b"a voice")
    receipt = take_back(speaker, everything=True)

    def killed(_files: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(erasure, "_bury", killed)
        erase_waiting()
    assert audio_store().keys(clip_folder(clips[0].pk)) == []
    assert speaker.get(f"withdrawals/{receipt['id']}").json()["num_files"] == 0, "not done yet"
    Clip.objects.update(claimed_until=None, nudge_at="2000-01-01T00:00Z")
    erase_all()
    assert speaker.get(f"withdrawals/{receipt['id']}").json()["num_files"] == 2


def test_nobody_takes_back_what_is_anothers(
    speaker: Person, stranger: Person, campaign: Campaign, curator: Person
):
    clip = lend_rows(speaker, campaign, 1)[0]
    other = Person(Client())
    other.consent(campaign)
    for who, status in ((stranger, 403), (other, 404)):
        for body in ({"clips": [str(clip.pk)]},):
            address = f"/api/v1/withdrawals/{uuid.uuid4()}"
            answer = who.client.put(address, body, content_type="application/json")
            assert answer.status_code == status
            assert who.post("withdrawals/foreseen", body).status_code == status
            assert who.post("clips/pause", body).status_code == status
    assert statuses([clip]) == {"transcoded"}
    assert not WithdrawalRequest.objects.exists()


def test_the_phrase_takes_back_from_any_device(speaker: Person, campaign: Campaign):
    clips = lend_rows(speaker, campaign, 2)
    device = Person(Client())
    assert device.post("speakers/recover", {"recovery_phrase": speaker.phrase}).status_code == 200
    take_back(device, everything=True)
    assert statuses(clips) == {"withdrawn"}


def test_an_account_takes_back_for_any_of_its_speakers(campaign: Campaign, db: None):
    ann = sign_in(Person(Client()))
    ann.consent(campaign)
    hers = lend_rows(ann, campaign, 2)
    grandma = ann.post("speakers", {"label": "Grandma"}).json()["speaker"]["id"]
    ann.post(f"speakers/{grandma}/select")
    ann.consent(campaign)
    grandmas = lend_rows(ann, campaign, 2)
    receipt = take_back(ann, speaker=grandma)
    assert (receipt["by"], receipt["num_clips"]) == ("account", 2)
    assert (statuses(hers), statuses(grandmas)) == ({"transcoded"}, {"withdrawn"})
    take_back(ann, everything=True)
    assert statuses(hers) == {"withdrawn"}


def test_the_receipt_tells_what_held_the_clips_and_who_fetched_them(
    speaker: Person, curator: Person, researcher: Person, campaign: Campaign, stranger: Person
):
    clips = lend_rows(speaker, campaign, 3)
    lend_rows_of_others(campaign)
    first = cut_release(Actor(user=curator.user), campaign)
    second = cut_release(Actor(user=curator.user), campaign)
    for release, user in ((first, researcher.user), (first, researcher.user), (second, None)):
        Download.objects.create(release=release, user=user, revision=0, format="nemo")
    take_back(speaker, clips=[str(clips[0].pk)])
    Download.objects.create(release=first, user=curator.user, revision=1, format="nemo")
    receipt = take_back(speaker, clips=[str(clips[1].pk), str(clips[2].pk)])
    assert [(held["name"], held["num_clips"]) for held in receipt["releases"]] == [
        ("Words 2", 2), ("Words 1", 2)
    ]  # fmt: skip
    assert receipt["fetched"] == {"num_people": 2, "num_anonymous": 1, "num_pruned": 0}
    one = WithdrawalRequest.objects.get(num_clips=1)
    told = stranger.get(f"withdrawals/{one.pk}").json()
    fetched = {"num_people": 1, "num_anonymous": 1, "num_pruned": 0}
    assert told["fetched"] == fetched, "the curator came too late"
    listed = publish_revocations()
    assert listed is not None
    said = {"format": "nemo", "revision": 0, "num_removed": 1}
    for format_name in ("nemo", "kaldi"):
        Attestation.objects.create(
            release=first, user=researcher.user, list_number=listed.number,
            **{**said, "format": format_name},
        )  # fmt: skip
    told = stranger.get(f"withdrawals/{one.pk}").json()
    assert told["fetched"]["num_pruned"] == 1, "who has pruned two formats is one person"
    page = stranger.client.get(f"/withdrawals/{one.pk}/").content.decode()
    assert "1 of them has confirmed that the clips are deleted" in page


def lend_rows_of_others(campaign: Campaign) -> list[Clip]:
    return [accepted_row(join(campaign, number), "no") for number in range(2)]


def test_the_receipt_needs_no_sign_in_names_nobody_and_completes(
    speaker: Person, stranger: Person, campaign: Campaign
):
    clip = speaker.lend(campaign, "yes")
    part = speaker.speaker.participations.get()
    gone = json.loads(speaker.post(f"clips/{clip.pk}/withdraw", {"reason": "Ann's own"}).content)
    page = stranger.client.get(gone["receipt_url"])
    assert page.status_code == 200
    assert "data-unsettled" in page.content.decode()
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("no-referrer", "noindex")
    erase_all()
    page = stranger.client.get(gone["receipt_url"]).content.decode()
    assert "data-unsettled" not in page
    assert "Everything is erased" in page
    request_id = gone["receipt_url"].split("/")[2]
    copy = stranger.get(f"withdrawals/{request_id}")
    told = copy.json()
    assert told["completed_at"] is not None
    assert (told["num_erased"], told["num_files"]) == (1, 1)
    assert told["clips"][0]["id"] == str(clip.pk)
    assert told["clips"][0]["original_sha256"] == clip.original_sha256
    for secret in (str(part.speaker_id), part.pseudonym, "Ann"):
        assert secret not in page
        assert secret not in copy.content.decode()
    assert stranger.get(f"withdrawals/{uuid.uuid4()}").status_code == 404


def test_what_is_left_of_a_clip_tells_nothing_of_the_voice_or_the_person(
    speaker: Person, reviewer: Person, curator: Person, campaign: Campaign
):
    (clip,) = lend_rows(speaker, campaign, 1)
    Clip.objects.update(capture={"browser": "Lynx"}, problem="", files={"x": 1})
    case = clip.review_case
    Review.objects.update(transcript="I am Ann", tags=["child"], heard_s=3.5)
    Decision.objects.create(
        case=case, status="accepted", right=0.7, note="Ann", inputs={"transcript": "I am Ann"}
    )
    ClipReport.objects.create(case=case, reason="private", note="Says that she is Ann")
    Skip.objects.create(case=case, reviewer=reviewer.user, until="2100-01-01T00:00Z")
    PreScore.objects.update(heard="I am Ann")
    cut_release(Actor(user=curator.user), campaign)
    take_back(speaker, everything=True)
    erase_all()
    stone = Clip.objects.get()
    assert (stone.participation_id, stone.consent_id, stone.prompt_id) == (None, None, None)
    assert (stone.capture, stone.measurements, stone.files) == ({}, {}, {})
    assert [(v.transcript, v.tags, v.heard_s) for v in Review.objects.all()] == 2 * [("", [], None)]
    decision = Decision.objects.get()
    assert (decision.inputs, decision.right, decision.note) == ({}, None, "")
    for model in (ClipReport, Skip, PreScore):
        assert not model.objects.exists(), model
    entry = ReleaseEntry.objects.get()
    assert (entry.pseudonym, entry.text, entry.details) == ("", "", {})
    case.refresh_from_db()
    assert (case.status, case.accepted_text) == (CaseStatus.CLOSED, "")
    answer = reviewer.post(f"reviews/{case.pk}/votes", {"verdict": "accept"})
    assert (answer.status_code, answer.json()["code"]) == (409, "clip_withdrawn")
    again = speaker.put(b"x", "00000000-0000-4000-8000-000000000000", clip.pk)
    assert again.status_code == 404, "an unknown prompt first"
    prompt = campaign.prompts.get(text="yes")
    speaker.consent(campaign)
    again = speaker.put(audio_of("yes"), prompt, clip.pk, content_digest(audio_of("yes")))
    assert (again.status_code, again.json()["code"]) == (409, "clip_withdrawn")


def test_the_cache_forgets_what_it_knew_of_the_releases(
    speaker: Person, curator: Person, campaign: Campaign
):
    (clip,) = lend_rows(speaker, campaign, 1)
    pseudonym = clip.participation.pseudonym
    lend_rows_of_others(campaign)
    cut_release(Actor(user=curator.user), campaign)
    stale = Release.objects.get()
    assert export_archive(stale, "nemo").num_bytes
    key = f"export-sums:{stale.pk}:nemo"
    assert cache.get(key) is not None
    take_back(speaker, everything=True)
    erase_all()
    assert cache.get(key) is None
    assert export_archive(stale, "nemo").num_bytes, "somebody who began before"
    assert cache.get(key) is None, "and nothing of a revision that is over is kept"
    archive = export_archive(Release.objects.get(), "speech-commands")
    assert archive.num_bytes
    assert pseudonym not in repr(cache.get(f"export-sums:{stale.pk}:speech-commands"))


def test_a_thousand_clips_are_as_few_statements_as_ten(speaker: Person, campaign: Campaign):
    counts = []
    part = speaker.speaker.participations.get()
    for number in (10, 1000):
        first = accepted_row(part, "no")
        Clip.objects.bulk_create(
            Clip(
                participation=part, prompt=first.prompt, consent=first.consent,
                status="transcoded", original_sha256="a" * 64, original_num_bytes=1,
                master_sha256="b" * 64, num_samples=1, nudge_at=None,
            )
            for _ in range(number)
        )  # fmt: skip
        ids = tuple(Clip.objects.filter(status="transcoded").values_list("pk", flat=True))
        ReviewCase.objects.bulk_create(
            ReviewCase(clip_id=pk, campaign=campaign, status="open")
            for pk in ids if pk != first.pk
        )  # fmt: skip
        with CaptureQueriesContext(connection) as caught:
            made = withdraw_all(Actor(speaker=speaker.speaker), Scope(clip_ids=ids))
        assert made.num_clips == number + 1
        counts.append(len(caught))
        while erase_waiting():
            pass
    assert counts[1] <= counts[0] + 2, counts
    assert Clip.objects.filter(status="erased").count() == 1012
    assert PromptTally.objects.get(prompt__text="no").takes == 0
    assert Withdrawal.objects.count() == 1012


def test_what_came_too_late_is_found_by_the_second_look(speaker: Person, campaign: Campaign):
    clip = speaker.lend(campaign, "yes")
    take_back(speaker, everything=True)
    erase_all()
    # Without encryption, a worker that is killed at the wrong moment leaves this behind.
    late = audio_store().keys(clip_folder(clip.pk))
    assert late == []
    path = f"{clip_folder(clip.pk)}/master-late.flac"
    audio_store().inner.put(path, b"a voice")
    Clip.objects.update(nudge_at="2000-01-01T00:00Z")
    collector_tasks.sweep()
    assert audio_store().keys(clip_folder(clip.pk)) == []
    assert Clip.objects.get().nudge_at is None
