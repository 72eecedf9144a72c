"""From bytes to a measured clip: what comes through, what is refused, who may work on it."""

from __future__ import annotations

import threading
import uuid

import numpy as np
import pytest
import soundfile
from django.conf import settings
from django.test import Client
from numpy.typing import NDArray

from collector.audio.decode import Decoded, decode_together
from collector.audio.examine import Examined, examine
from collector.audio.master import read_master
from collector.audio.problems import UnusableAudio
from collector.models import Campaign, Clip, ClipStatus, Event, EventKind
from collector.services import (
    erase_clip,
    erase_orphans,
    transcode_clip,
    transcode_waiting,
    transcoding,
    withdraw_clip,
)
from collector.storage import audio_store, clip_folder, master_key, original_key
from tests.collector.audio.bad_files import BAD_FILES, BadFile
from tests.people import AUDIO, Person


def test_a_master_is_what_was_sent(speaker: Person, campaign: Campaign):
    clip = speaker.lend(campaign, "yes")
    assert transcode_clip(clip.pk) is True
    clip.refresh_from_db()
    assert clip.status == ClipStatus.TRANSCODED
    source, _ = soundfile.read(AUDIO / "an4" / "0022.flac", dtype="int16")
    master = read_master(audio_store().get(master_key(clip.pk, clip.master_sha256)))
    assert np.array_equal(master, source)
    assert clip.num_samples == len(source)
    assert clip.measurements["codec"] == "flac"
    assert clip.measurements["snr_method"] == "speech_spans"
    (start_s, end_s), *more = clip.measurements["speech_spans_s"]
    assert not more and 0 < start_s < end_s < clip.measurements["duration_s"]
    assert clip.loudest_second_offset is not None
    assert clip.loudest_second_offset <= start_s * 16_000
    assert end_s * 16_000 <= clip.loudest_second_offset + 16_000
    assert clip.findings == []
    kinds = Event.objects.filter(clip_id=clip.pk).values_list("kind", flat=True)
    assert list(kinds.order_by("id")) == [EventKind.CLIP_UPLOADED, EventKind.CLIP_TRANSCODED]


@pytest.mark.parametrize("bad", BAD_FILES, ids=str)
def test_bad_input_is_set_aside_with_a_reason(speaker: Person, campaign: Campaign, bad: BadFile):
    data = bad.make()
    if len(data) > settings.MAX_UPLOAD_BYTES:
        assert speaker.put(data, campaign.prompts.get(text="yes")).status_code == 413
        return
    clip = speaker.lend(campaign, "yes", data)
    assert transcode_clip(clip.pk) is True
    told = speaker.get(f"clips/{clip.pk}").json()
    assert told["state"] == "unusable"
    assert Clip.objects.get(pk=clip.pk).problem == bad.problem
    assert told["problem"].endswith(".") and len(told["problem"]) > 30
    assert transcode_clip(speaker.lend(campaign, "no").pk), "the worker lives on"


def test_findings_are_those_of_the_campaigns_thresholds(speaker: Person, campaign: Campaign):
    Campaign.objects.filter(pk=campaign.pk).update(thresholds={"snr_db_min": 90})
    clip = speaker.lend(campaign, "yes")
    transcode_clip(clip.pk)
    clip.refresh_from_db()
    assert clip.status == ClipStatus.TRANSCODED, "people decide"
    assert [finding.code for finding in clip.findings] == ["noisy"]


def test_a_campaign_may_refuse_what_is_shorter_than_it_wants(speaker: Person, campaign: Campaign):
    Campaign.objects.filter(pk=campaign.pk).update(thresholds={"duration_s_min": 5})
    clip = speaker.lend(campaign, "yes")
    transcode_clip(clip.pk)
    clip.refresh_from_db()
    assert (clip.status, clip.problem) == (ClipStatus.UNUSABLE, "too_short")


def test_noise_without_speech_is_for_people_to_judge(speaker: Person, campaign: Campaign):
    clip = speaker.lend(campaign, "yes", (AUDIO / "noise" / "pink.flac").read_bytes())
    transcode_clip(clip.pk)
    clip.refresh_from_db()
    assert clip.status == ClipStatus.TRANSCODED
    assert [finding.code for finding in clip.findings] == ["no_speech"]


def test_what_else_of_a_speaker_waits_is_done_in_one_go(speaker: Person, campaign: Campaign):
    somebody_else = Person(Client())
    somebody_else.consent(campaign)
    first, second = speaker.lend(campaign, "yes"), speaker.lend(campaign, "no")
    broken = speaker.lend(campaign, "go", (AUDIO / "an4" / "0022.flac").read_bytes()[:-2000])
    tried = speaker.lend(campaign, "help")
    Clip.objects.filter(pk=tried.pk).update(attempts=1)
    others = somebody_else.lend(campaign, "yes")
    assert transcode_waiting(first.pk) == 3
    status = dict(Clip.objects.values_list("pk", "status"))
    assert status[first.pk] == status[second.pk] == ClipStatus.TRANSCODED
    assert status[broken.pk] == ClipStatus.UNUSABLE
    assert status[tried.pk] == ClipStatus.RECEIVED, "it may have killed its worker: alone"
    assert status[others.pk] == ClipStatus.RECEIVED, "a decoder is shared with nobody else"
    assert transcode_waiting(second.pk) == 0


def test_the_others_are_decoded_while_the_first_is_measured(
    speaker: Person, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
):
    measured, waited = threading.Event(), []

    def decode_others(recordings: list[bytes]) -> list[Decoded | UnusableAudio]:
        waited.append(measured.wait(timeout=20))
        return decode_together(recordings)

    def examine_first(samples: NDArray[np.float32], sampling_rate_hz: int) -> Examined:
        measured.set()
        return examine(samples, sampling_rate_hz)

    monkeypatch.setattr(transcoding, "decode_together", decode_others)
    monkeypatch.setattr(transcoding, "examine", examine_first)
    first, *_ = [speaker.lend(campaign, text) for text in ("yes", "no", "go")]
    assert transcode_waiting(first.pk) == 3
    assert waited == [True]


def test_a_clip_that_the_storage_lost_costs_no_other(speaker: Person, campaign: Campaign):
    first, lost = speaker.lend(campaign, "yes"), speaker.lend(campaign, "no")
    audio_store().put(original_key(lost.pk, lost.original_sha256), b"something else")
    with pytest.raises(transcoding.OriginalDamaged):
        transcode_waiting(first.pk)
    status = dict(Clip.objects.values_list("pk", "status"))
    assert status == {first.pk: ClipStatus.TRANSCODED, lost.pk: ClipStatus.RECEIVED}
    lost.refresh_from_db()
    assert lost.attempts == 0


def test_two_workers_never_do_the_same_clip(speaker: Person, campaign: Campaign):
    clip = speaker.lend(campaign, "yes")
    assert Clip.claim(clip.pk, ClipStatus.RECEIVED)
    assert transcode_clip(clip.pk) is False
    clip.refresh_from_db()
    assert clip.status == ClipStatus.RECEIVED


def test_a_clip_that_kills_its_workers_is_set_aside(speaker: Person, campaign: Campaign):
    clip = speaker.lend(campaign, "yes")
    for _ in range(3):
        assert Clip.claim(clip.pk, ClipStatus.RECEIVED), "the claim of a dead worker runs out"
        Clip.objects.filter(pk=clip.pk).update(claimed_until="2000-01-01T00:00Z")
    assert transcode_clip(clip.pk) is True
    clip.refresh_from_db()
    assert (clip.status, clip.problem) == (ClipStatus.UNUSABLE, "decoder_failed")


def test_bytes_that_changed_in_the_storage_are_not_used(speaker: Person, campaign: Campaign):
    clip = speaker.lend(campaign, "yes")
    audio_store().put(original_key(clip.pk, clip.original_sha256), b"something else")
    for _ in range(5):
        with pytest.raises(transcoding.OriginalDamaged):
            transcode_clip(clip.pk)
        Clip.objects.update(claimed_until=None)
    clip.refresh_from_db()
    assert (clip.status, clip.attempts) == (ClipStatus.RECEIVED, 0), "it waits for a backup"


def test_a_withdrawal_in_the_middle_leaves_no_master(
    speaker: Person, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
):
    clip = speaker.lend(campaign, "yes")
    examine = transcoding.examine

    def withdrawn_meanwhile(*args: object) -> object:
        withdraw_clip(clip)
        erase_clip(clip.pk)
        return examine(*args)

    monkeypatch.setattr(transcoding, "examine", withdrawn_meanwhile)
    assert transcode_clip(clip.pk) is False
    clip.refresh_from_db()
    assert clip.status == ClipStatus.ERASED
    assert audio_store().keys(clip_folder(clip.pk)) == []


def test_an_unknown_clip_is_nobodys_work(db: None):
    assert transcode_clip(uuid.uuid4()) is False
    assert erase_clip(uuid.uuid4()) is False


def test_audio_that_no_row_stands_for_is_erased(speaker: Person, campaign: Campaign):
    clip, orphan = speaker.lend(campaign, "yes"), uuid.uuid4()
    transcode_clip(clip.pk)
    audio_store().put(original_key(orphan, "a" * 64), b"a voice whose row was never written")
    assert erase_orphans(age_s=3600) == 0, "its upload may still be under way"
    assert erase_orphans(age_s=-5) >= 1
    assert audio_store().keys(clip_folder(orphan)) == []
    assert len(audio_store().keys(clip_folder(clip.pk))) == 2
