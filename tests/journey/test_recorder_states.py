"""Every state of the recorder: its picture in light and dark, its accessibility, its words."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils.text import slugify
from playwright.sync_api import Locator, Page, expect

from collector.models import Campaign, Clip, ConsentBy, ConsentEvent
from tests.journey.conftest import (
    IS_PHOTOGRAPHED,
    SCREENSHOTS,
    Visitors,
    assert_accessible,
    in_light,
    shoot,
)
from tests.journey.device import become_a_speaker
from tests.journey.microphone import (
    LEAD_S,
    NOTE_OPENING,
    Sound,
    sounds_file,
    wait_until_played,
)

pytestmark = pytest.mark.browser

SAID = "librivox/0005.flac"
WORD = "an4/0079.flac"
SENTENCE = "He might even have been made amiable himself."
IN_APP = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/15E148 Instagram 312.0.0.22.114"
)


@pytest.fixture
def campaign(make_campaign: Callable[..., Campaign], request: pytest.FixtureRequest) -> Campaign:
    """A campaign of this test's own, with a name fit to be shown."""
    number = request.session.items.index(request.node)
    slug = f"{slugify(request.node.name.removeprefix('test_'))[:40].strip('-_')}-{number}"
    made = make_campaign(slug, [], [SENTENCE, "Set a timer for eleven minutes."])
    made.name = "Kitchen words"
    # A room tone long enough for a silent room, and for who takes its picture.
    made.room_tone_s = 2.0 if IS_PHOTOGRAPHED else 0.5
    made.save()
    return made


def shoot_all(page: Page, name: str) -> None:
    """Take the page's picture in light and dark, at both sizes."""
    if not IS_PHOTOGRAPHED:
        return
    # Without motion, so that no colour is caught half-way in its change.
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    shoot(page, name)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    shoot(page, f"{name}-dark")
    in_light(page)


def test_a_guardian_agrees_for_a_child(visitors: Visitors, campaign: Campaign) -> None:
    page = visitors.page(visitors.hearing(SAID), size="phone", has_touch=True, is_mobile=True)
    page.goto(f"/c/{campaign.slug}/record/")
    shoot_all(page, "consent")
    page.get_by_role("button", name="I am a parent or guardian and agree for a child").tap()
    in_state(page.locator("choir-recorder"), "ready")
    given = ConsentEvent.objects.get(participation__campaign=campaign)
    assert given.by == ConsentBy.GUARDIAN


def opened(page: Page, campaign: Campaign) -> Locator:
    """The recorder, after the speaker has agreed."""
    page.goto(f"/c/{campaign.slug}/record/")
    page.get_by_role("button", name="I am 18 or older").click()
    return page.locator("choir-recorder")


def in_state(recorder: Locator, name: str) -> None:
    expect(recorder).to_have_attribute("data-state", name, timeout=40_000)


def looked_at(page: Page, name: str) -> None:
    shoot_all(page, name)
    assert_accessible(page)


HOLD_MICROPHONE = """
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = (wishes) => new Promise((resolve) => {
  window.giveMicrophone = () => resolve(open(wishes));
});
"""


def test_who_comes_back_is_welcomed_asked_for_the_microphone_and_for_silence(
    visitors: Visitors, campaign: Campaign
) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(room_tone_s=10)
    page = visitors.page(visitors.hearing(SAID))
    page.add_init_script(HOLD_MICROPHONE)
    become_a_speaker(page, campaign)
    page.goto(f"/c/{campaign.slug}/record/")
    recorder = page.locator("choir-recorder")
    in_state(recorder, "welcome")
    looked_at(page, "recorder-welcome")
    page.get_by_role("button", name="Begin").click()
    in_state(recorder, "opening")
    looked_at(page, "recorder-opening")
    page.evaluate("window.giveMicrophone()")
    in_state(recorder, "quiet")
    looked_at(page, "recorder-quiet")


def test_the_way_through_a_set_without_hands(
    visitors: Visitors, campaign: Campaign, tmp_path: Path
) -> None:
    """Silence, a sentence that goes on and on, and thanks."""
    path = tmp_path / "microphone.wav"
    # Pictures take their time.
    sounds_file(path, [Sound(SAID)] * (8 if IS_PHOTOGRAPHED else 2))
    page = visitors.page(visitors.browser(path))
    recorder = opened(page, campaign)
    in_state(recorder, "ready")
    expect(recorder).to_contain_text("Just say it")
    shoot_all(page, "recorder-listening")
    in_state(recorder, "recording")
    looked_at(page, "recorder-speaking")
    in_state(recorder, "ready")
    page.keyboard.press("s")
    expect(page.locator("choir-about")).to_have_count(0)
    in_state(recorder, "finished")
    expect(recorder).to_contain_text("Waiting for people to listen", timeout=30_000)
    expect(recorder.get_by_role("button", name="Rather not")).to_be_visible()
    looked_at(page, "recorder-finished")


def test_a_speaker_is_asked_about_themselves_after_the_first_set_and_once(
    visitors: Visitors, campaign: Campaign
) -> None:
    page = visitors.page(visitors.hearing(SAID))
    recorder, about = opened(page, campaign), page.locator("choir-about")
    pass_a_set(page)
    recorder.get_by_role("button", name="Rather not").click(timeout=60_000)
    expect(about).to_contain_text("That is fine.", timeout=20_000)
    page.get_by_role("button", name="Another set").click()
    expect(about).to_have_count(0)
    with page.expect_response(f"**/api/v1/campaigns/{campaign.slug}"):
        pass_a_set(page)
    expect(recorder).to_contain_text("Another time, then")
    expect(about).to_have_count(0)


def pass_a_set(page: Page) -> None:
    """From an opened recorder to the end of its set of two, with skips only."""
    recorder = page.locator("choir-recorder")
    for number in (1, 2):
        in_state(recorder, "ready")
        expect(recorder).to_contain_text(f"{number} of 2")
        expect(page.locator("choir-about")).to_have_count(0)
        page.keyboard.press("s")
    in_state(recorder, "finished")


def test_what_is_wrong_is_said_and_asked_for_again(
    visitors: Visitors, campaign: Campaign, tmp_path: Path
) -> None:
    path = tmp_path / "microphone.wav"
    sounds_file(path, [Sound(WORD, gain_db=-32)])
    page = visitors.page(visitors.browser(path))
    recorder = opened(page, campaign)
    expect(recorder.get_by_role("alert")).to_contain_text("Come closer", timeout=30_000)
    expect(recorder).to_contain_text("1 of 2")
    looked_at(page, "recorder-trouble")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("How to record")
    looked_at(page, "recorder-help")


def test_a_clipped_take_restarts_by_itself(
    visitors: Visitors, campaign: Campaign, tmp_path: Path
) -> None:
    path = tmp_path / "microphone.wav"
    pause = Sound(SAID, gain_db=-120)
    sounds_file(path, [Sound(WORD, gain_db=30), pause, Sound(WORD)])
    page = visitors.page(visitors.browser(path))
    recorder = opened(page, campaign)
    expect(recorder.get_by_role("alert")).to_contain_text("too loud", timeout=30_000)
    expect(recorder).to_contain_text("1 of 2")
    expect(recorder).to_contain_text("2 of 2", timeout=30_000)
    expect(recorder.locator("[data-clip]:not([data-state=queued])")).to_have_count(1)
    clip = Clip.objects.get(participation__campaign=campaign)
    assert clip.capture["restarts"] >= 1


def test_a_take_by_hand_is_looked_at_and_played(visitors: Visitors, campaign: Campaign) -> None:
    page = visitors.page(visitors.hearing(SAID))
    page.add_init_script(NOTE_OPENING)
    recorder = opened(page, campaign)
    in_state(recorder, "ready")
    page.keyboard.press("h")
    expect(recorder.get_by_role("switch", name="Hands-free")).not_to_be_checked()
    looked_at(page, "recorder-by-hand")
    page.keyboard.press("Space")
    in_state(recorder, "recording")
    shoot(page, "recorder-recording")
    wait_until_played(page, LEAD_S + 1.5)
    page.keyboard.press("Space")
    in_state(recorder, "take")
    page.keyboard.press("p")
    expect(recorder.get_by_role("button", name="Stop")).to_be_visible()
    expect(recorder.get_by_role("button", name="Play")).to_be_visible(timeout=15_000)
    looked_at(page, "take")
    page.get_by_role("button", name="Report").click()
    looked_at(page, "recorder-report")
    page.get_by_role("button", name="Cancel").click()
    page.keyboard.press("Enter")
    expect(recorder).to_contain_text("2 of 2")
    page.keyboard.press("u")
    expect(recorder).to_contain_text("1 of 2")
    expect(recorder).to_contain_text("Taken back", timeout=30_000)


#: What goes wrong, and how to make it: before the page begins, and at its first prompt.
FAULTS = {
    "refused": (
        "navigator.mediaDevices.getUserMedia = async () => {"
        " throw new DOMException('', 'NotAllowedError') }",
        "",
    ),
    "full": ("navigator.storage.estimate = async () => ({ quota: 1e6, usage: 999999 })", ""),
    "away": (
        "",
        "Object.defineProperty(document, 'hidden', { get: () => true, configurable: true });"
        "document.dispatchEvent(new Event('visibilitychange'))",
    ),
}  # fmt: skip
KEEP_STREAM = (
    "const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);"
    "navigator.mediaDevices.getUserMedia = async (w) => (window.stream = await open(w))"
)


def assert_fault_is_said(page: Page, fault: str) -> None:
    recorder = page.locator("choir-recorder")
    in_state(recorder, "fault")
    expect(recorder.locator(f"[data-fault={fault}]")).to_be_visible()
    looked_at(page, f"recorder-fault-{fault}")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_said_with_what_helps(
    visitors: Visitors, campaign: Campaign, fault: str
) -> None:
    before, then = FAULTS[fault]
    page = visitors.page(visitors.hearing(SAID))
    page.add_init_script(before)
    recorder = opened(page, campaign)
    if then:
        in_state(recorder, "ready")
        page.evaluate(then)
    assert_fault_is_said(page, fault)


def test_an_interruption_is_said_and_the_set_goes_on_after_it(
    visitors: Visitors, campaign: Campaign
) -> None:
    page = visitors.page(visitors.hearing(SAID))
    page.add_init_script(KEEP_STREAM)
    recorder = opened(page, campaign)
    in_state(recorder, "ready")
    page.keyboard.press("s")
    expect(recorder).to_contain_text("2 of 2")
    page.evaluate("window.stream.getTracks()[0].dispatchEvent(new Event('mute'))")
    assert_fault_is_said(page, "interrupted")
    page.get_by_role("button", name="Go on").click()
    in_state(recorder, "ready")
    expect(recorder).to_contain_text("2 of 2")


def test_a_browser_inside_another_app_offers_the_link(
    visitors: Visitors, campaign: Campaign
) -> None:
    page = visitors.page(size="phone", user_agent=IN_APP)
    page.add_init_script("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })")
    page.goto(f"/c/{campaign.slug}/record/")
    recorder = page.locator("choir-recorder")
    expect(recorder).to_contain_text("own browser cannot record")
    expect(recorder).to_contain_text(f"/c/{campaign.slug}/record/")
    looked_at(page, "recorder-in-app")
    page.get_by_role("button", name="Copy the link").click()


def test_two_taps_lead_to_the_first_prompt(visitors: Visitors, campaign: Campaign) -> None:
    page = visitors.page(visitors.hearing(SAID), size="phone", has_touch=True, is_mobile=True)
    page.goto(f"/c/{campaign.slug}/")
    begin_s = time.monotonic()
    page.get_by_role("link", name="Lend your voice").first.tap()
    page.get_by_role("button", name="I am 18 or older").tap()
    in_state(page.locator("choir-recorder"), "ready")
    assert time.monotonic() - begin_s < 15


def test_skips_and_reports_reach_the_server_and_a_skip_can_be_undone(
    visitors: Visitors, campaign: Campaign
) -> None:
    page = visitors.page(visitors.hearing(SAID))
    recorder = opened(page, campaign)
    in_state(recorder, "ready")
    with page.expect_response("**/prompts/*/skip") as skipped:
        page.keyboard.press("s")
    assert (skipped.value.request.method, skipped.value.status) == ("POST", 204)
    expect(recorder).to_contain_text("2 of 2")
    with page.expect_response("**/prompts/*/skip") as undone:
        page.keyboard.press("u")
    assert (undone.value.request.method, undone.value.status) == ("DELETE", 204)
    expect(recorder).to_contain_text("1 of 2")
    page.get_by_role("button", name="Report").click()
    page.get_by_label("It is offensive").check()
    with page.expect_response("**/prompts/*/report") as reported:
        page.get_by_role("button", name="Report it").click()
    assert reported.value.status == 204
    expect(recorder).to_contain_text("2 of 2")


def test_nothing_is_lost_at_200_percent_nor_from_right_to_left(
    visitors: Visitors, campaign: Campaign
) -> None:
    page = visitors.page(visitors.hearing(SAID), device_scale_factor=2)
    page.set_viewport_size({"width": 640, "height": 400})
    recorder = opened(page, campaign)
    in_state(recorder, "ready")
    for direction in ("ltr", "rtl"):
        page.evaluate("(direction) => (document.documentElement.dir = direction)", direction)
        if IS_PHOTOGRAPHED:
            page.screenshot(path=SCREENSHOTS / f"recorder-zoomed-{direction}.png", full_page=True)
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, f"{direction}: it scrolls sideways by {overflow} px"
        expect(recorder.get_by_role("button", name="Record")).to_be_visible()
