"""One clip's whole way: from a browser's microphone into a researcher's hands, and out again."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from playwright.sync_api import Page, expect

from collector.audio.master import read_master
from collector.models import Campaign, Clip, ClipStatus, Event, Role
from collector.storage import audio_store, clip_folder, master_key, original_key
from tests.journey.conftest import Visitors, member, shoot
from tests.journey.microphone import RATE_HZ, microphone_file, place_of

pytestmark = pytest.mark.browser


def record_one_take(page: Page) -> None:
    """Space, the word, Space: as a speaker does it."""
    recorder = page.locator("choir-recorder")
    expect(recorder).to_have_attribute("data-state", "ready")
    page.keyboard.press("Space")
    expect(recorder).to_have_attribute("data-state", "recording")
    page.wait_for_timeout(4_500)
    page.keyboard.press("Space")
    expect(recorder).to_have_attribute("data-state", "take")


def judge(visitors: Visitors, campaign: Campaign, name: str, picture: bool = False) -> None:
    """A reviewer signs in, hears the clip to its end, and accepts it by key."""
    page = visitors.page(user=member(campaign, name, Role.REVIEWER))
    page.goto(f"/c/{campaign.slug}/review/")
    desk = page.locator("choir-review")
    expect(desk).to_have_attribute("data-state", "listening")
    page.keyboard.press("p")  # a browser plays nothing before a first gesture
    expect(desk).to_have_attribute("data-state", "judging", timeout=20_000)
    expect(desk).to_contain_text("yes")
    if picture:
        shoot(page, "review")
    page.keyboard.press("a")
    expect(desk).to_have_attribute("data-state", "empty")


def downloaded(page: Page, label: str) -> dict[str, bytes]:
    """The files of an archive, fetched by a click."""
    with page.expect_download() as download:
        page.get_by_role("link", name=f"Download {label}").click()
    with tarfile.open(download.value.path()) as archive:
        files = {m.name.partition("/")[2]: archive.extractfile(m) for m in archive}
        return {name: file.read() for name, file in files.items() if file}


def test_the_whole_way(
    visitors: Visitors, make_campaign: Callable[..., Campaign], tmp_path: Path
) -> None:
    campaign = make_campaign("journey", ["yes"])
    source = microphone_file(tmp_path / "microphone.wav", "an4/0022.flac")
    speaker = visitors.page(visitors.browser(tmp_path / "microphone.wav"))

    # A speaker agrees to the text, and records.
    speaker.goto("/")
    speaker.get_by_role("link", name="Journey").first.click()
    speaker.get_by_role("link", name="Lend your voice").first.click()
    expect(speaker.locator("choir-recorder")).to_contain_text("it stays yours")
    speaker.get_by_role("button", name="I agree").click()
    record_one_take(speaker)
    speaker.keyboard.press("Enter")

    # They watch it being transcoded and pre-scored, without reloading.
    log = speaker.locator("choir-recorder")
    expect(log).to_contain_text("Waiting for people to listen", timeout=30_000)
    clip = Clip.objects.get(participation__campaign=campaign)
    assert clip.status == ClipStatus.TRANSCODED
    assert clip.capture["path"] == "track-processor"
    processing = ("echo_cancellation", "noise_suppression", "auto_gain_control")
    assert [clip.capture[name] for name in processing] == [False, False, False]

    # What is stored is what was said, sample by sample.
    original = audio_store().get(original_key(clip.pk, clip.original_sha256))
    samples, rate_hz = soundfile.read(io.BytesIO(original), dtype="int16")
    assert (rate_hz, samples.ndim) == (RATE_HZ, 1)
    begin = place_of(samples, source)
    assert begin is not None, "the original is a piece of the source, exactly"
    assert len(samples) > 3 * RATE_HZ
    master = read_master(audio_store().get(master_key(clip.pk, clip.master_sha256)))
    piece = source[begin : begin + len(samples)].astype(np.float64) / 32_768
    expected = np.rint(soxr.resample(piece, RATE_HZ, 16_000, quality="VHQ") * 32_768)
    assert np.array_equal(master, expected.clip(-32_768, 32_767).astype(np.int16))
    score = clip.pre_scores.get()
    assert score.model == "moonshine-tiny-en" and len(score.model_sha256) == 64

    # Two people listen and agree.
    judge(visitors, campaign, "ann", picture=True)
    judge(visitors, campaign, "ben")

    # The curator cuts a release; a researcher downloads it.
    curator = visitors.page(user=member(campaign, "curator", Role.CURATOR))
    curator.goto(f"/c/{campaign.slug}/releases/")
    shoot(curator, "releases")
    curator.get_by_role("button", name="Cut the release").click()
    curator.wait_for_url("**/releases/*-*/")
    researcher = visitors.page(user=member(campaign, "researcher", Role.RESEARCHER))
    researcher.goto(curator.url)
    shoot(researcher, "release")
    nemo = downloaded(researcher, "NeMo JSONL")
    lines = [
        json.loads(line) for path in nemo if "manifest" in path for line in nemo[path].splitlines()
    ]
    assert [(line["text"], line["id"]) for line in lines] == [("yes", str(clip.pk))]
    flac = nemo[lines[0]["audio_filepath"]]
    assert np.array_equal(read_master(flac), master)
    words = downloaded(researcher, "Speech Commands")
    assert [path for path in words if path.endswith(".wav")] == [
        f"speech_commands_v0.02/yes/{clip.participation.pseudonym}_nohash_0.wav"
    ]

    # The speaker takes it back: gone from the storage, and from the very next download.
    speaker.goto("/me/clips/")
    expect(speaker.locator("choir-my-clips")).to_contain_text("Published in a release")
    shoot(speaker, "my-clips")
    speaker.get_by_role("button", name="Take back").first.click()
    shoot(speaker, "withdraw")
    speaker.get_by_role("dialog").get_by_role("button", name="Take it back").click()
    expect(speaker.locator("choir-my-clips")).to_contain_text("erased", timeout=20_000)
    researcher.reload()
    after = downloaded(researcher, "NeMo JSONL")
    assert not any(str(clip.pk) in path for path in after)
    assert all(str(clip.pk).encode() not in body for body in after.values())
    expect(speaker.locator("choir-my-clips")).to_contain_text("Taken back, and erased")
    assert audio_store().keys(clip_folder(clip.pk)) == []
    facts = list(
        Event.objects.filter(clip_id=clip.pk).order_by("id").values_list("kind", flat=True)
    )
    assert facts == [
        "clip_uploaded", "clip_transcoded", "clip_scored", "vote_cast", "vote_cast",
        "case_decided", "clip_withdrawn", "release_revised", "clip_erased",
    ]  # fmt: skip
