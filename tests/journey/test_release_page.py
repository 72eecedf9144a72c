"""A release's page and the page of tokens, as a researcher sees them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from collector.models import Campaign, Role
from corpus.models import Release
from tests.journey.conftest import Visitors, assert_accessible, member, shoot
from tests.journey.releases import released

pytestmark = pytest.mark.browser


@pytest.fixture
def release(make_campaign: Callable[..., Campaign]) -> Release:
    return released(make_campaign, "release-page")


def in_both_schemes(page: Page, name: str) -> None:
    shoot(page, name)
    page.emulate_media(color_scheme="dark")
    shoot(page, f"{name}-dark")
    page.emulate_media(color_scheme="light")


def test_a_researcher_looks_signs_and_loads(visitors: Visitors, release: Release) -> None:
    page = visitors.page(user=member(release.campaign, "researcher", Role.RESEARCHER))
    page.goto(f"/releases/{release.pk}/")
    expect(page.get_by_role("img", name="Duration")).to_be_visible()
    in_both_schemes(page, "release")
    assert_accessible(page)
    page.get_by_role("button", name="I have read them, and sign").click()
    expect(page.get_by_role("link", name="Download clips.jsonl and Croissant")).to_be_visible()
    page.get_by_role("link", name="NeMo JSONL").click()
    expect(page.locator("#format")).to_contain_text("manifest.item_iter")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#format choir-copy").first.get_by_role("button", name="Copy").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f"--site {visitors.site.url} --release {release.pk} --format nemo" in copied
    shoot(page, "release-signed")
    page.get_by_role("link", name="Make a token").click()
    page.get_by_label("What is it for?").fill("The lab's fetching script")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", name="Your new token")).to_be_visible()
    in_both_schemes(page, "tokens")
    assert_accessible(page)
    figures_appear_when_a_worker_has_counted_them(page, release)


def figures_appear_when_a_worker_has_counted_them(page: Page, release: Release) -> None:
    large = {**release.sheet, "clips": 1_000_000}
    Release.objects.filter(pk=release.pk).update(revision=1, sheet=large)
    answer = page.goto(f"/releases/{release.pk}/")
    assert answer is not None and "These figures are of revision 0." in answer.text()
    shoot(page, "release-counting")
    expect(page.locator("choir-counting")).to_have_count(0, timeout=60_000)
    expect(page.get_by_role("img", name="Duration")).to_be_visible()
