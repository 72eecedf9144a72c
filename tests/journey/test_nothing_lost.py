"""What breaks between a browser and the site: every accepted take arrives, each exactly once."""

from __future__ import annotations

import hashlib
import os
import signal
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from collector.models import Campaign, Clip, Participation
from tests.journey.conftest import Site, Visitors, assert_accessible, shoot
from tests.journey.device import (
    accept_take,
    arrived,
    become_a_speaker,
    held,
    keep_take,
    sound,
    wait_for,
)

pytestmark = pytest.mark.browser
CLIPS = "**/api/v1/clips/*"


@pytest.fixture
def campaign(make_campaign: Callable[..., Campaign], request: pytest.FixtureRequest) -> Campaign:
    """A campaign of this test's own."""
    slug = request.node.name.removeprefix("test_").replace("_", "-")[:50].strip("-")
    return make_campaign(slug, ["yes"])


@pytest.fixture
def speaker(visitors: Visitors, campaign: Campaign) -> Page:
    """Somebody who has agreed, with the recorder's page open."""
    page = visitors.page()
    become_a_speaker(page, campaign)
    return page


def keep(page: Page, campaign: Campaign, numbers: range, seconds: float = 1.0) -> set[str]:
    prompt = campaign.prompts.get()
    return {keep_take(page, prompt, sound(number, seconds)) for number in numbers}


def assert_all_arrive(page: Page, campaign: Campaign, accepted: set[str]) -> None:
    """The hashes on the server are those accepted, each once, and the device is empty."""
    wait_for(page, lambda: arrived(campaign) == sorted(accepted), "all arrive")
    wait_for(page, lambda: held(page) == [], "the device lets go of what was acknowledged")
    assert arrived(campaign) == sorted(accepted)


def test_offline_in_the_middle_of_a_set(speaker: Page, campaign: Campaign) -> None:
    accepted = keep(speaker, campaign, range(2))
    assert_all_arrive(speaker, campaign, accepted)
    speaker.context.set_offline(True)
    status = speaker.locator("#status")
    expect(status).to_have_text("Offline")
    accepted |= keep(speaker, campaign, range(2, 5))
    expect(status).to_have_text("Offline · 3 wait", timeout=20_000)
    shoot(speaker, "offline-status")
    assert len(held(speaker)) == 3
    speaker.context.set_offline(False)
    assert_all_arrive(speaker, campaign, accepted)
    expect(status).to_have_text("")


def test_a_server_killed_in_the_middle_of_a_put(
    speaker: Page, campaign: Campaign, site: Site
) -> None:
    network = speaker.context.new_cdp_session(speaker)
    slow = {"offline": False, "latency": 20, "downloadThroughput": -1}
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": 40_000})
    with speaker.expect_request(CLIPS):
        accepted = keep(speaker, campaign, range(3), seconds=10)
    time.sleep(1.5)  # at 40 kB/s, some 200 kB of each are still to come
    web = site.pid("web")
    os.killpg(web, signal.SIGKILL)
    assert arrived(campaign) == [], "it was killed before the end of the first"
    network.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
    wait_for(speaker, lambda: site.pid("web") != web, "the supervisor starts it again")
    assert_all_arrive(speaker, campaign, accepted)


def test_a_reload_with_five_takes_queued(speaker: Page, campaign: Campaign) -> None:
    speaker.context.route(CLIPS, lambda route: route.abort())
    accepted = keep(speaker, campaign, range(5))
    speaker.reload()
    wait_for(speaker, lambda: len(held(speaker)) == 5, "five are still there")
    speaker.context.unroute(CLIPS)
    assert_all_arrive(speaker, campaign, accepted)


def test_a_closed_tab_is_finished_by_any_other_page(speaker: Page, campaign: Campaign) -> None:
    speaker.context.route(CLIPS, lambda route: route.abort())
    accepted = keep(speaker, campaign, range(3))
    other = speaker.context.new_page()
    speaker.close()
    speaker.context.unroute(CLIPS)
    other.goto("/problems/")
    assert_all_arrive(other, campaign, accepted)


def test_two_tabs_send_each_take_once(speaker: Page, campaign: Campaign) -> None:
    puts: list[str] = []
    speaker.context.on(
        "request", lambda asked: puts.append(asked.url) if asked.method == "PUT" else None
    )
    other = speaker.context.new_page()
    other.goto("/")
    other.wait_for_load_state("networkidle")
    accepted = keep(speaker, campaign, range(6))
    assert_all_arrive(other, campaign, accepted)
    assert len(puts) == len(set(puts)) == 6


def test_cookies_cleared_before_the_takes_are_sent(speaker: Page, campaign: Campaign) -> None:
    speaker.context.clear_cookies()
    accepted = keep(speaker, campaign, range(3))
    assert_all_arrive(speaker, campaign, accepted)
    assert Participation.objects.filter(campaign=campaign).count() == 1, "still the same speaker"


def test_a_take_waits_for_its_maker_while_somebody_else_speaks(
    speaker: Page, campaign: Campaign
) -> None:
    prompt, grandma = campaign.prompts.get(), Participation.objects.get(campaign=campaign)
    phrase = speaker.evaluate("localStorage.getItem('choir.recovery_phrase')")
    # With her phrase still here the recorder would make her the speaker again.
    speaker.evaluate("localStorage.removeItem('choir.recovery_phrase')")
    speaker.context.clear_cookies()
    become_a_speaker(speaker, campaign)
    grandpa = Participation.objects.exclude(pk=grandma.pk).get(campaign=campaign)
    hers = keep_take(speaker, prompt, sound(1), speaker_id=str(grandma.speaker_id))
    his = keep_take(speaker, prompt, sound(2), speaker_id=str(grandpa.speaker_id))
    wait_for(speaker, lambda: arrived(campaign) == [his], "his own arrives at once")
    wait_for(speaker, lambda: len(held(speaker)) == 1, "and the device lets go of it")
    speaker.goto("/me/clips/")
    expect(speaker.locator("choir-queue")).to_contain_text("until they are back", timeout=60_000)
    speaker.goto("/me/recover/#" + phrase.replace(" ", "-"))
    speaker.get_by_role("button", name="Find my clips").click()
    speaker.wait_for_url("**/me/clips/")
    assert_all_arrive(speaker, campaign, {hers, his})
    made = Clip.objects.filter(participation__campaign=campaign)
    assert made.get(original_sha256=hers).participation == grandma
    assert made.get(original_sha256=his).participation == grandpa


def test_a_full_device_refuses_a_take_and_loses_none(speaker: Page, campaign: Campaign) -> None:
    speaker.goto("/me/clips/")
    speaker.wait_for_function("() => document.querySelector('choir-queue').uploader")
    speaker.wait_for_load_state("networkidle")
    speaker.context.set_offline(True)
    storage = speaker.context.new_cdp_session(speaker)
    origin = speaker.evaluate("location.origin")
    used = speaker.evaluate("navigator.storage.estimate().then(({ usage }) => usage)")
    quota = {"origin": origin, "quotaSize": used + 1_500_000}
    storage.send("Storage.overrideQuotaForOrigin", quota)
    takes = [sound(number, seconds=12) for number in range(12)]
    said = [accept_take(speaker, campaign.prompts.get(), data) for data in takes]
    assert set(said) == {"kept", "DeviceFull"}, (
        "it takes some, and then says clearly that it is full"
    )
    kept = [data for data, word in zip(takes, said, strict=True) if word == "kept"]
    assert len(held(speaker)) == len(kept)
    storage.send("Storage.overrideQuotaForOrigin", {"origin": origin})
    speaker.context.set_offline(False)
    assert_all_arrive(speaker, campaign, {hashlib.sha256(data).hexdigest() for data in kept})


def test_a_server_that_fails_for_a_while(speaker: Page, campaign: Campaign) -> None:
    answers = [
        {"status": 500, "body": "broken"},
        {"status": 200, "body": "<html>Welcome to our hotel</html>"},
        {"status": 503, "headers": {"Retry-After": "1"}},
        {"status": 408},
    ]

    def fail(route: Route) -> None:
        if answers:
            route.fulfill(**answers.pop())  # type: ignore[arg-type]
        else:
            route.fallback()

    speaker.context.route(CLIPS, fail)
    accepted = keep(speaker, campaign, range(2))
    assert_all_arrive(speaker, campaign, accepted)
    assert answers == []


def test_the_queue_that_the_speaker_sees(speaker: Page, campaign: Campaign) -> None:
    """What failed says why, can be tried again, saved, and discarded after a question."""
    reason = "This prompt does not exist or is no longer open. Reload the page for fresh ones."
    refusal = {"code": "prompt_unknown", "detail": reason}
    speaker.context.route(CLIPS, lambda route: route.fulfill(status=404, json=refusal))
    keep(speaker, campaign, range(2))
    speaker.goto("/me/clips/")
    queue = speaker.locator("choir-queue")
    failed = queue.locator("[data-status=failed]")
    expect(failed).to_have_count(2)
    expect(failed.first).to_contain_text(reason)
    expect(speaker.locator("#status")).to_have_text("2 takes not sent")
    speaker.context.unroute(CLIPS)
    speaker.context.route(CLIPS, lambda route: route.abort())
    keep(speaker, campaign, range(2, 4))
    expect(queue.locator("[data-status=waiting]")).to_have_count(2)
    expect(queue).to_contain_text("Last try")
    shoot(speaker, "queue")
    assert_accessible(speaker)
    with speaker.expect_download() as download:
        failed.first.get_by_role("button", name="Save").click()
    assert download.value.suggested_filename.startswith("choir-yes-")
    assert download.value.path().read_bytes() in (sound(0), sound(1))
    failed.first.get_by_role("button", name="Discard").click()
    shoot(speaker, "discard")
    assert_accessible(speaker)
    speaker.get_by_role("dialog").get_by_role("button", name="Discard it").click()
    expect(failed).to_have_count(1)
    speaker.context.unroute(CLIPS)
    failed.first.get_by_role("button", name="Try again").click()
    expect(queue).to_contain_text("All takes are sent", timeout=90_000)
    assert len(set(arrived(campaign))) == len(arrived(campaign)) == 3
