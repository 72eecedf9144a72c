"""Somebody sets a campaign up in a browser, from nothing until people can speak for it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from playwright.sync_api import Page, expect

from collector.models import Campaign, User
from tests.journey.conftest import Visitors, assert_accessible, shoot

pytestmark = pytest.mark.browser


@pytest.mark.usefixtures("rows")
def test_a_campaign_from_nothing_to_its_opening(visitors: Visitors) -> None:
    founder = User.objects.create_user("founder@example.org")
    founder.user_permissions.add(Permission.objects.get(codename="add_campaign"))
    page = visitors.page(user=founder)
    page.goto("/")
    page.get_by_role("link", name="Begin a campaign").click()
    fill(page, {"Name": "Words for rain", "Short name": "rain", "Language": "de",
                "What it is for": "How people in the valley speak of rain."})  # fmt: skip
    seen(page, "campaign-new")
    page.get_by_role("button", name="Begin").press("Enter")
    expect(page.get_by_text("Before it opens, it needs")).to_be_visible()
    seen(page, "set-up-draft")

    page.get_by_role("link", name="at least one prompt").click()
    page.get_by_label("Texts, one a line").fill("Regen\nNieselregen\nhttps://example.org\nRegen")
    page.get_by_label("Where they come from").fill("Our own")
    page.get_by_role("button", name="Add them").press("Enter")
    expect(page.get_by_role("heading", name="2 prompts were added")).to_be_visible()
    seen(page, "prompts")

    page.get_by_role("link", name="Texts").click()
    page.get_by_label("The text", exact=True).fill("We collect how people speak of rain.")
    seen(page, "texts")
    page.get_by_role("button", name="Publish this text").press("Enter")
    expect(page.get_by_text("Version 1 is published")).to_be_visible()

    page.get_by_role("link", name="People").click()
    expect(page.get_by_text("founder@example.org", exact=True)).to_be_visible()
    seen(page, "people")
    page.get_by_role("link", name="Campaign", exact=True).click()
    page.get_by_role("button", name="Open it").press("Enter")
    expect(page.get_by_text("Everybody can speak now.")).to_be_visible()
    seen(page, "set-up-open")
    assert Campaign.objects.get(slug="rain").status == "open"


def fill(page: Page, fields: dict[str, str]) -> None:
    """Type into fields, found by how their labels begin."""
    for label, text in fields.items():
        page.get_by_label(label).first.fill(text)


def seen(page: Page, name: str) -> None:
    """Nothing stands in anybody's way, and a picture is kept."""
    assert_accessible(page)
    shoot(page, name)
