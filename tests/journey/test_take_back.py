"""Taking everything back, as somebody would who comes with nothing but their twelve words."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from collector.models import Campaign, Clip, ClipStatus
from collector.storage import audio_store, clip_folder
from corpus.models import WithdrawalRequest
from tests.journey.conftest import (
    IS_PHOTOGRAPHED,
    SCREENSHOTS,
    SIZES,
    Visitors,
    assert_accessible,
    in_light,
)
from tests.journey.test_pages import watched
from tests.journey.visitor import Visitor
from tests.people import audio_of

pytestmark = pytest.mark.browser


def looked_at(page: Page, name: str) -> None:
    """Accessible, and photographed at both sizes in light and dark."""
    if IS_PHOTOGRAPHED:
        before = page.viewport_size
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                path = SCREENSHOTS / f"{name}-{size}{'-dark' if scheme == 'dark' else ''}.png"
                page.screenshot(path=path, full_page=True)
        in_light(page)
        if before is not None:
            page.set_viewport_size(before)
    assert_accessible(page)


def test_the_phrase_takes_everything_back_in_a_second_clean_browser(
    visitors: Visitors, make_campaign: Callable[..., Campaign]
) -> None:
    campaign = make_campaign("take-back", ["yes", "no"])
    device = Visitor(visitors.site.url)
    phrase = device.join(campaign)
    for text in ("yes", "no", "yes"):
        device.put(audio_of(text), campaign.prompts.get(text=text))
    lent = Clip.objects.filter(participation__campaign=campaign)
    ids = list(lent.values_list("pk", flat=True))

    page = visitors.page()
    complaints = watched(page)
    page.goto("/")
    page.get_by_role("link", name="I have a recovery phrase").click()
    page.get_by_label("Recovery phrase").fill(phrase)
    looked_at(page, "recover")
    page.get_by_role("button", name="Take clips back").click()
    page.wait_for_url("**/me/withdraw/")
    choices = page.locator("choir-take-back")
    expect(choices).to_contain_text("You lend 3 clips.")
    assert page.evaluate("localStorage.getItem('choir.recovery_phrase')") is None, (
        "not their device"
    )
    choices.get_by_role("button", name="Pause all").click()
    expect(choices.get_by_role("status")).to_contain_text("3 clips are paused.")
    expect(choices).to_contain_text("3 of them are paused.")
    looked_at(page, "take-back")

    page.goto("/me/clips/")
    mine = page.locator("choir-my-clips")
    mine.get_by_role("checkbox", name="no").check()
    expect(mine.locator(".chosen-bar")).to_contain_text("1 chosen")
    mine.get_by_role("button", name="Choose all of this page").click()
    looked_at(page, "my-clips-chosen")
    mine.get_by_role("link", name="Take back or pause all of them").click()

    choices.get_by_role("button", name="Take everything back").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Take 3 clips back?")
    dialog.get_by_text("Say why, if you like").click()
    dialog.get_by_role("textbox").fill("I changed my mind.")
    looked_at(page, "take-back-dialog")
    dialog.get_by_role("button", name="Take them back").click()
    page.wait_for_url("**/withdrawals/*/")
    receipt = page.locator("#receipt")
    expect(receipt).to_contain_text("Everything is erased", timeout=60_000)
    expect(receipt).to_contain_text("3 clips were taken back, and their audio is erased.")
    looked_at(page, "withdrawal")
    for clip_id in ids:
        assert audio_store().keys(clip_folder(clip_id)) == []
    assert set(Clip.objects.filter(pk__in=ids).values_list("status", flat=True)) == {
        ClipStatus.ERASED
    }
    made = WithdrawalRequest.objects.get(pk=page.url.split("/")[-2])
    assert (made.num_clips, made.reason) == (3, "I changed my mind.")
    with page.expect_download() as copy:
        page.get_by_role("link", name="A copy as JSON").click()
    told = json.loads(copy.value.path().read_text(encoding="utf-8"))
    assert {each["id"] for each in told["clips"]} == set(map(str, ids))
    page.goto("/me/withdraw/")
    expect(choices).to_contain_text("You lend no clip any more.")
    choices.get_by_text("1 receipt of what you took back").click()
    choices.get_by_role("listitem").get_by_role("link").click()
    expect(receipt).to_contain_text("Everything is erased")

    stranger = visitors.page(size="phone")
    stranger.goto(page.url)
    expect(stranger.locator("#receipt")).to_contain_text("3 clips were taken back")
    stranger.emulate_media(media="print")
    expect(stranger.locator(".site-header")).to_be_hidden()
    assert complaints == []
