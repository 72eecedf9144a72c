"""The recorder as a speaker uses it: hands-free, by keys, by touch, with real words in noise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect

from collector.audio.master import read_master
from collector.models import Campaign, Clip, ClipStatus, Participation, PromptKind
from collector.services import add_prompts
from collector.storage import audio_store, master_key
from tests.journey.conftest import Visitors
from tests.journey.microphone import (
    MASTER_RATE_HZ,
    NOISE_DBFS,
    NOTE_OPENING,
    Script,
    found_in,
    wait_until_played,
    words_file,
)
from tests.journey.test_pages import watched

pytestmark = pytest.mark.browser

WORDS = [
    f"an4/{number}.flac"
    for number in (
        "0022", "0101", "0118", "0045", "0071", "0079", "0117", "0023", "0084", "0052",
        "0178", "0033", "0141", "0027", "0001", "0122", "0051", "0072", "0158", "0062",
    )
]  # fmt: skip
INTERVAL_S = 2.4
#: Who presses three keys for each word needs longer.
KEYBOARD_INTERVAL_S = 2.9
SNR_DB = 10.0
#: Two pieces of the same noise alone come to less; the same piece of it comes to nearly 1.
SAME = 0.98


@dataclass(frozen=True)
class Device:
    """A page whose microphone says twenty real words, and the campaign that they are for."""

    page: Page
    campaign: Campaign
    script: Script

    @property
    def recorder(self) -> Locator:
        return self.page.locator("choir-recorder")

    def is_in(self, state: str, timeout_ms: float = 20_000) -> None:
        expect(self.recorder).to_have_attribute("data-state", state, timeout=timeout_ms)

    def assert_each_word_once_and_whole(self) -> None:
        wait_for_masters(self.page, self.campaign, len(WORDS))
        heard = [words_heard_by(master, self.script) for master in masters(self.campaign)]
        assert [cut for _, cut in heard if cut] == [], "no word is cut"
        assert sorted(n for whole, _ in heard for n in whole) == list(range(len(WORDS)))
        assert all(len(whole) == 1 for whole, _ in heard), "one word a take"


@pytest.fixture
def device(
    visitors: Visitors, make_campaign: Callable[..., Campaign], tmp_path: Path
) -> Callable[..., Device]:
    """Makes devices that hear words 10 dB above a noise."""

    def make(name: str, noise: str, interval_s: float = INTERVAL_S, **options: Any) -> Device:
        prompts = [f"word {number}" for number in range(1, len(WORDS) + 1)]
        path = tmp_path / f"{name}.wav"
        script = words_file(path, WORDS, f"noise/{noise}.flac", SNR_DB, interval_s)
        page = visitors.page(visitors.browser(path), **options)
        return Device(page, make_campaign(name, prompts), script)

    return make


def agree(page: Page, campaign: Campaign) -> None:
    """From the first page that a speaker sees to the first prompt."""
    page.goto(f"/c/{campaign.slug}/record/")
    page.get_by_role("button", name="I am 18 or older").click()


def masters(campaign: Campaign) -> list[NDArray[np.float64]]:
    """What is kept of each clip, once all are transcoded."""
    clips = Clip.objects.filter(participation__campaign=campaign)
    assert {clip.status for clip in clips} == {ClipStatus.TRANSCODED}
    files = [audio_store().get(master_key(clip.pk, clip.master_sha256)) for clip in clips]
    return [read_master(file).astype(np.float64) / 32_768 for file in files]


def words_heard_by(master: NDArray[np.float64], script: Script) -> tuple[list[int], list[int]]:
    """Which words a take holds whole, and which it only touches."""
    begin, fit = found_in(master, script.samples)
    assert fit > SAME, "the take is a piece of what was played"
    end = begin + len(master)
    whole = [n for n, (b, e) in enumerate(script.words) if begin <= b and e <= end]
    touched = [n for n, (b, e) in enumerate(script.words) if b < end and e > begin]
    return whole, [n for n in touched if n not in whole]


def wait_for_masters(page: Page, campaign: Campaign, count: int) -> None:
    done = Clip.objects.filter(participation__campaign=campaign, status=ClipStatus.TRANSCODED)
    for _ in range(120):
        if done.count() >= count:
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{done.count()} of {count} takes arrived")


def by_keyboard(device: Device) -> None:
    """Space before each word, Space after it, Enter."""
    page = device.page
    for begin, end in device.script.words:
        device.is_in("ready")
        wait_until_played(page, begin / MASTER_RATE_HZ - 0.6)
        page.keyboard.press("Space")
        device.is_in("recording")
        wait_until_played(page, end / MASTER_RATE_HZ + 0.4)
        page.keyboard.press("Space")
        device.is_in("take")
        page.keyboard.press("Enter")


def test_twenty_keywords_by_keyboard_while_others_speak_without_hands_and_on_a_phone(
    device: Callable[..., Device],
) -> None:
    """Each in a noise of their own, at once: the minute of real time is waited for once only."""
    keyboard = device("keyboard", "pink", KEYBOARD_INTERVAL_S)
    among_voices = device("among-voices", "babble")
    beside_a_fan = device("beside-a-fan", "fan_and_hum")
    phone = device("phone", "pink", size="phone", has_touch=True, is_mobile=True)
    complaints = watched(among_voices.page)
    keyboard.page.add_init_script(NOTE_OPENING)
    agree(keyboard.page, keyboard.campaign)
    keyboard.is_in("quiet")
    keyboard.page.keyboard.press("h")
    agree(among_voices.page, among_voices.campaign)
    agree(beside_a_fan.page, beside_a_fan.campaign)
    phone.page.goto(f"/c/{phone.campaign.slug}/record/")
    phone.page.get_by_role("button", name="I am 18 or older").tap()
    expect(phone.recorder.locator("kbd").first).to_be_hidden()
    by_keyboard(keyboard)
    for each in (keyboard, among_voices, beside_a_fan, phone):
        each.is_in("finished", timeout_ms=90_000)
        each.assert_each_word_once_and_whole()
    assert complaints == []


def test_the_room_and_the_circumstances_are_kept_with_the_takes(
    visitors: Visitors, make_campaign: Callable[..., Campaign], tmp_path: Path
) -> None:
    campaign = make_campaign("room-tone", ["yes"])
    add_prompts(campaign, PromptKind.NOISE, ["Your room"], seconds=5)
    Campaign.objects.filter(pk=campaign.pk).update(keeps_room_tone=True)
    path = tmp_path / "microphone.wav"
    words_file(path, WORDS[:4], "noise/fan_and_hum.flac", 20.0, INTERVAL_S)
    page = visitors.page(visitors.browser(path))
    with page.expect_request(lambda sent: sent.method == "PUT") as put:
        agree(page, campaign)
    speaker = Participation.objects.get(campaign=campaign).speaker_id
    assert f"speaker={speaker}" in put.value.url
    wait_for_masters(page, campaign, 2)
    room = Clip.objects.filter(participation__campaign=campaign).earliest("received_at")
    assert room.prompt is not None and room.prompt.kind == PromptKind.NOISE
    assert room.duration_s == pytest.approx(2.0, abs=0.1)
    word = Clip.objects.get(participation__campaign=campaign, prompt__text="yes")
    said = word.capture
    assert (said["start"], said["restarts"]) == ("hands-free", 0)
    assert said["browser"].startswith("Chromium ")
    assert NOISE_DBFS - 6 < said["noise_floor_dbfs"] < NOISE_DBFS + 3
    assert 0 < said["trim_start_s"] < said["trim_end_s"] < (word.duration_s or 0)
