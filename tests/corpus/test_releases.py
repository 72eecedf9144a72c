"""Cutting a release, downloading it, and what a withdrawal does to it."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile

import pytest
import soundfile

from collector.access import Actor
from collector.models import Campaign, Clip, ClipStatus, PromptKind
from collector.services import add_prompt, erase_clip
from collector.storage import audio_store, clip_folder, master_key
from corpus.models import Download, Release, ReleaseEntry, Withdrawal
from corpus.services import cut_release, withdraw
from tests.people import Person, audio_of
from tests.pipeline import accepted
from validation.models import PreScore

Reviewers = tuple[Person, Person]


@pytest.fixture
def reviewers(reviewer: Person, second_reviewer: Person) -> Reviewers:
    return reviewer, second_reviewer


@pytest.fixture
def clips(speaker: Person, campaign: Campaign, reviewers: Reviewers) -> list[Clip]:
    """Three accepted clips: two takes of one word, and another word."""
    return [accepted(speaker, campaign, text, reviewers) for text in ("yes", "yes", "stop")]


def cut(curator: Person, campaign: Campaign) -> dict[str, object]:
    response = curator.post(f"campaigns/{campaign.slug}/releases")
    assert response.status_code == 201, response.content
    release: dict[str, object] = response.json()  # type: ignore[attr-defined]
    return release


def fetch(person: Person, release: dict[str, object], format_name: str) -> bytes:
    response = person.get(f"releases/{release['id']}/exports/{format_name}")
    assert response.status_code == 200, response.content
    body = b"".join(response)
    assert len(body) == int(response["Content-Length"])
    return body


def members(tar: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        files = {m.name.partition("/")[2]: archive.extractfile(m) for m in archive}
        return {name: file.read() for name, file in files.items() if file}


def test_a_release_holds_all_accepted_clips(curator: Person, campaign: Campaign, clips):
    release = cut(curator, campaign)
    assert (release["version"], release["revision"], release["clips"]) == (1, 0, 3)
    assert release["speakers"] == 1
    assert sum(release["splits"].values()) == 3  # type: ignore[attr-defined]
    assert max(release["splits"].values()) == 3, "one speaker is in one split"  # type: ignore


def test_a_clip_that_nobody_accepted_is_in_none(
    speaker: Person, curator: Person, campaign: Campaign
):
    speaker.lend(campaign, "yes")
    response = curator.post(f"campaigns/{campaign.slug}/releases")
    assert (response.status_code, response.json()["code"]) == (409, "nothing_to_release")
    assert not Release.objects.exists()


def test_nemo_holds_the_masters_and_their_truth(
    curator: Person, researcher: Person, campaign: Campaign, clips: list[Clip]
):
    files = members(fetch(researcher, cut(curator, campaign), "nemo"))
    manifests = [
        files[f"{split}_manifest.jsonl"] for split in ("training", "validation", "testing")
    ]
    lines = [json.loads(line) for manifest in manifests for line in manifest.splitlines()]
    assert sorted(line["text"] for line in lines) == ["stop", "yes", "yes"]
    by_id = {str(clip.pk): clip for clip in clips}
    for line in lines:
        clip = by_id[line["id"]]
        flac = files[line["audio_filepath"]]
        assert flac == audio_store().get(master_key(clip.pk, clip.master_sha256))
        assert line["duration"] == soundfile.info(io.BytesIO(flac)).frames / 16_000
        assert line["speaker"] == clip.participation.pseudonym


def test_speech_commands_holds_one_second_of_each_word(
    curator: Person, researcher: Person, campaign: Campaign, clips: list[Clip]
):
    files = members(fetch(researcher, cut(curator, campaign), "speech-commands"))
    pseudonym = clips[0].participation.pseudonym
    root = "speech_commands_v0.02"
    words = {path: body for path, body in files.items() if path.endswith(".wav")}
    # A speaker who falls into testing has their words once more in the folder of the test set.
    assert {path for path in words if path.startswith(f"{root}/")} == {
        f"{root}/yes/{pseudonym}_nohash_0.wav",
        f"{root}/yes/{pseudonym}_nohash_1.wav",
        f"{root}/stop/{pseudonym}_nohash_0.wav",
    }
    for wav in words.values():
        info = soundfile.info(io.BytesIO(wav))
        assert (info.frames, info.samplerate, info.subtype) == (16_000, 16_000, "PCM_16")
    listed = files[f"{root}/validation_list.txt"] + files[f"{root}/testing_list.txt"]
    split = ReleaseEntry.objects.values_list("split", flat=True)[0]
    assert len(listed.splitlines()) == (0 if split == "training" else 3)


def test_noise_becomes_background_noise(
    speaker: Person, curator: Person, researcher: Person, campaign, reviewers: Reviewers
):
    add_prompt(campaign, PromptKind.NOISE, "Keep quiet.", 3.0)
    clip = speaker.lend(campaign, "Keep quiet.", audio_of(""))
    from tests.pipeline import judge, process

    assert process(clip).status == ClipStatus.TRANSCODED
    for reviewer in reviewers:
        judge(reviewer, campaign, "accept")
    files = members(fetch(researcher, cut(curator, campaign), "speech-commands"))
    wav = files[f"speech_commands_v0.02/_background_noise_/{clip.pk}.wav"]
    assert soundfile.info(io.BytesIO(wav)).frames == Clip.objects.get().num_samples


def test_the_sums_are_of_the_files(curator: Person, campaign: Campaign, clips: list[Clip]):
    release = cut(curator, campaign)
    for format_name in ("nemo", "speech-commands"):
        files = members(fetch(curator, release, format_name))
        sums = files.pop("SHA256SUMS").decode().splitlines()
        expected = {f"{hashlib.sha256(body).hexdigest()}  {path}" for path, body in files.items()}
        assert set(sums) == expected


def test_the_same_revision_is_the_same_bytes(curator: Person, campaign: Campaign, clips):
    release = cut(curator, campaign)
    for format_name in ("nemo", "speech-commands"):
        assert fetch(curator, release, format_name) == fetch(curator, release, format_name)


def test_the_parts_together_are_the_whole_and_change_one_by_one(
    speaker: Person, stranger: Person, curator: Person, researcher: Person, campaign, reviewers
):
    stranger.consent(campaign)
    campaign_clips = [accepted(who, campaign, "yes", reviewers) for who in (speaker, stranger)]
    release = cut(curator, campaign)
    path = f"releases/{release['id']}/exports/nemo"
    whole = members(fetch(researcher, release, "nemo"))
    parts = researcher.get(f"{path}/parts").json()
    files: dict[str, bytes] = {}
    for part in parts:
        files |= members(b"".join(researcher.get(f"{path}/parts/{part['name']}")))
    del whole["SHA256SUMS"], files["SHA256SUMS"]
    assert files == whole
    assert speaker.post(f"clips/{campaign_clips[0].pk}/withdraw").status_code == 202
    before = {part["name"]: part["etag"] for part in parts}
    after = {part["name"]: part["etag"] for part in researcher.get(f"{path}/parts").json()}
    changed = {name for name in before if before[name] != after[name]}
    entry = ReleaseEntry.objects.get(clip=campaign_clips[0])
    assert changed == {"texts", f"{entry.split}-{entry.shard:05d}"}


def test_a_download_goes_on_where_it_broke_off_but_never_across_revisions(
    speaker: Person, curator: Person, researcher: Person, campaign: Campaign, clips: list[Clip]
):
    release = cut(curator, campaign)
    path = f"releases/{release['id']}/exports/nemo"
    first = researcher.get(path)
    tar = b"".join(first)
    again = {"Range": f"bytes={len(tar) // 2}-", "If-Range": first["ETag"]}
    rest = researcher.get(path, **again)
    assert (rest.status_code, b"".join(rest)) == (206, tar[len(tar) // 2 :])
    speaker.post(f"clips/{clips[0].pk}/withdraw")
    anew = researcher.get(path, **again)
    assert anew.status_code == 200
    assert len(b"".join(anew)) == int(anew["Content-Length"]) < len(tar)
    beyond = researcher.get(path, Range=f"bytes={10 * len(tar)}-")
    assert beyond.status_code == 416


def test_only_those_with_the_role_download_and_it_is_written_down(
    curator: Person, researcher: Person, reviewer: Person, stranger: Person, campaign, clips
):
    release = cut(curator, campaign)
    for person in (reviewer, stranger):
        response = person.get(f"releases/{release['id']}/exports/nemo")
        assert (response.status_code, response.json()["code"]) == (403, "role_missing")
    fetch(researcher, release, "nemo")
    download = Download.objects.get()
    assert (download.user, download.format, download.revision) == (researcher.user, "nemo", 0)


def test_an_unknown_format_and_a_bad_split(curator: Person, researcher: Person, campaign, clips):
    release = cut(curator, campaign)
    response = researcher.get(f"releases/{release['id']}/exports/floppy")
    assert (response.status_code, response.json()["code"]) == (404, "format_unknown")
    for percents in ((60, 60), (-1, 10)):
        body = dict(zip(("validation_percent", "testing_percent"), percents, strict=True))
        response = curator.post(f"campaigns/{campaign.slug}/releases", body)
        assert (response.status_code, response.json()["code"]) == (422, "percents_invalid")


def test_only_a_curator_cuts(researcher: Person, reviewer: Person, campaign: Campaign, clips):
    for person in (researcher, reviewer):
        assert person.post(f"campaigns/{campaign.slug}/releases").status_code == 403


def test_a_withdrawn_clip_is_in_no_download_old_or_new(
    speaker: Person, curator: Person, researcher: Person, campaign: Campaign, clips: list[Clip]
):
    old = cut(curator, campaign)
    before = members(fetch(researcher, old, "nemo"))
    etag = researcher.get(f"releases/{old['id']}/exports/nemo")["ETag"]
    gone, kept = str(clips[0].pk), [str(clip.pk) for clip in clips[1:]]
    assert f"audio/{gone}.flac" in before

    response = speaker.post(f"clips/{gone}/withdraw", {"reason": "I changed my mind"})
    assert (response.status_code, response.json()["state"]) == (202, "withdrawn")
    assert speaker.post(f"clips/{gone}/withdraw").status_code == 200

    new = cut(curator, campaign)
    for release in (old, new):
        for format_name in ("nemo", "speech-commands"):
            tar = fetch(researcher, release, format_name)
            assert gone.encode() not in tar
            files = members(tar)
            # Speech Commands has its testing words twice, should the speaker be one of those.
            once = [path for path in files if not path.startswith("speech_commands_test_set")]
            assert len([path for path in once if path.endswith((".flac", ".wav"))]) == 2
        files = members(fetch(researcher, release, "nemo"))
        assert all(files[f"audio/{pk}.flac"] == before[f"audio/{pk}.flac"] for pk in kept)
    revised = researcher.get(f"releases/{old['id']}", **{"If-None-Match": etag})
    assert revised.json()["revision"] == 1
    stale = researcher.get(f"releases/{old['id']}/exports/nemo", **{"If-None-Match": etag})
    assert stale.status_code == 200, "the old entity tag no longer stands for what there is"
    assert Withdrawal.objects.get().request.reason == "I changed my mind"


def test_a_withdrawal_renumbers_no_other_take(
    speaker: Person, curator: Person, campaign: Campaign, clips: list[Clip]
):
    release = cut(curator, campaign)
    before = members(fetch(curator, release, "speech-commands"))
    first = ReleaseEntry.objects.get(text="yes", take=0)
    withdraw(Actor(speaker=speaker.speaker), first.clip_id)
    after = members(fetch(curator, release, "speech-commands"))
    left = set(before) - set(after)
    assert {path.rpartition("_")[2] for path in left} == {"0.wav"}
    assert all(before[path] == after[path] for path in after if path.endswith(".wav"))


def test_erasure_leaves_a_tombstone_and_no_voice(
    speaker: Person, curator: Person, campaign: Campaign, clips: list[Clip]
):
    cut(curator, campaign)
    clip = clips[0]
    withdraw(Actor(speaker=speaker.speaker), clip.pk)
    assert erase_clip(clip.pk) is True
    assert erase_clip(clip.pk) is False
    assert audio_store().keys(clip_folder(clip.pk)) == []
    stone = Clip.objects.get(pk=clip.pk)
    assert (stone.status, stone.measurements, stone.capture) == (ClipStatus.ERASED, {}, {})
    assert not PreScore.objects.filter(clip=clip).exists()
    entry = ReleaseEntry.objects.get(clip=clip)
    assert (entry.is_withdrawn, entry.text, entry.pseudonym) == (True, "", "")
    assert (stone.participation_id, stone.consent_id, stone.prompt_id) == (None, None, None)
    assert speaker.get(f"clips/{clip.pk}").status_code == 404, "whose it was is not known any more"
    assert speaker.get(f"clips/{clip.pk}/audio").status_code == 404


def test_only_its_own_speaker_withdraws_a_clip(
    curator: Person, stranger: Person, campaign: Campaign, clips: list[Clip]
):
    for person in (curator, stranger):
        assert person.post(f"clips/{clips[0].pk}/withdraw").status_code == 404
    assert not Withdrawal.objects.exists()


def test_two_cuts_are_two_versions(curator: Person, campaign: Campaign, clips: list[Clip]):
    actor = Actor(user=curator.user)
    versions = [cut_release(actor, campaign).version for _ in range(2)]
    assert versions == [1, 2]
