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
from numpy.typing import NDArray
from playwright.sync_api import Page, expect

from collector.audio.master import read_master
from collector.models import Campaign, Clip, ClipStatus, Event, Role
from collector.storage import audio_store, clip_folder, master_key, original_key
from tests.journey.conftest import Visitors, assert_accessible, member, shoot
from tests.journey.microphone import (
    LEAD_S,
    NOTE_OPENING,
    RATE_HZ,
    microphone_file,
    place_of,
    wait_until_played,
)
from validation.scoring import MODEL_NAME, MODEL_SHA256

pytestmark = pytest.mark.browser


def record_one_take(page: Page) -> None:
    """Space, the word, Space: as a speaker does it."""
    recorder = page.locator("choir-recorder")
    expect(recorder).to_have_attribute("data-state", "ready")
    page.keyboard.press("Space")
    expect(recorder).to_have_attribute("data-state", "recording")
    wait_until_played(page, LEAD_S + 1.5)
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
        assert_accessible(page)
    page.keyboard.press("a")
    expect(desk).to_have_attribute("data-state", "empty")


def downloaded(page: Page, label: str) -> dict[str, bytes]:
    """The files of an archive, fetched by a click, once its format is chosen."""
    page.get_by_role("navigation", name="Formats").get_by_role("link", name=label).click()
    with page.expect_download() as download:
        page.get_by_role("link", name=f"Download {label}").click()
    with tarfile.open(download.value.path()) as archive:
        files = {m.name.partition("/")[2]: archive.extractfile(m) for m in archive}
        return {name: file.read() for name, file in files.items() if file}


def lend(page: Page, campaign: Campaign) -> Clip:
    """A speaker agrees to the text, records, and watches what the machine makes of it."""
    page.add_init_script(NOTE_OPENING)
    page.goto("/")
    page.get_by_role("link", name=campaign.name).first.click()
    page.get_by_role("link", name="Lend your voice").first.click()
    expect(page.locator("choir-recorder")).to_contain_text("it stays yours")
    for box in page.locator(".opt-ins input").all():
        box.check()
    page.get_by_role("button", name="I am 18 or older").click()
    record_one_take(page)
    page.keyboard.press("Enter")
    # Without reloading.
    expect(page.locator("choir-recorder")).to_contain_text(
        "Waiting for people to listen", timeout=30_000
    )
    return Clip.objects.get(participation__campaign=campaign)


def assert_stored_as_said(clip: Clip, source: NDArray[np.int16]) -> NDArray[np.int16]:
    """What is stored is what the microphone gave, sample by sample; returns the master."""
    original = audio_store().get(original_key(clip.pk, clip.original_sha256))
    samples, rate_hz = soundfile.read(io.BytesIO(original), dtype="int16")
    assert (rate_hz, samples.ndim) == (RATE_HZ, 1)
    assert len(samples) > 3 * RATE_HZ
    begin = place_of(samples, source)
    assert begin is not None, "the original is a piece of the source, exactly"
    master = read_master(audio_store().get(master_key(clip.pk, clip.master_sha256)))
    piece = source[begin : begin + len(samples)].astype(np.float64) / 32_768
    expected = np.rint(soxr.resample(piece, RATE_HZ, 16_000, quality="VHQ") * 32_768)
    assert np.array_equal(master, expected.clip(-32_768, 32_767).astype(np.int16))
    return master


def assert_measured_and_scored(clip: Clip) -> None:
    """The device left everything off, and the real model has heard the clip."""
    assert clip.status == ClipStatus.TRANSCODED
    assert clip.capture["path"] == "track-processor"
    processing = ("echo_cancellation", "noise_suppression", "auto_gain_control")
    assert [clip.capture[name] for name in processing] == [False, False, False]
    score = clip.pre_scores.get()
    assert score.match is not None and score.match > 0.5
    assert (score.model, score.model_sha256) == (MODEL_NAME, MODEL_SHA256)


def cut_and_open(visitors: Visitors, campaign: Campaign) -> Page:
    """The curator cuts a release; a researcher opens its page."""
    curator = visitors.page(user=member(campaign, "curator", Role.CURATOR))
    curator.goto(f"/c/{campaign.slug}/releases/")
    shoot(curator, "releases")
    assert_accessible(curator)
    curator.get_by_role("link", name="See what it would hold").click()
    curator.get_by_role("button", name="Show what it would hold").click()
    expect(curator.get_by_role("row", name="In all")).to_be_visible()
    shoot(curator, "release-preview")
    assert_accessible(curator)
    curator.get_by_role("button", name="Cut the release").click()
    curator.wait_for_url("**/releases/*-*/")
    curator.get_by_text("Open it to everybody").click()
    assert_accessible(curator)
    researcher = visitors.page(user=member(campaign, "researcher", Role.RESEARCHER))
    researcher.goto(curator.url)
    shoot(researcher, "first-release")
    assert_accessible(researcher)
    return researcher


def assert_downloads_hold(researcher: Page, clip: Clip, master: NDArray[np.int16]) -> None:
    """Both archives hold the clip, and the whole one holds its master, sample by sample."""
    nemo = downloaded(researcher, "NeMo JSONL")
    manifests = b"".join(body for path, body in nemo.items() if "manifest" in path)
    lines = [json.loads(line) for line in manifests.splitlines()]
    assert [(line["text"], line["id"]) for line in lines] == [("yes", str(clip.pk))]
    assert np.array_equal(read_master(nemo[lines[0]["audio_filepath"]]), master)
    words = downloaded(researcher, "Speech Commands")
    # A speaker who falls into testing has their words in the test set's folder, too.
    assert [path for path in words if path.startswith("speech_commands_v0.02/yes/")] == [
        f"speech_commands_v0.02/yes/{clip.participation.pseudonym}_nohash_0.wav"
    ]


def take_back(speaker: Page) -> None:
    """The speaker takes the clip back, and waits until its sound is erased."""
    mine = speaker.locator("choir-my-clips")
    speaker.goto("/me/clips/")
    expect(mine).to_contain_text("Published in a release")
    shoot(speaker, "my-clips")
    assert_accessible(speaker)
    speaker.get_by_role("button", name="Take back").first.click()
    shoot(speaker, "withdraw")
    assert_accessible(speaker)
    speaker.get_by_role("dialog").get_by_role("button", name="Take it back").click()
    expect(mine).to_contain_text("Taken back, and erased", timeout=20_000)


def assert_gone(researcher: Page, clip: Clip) -> None:
    """Neither the storage nor the very next download holds the clip."""
    researcher.reload()
    after = downloaded(researcher, "NeMo JSONL")
    assert str(clip.pk) not in " ".join(after)
    assert not any(str(clip.pk).encode() in body for body in after.values())
    assert audio_store().keys(clip_folder(clip.pk)) == []
    assert not Event.objects.filter(clip_id=clip.pk).exists(), "the journal forgets it too"


def test_the_whole_way(
    visitors: Visitors, make_campaign: Callable[..., Campaign], tmp_path: Path
) -> None:
    campaign = make_campaign("journey", ["yes"])
    source = microphone_file(tmp_path / "microphone.wav", "an4/0022.flac")
    speaker = visitors.page(visitors.browser(tmp_path / "microphone.wav"))
    clip = lend(speaker, campaign)
    master = assert_stored_as_said(clip, source)
    assert_measured_and_scored(clip)
    judge(visitors, campaign, "ann", picture=True)
    judge(visitors, campaign, "ben")
    researcher = cut_and_open(visitors, campaign)
    assert_downloads_hold(researcher, clip, master)
    take_back(speaker)
    assert_gone(researcher, clip)
