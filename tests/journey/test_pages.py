"""Every page as people see it: its picture, its accessibility, no breach of the policy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils.text import slugify
from playwright.sync_api import Page, expect

from collector.models import Campaign, CampaignStatus, Role
from tests.journey.conftest import Visitors, assert_accessible, member, shoot

pytestmark = pytest.mark.browser


def watched(page: Page) -> list[str]:
    """Whatever the browser complains of while the page is used."""
    complaints: list[str] = []
    page.on(
        "response",
        lambda answer: (
            complaints.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None
        ),
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
    )
    return complaints


def look(page: Page, name: str, path: str) -> None:
    """Open a page, take its picture, and hold it against the guidelines."""
    complaints = watched(page)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    shoot(page, name)
    assert_accessible(page)
    assert complaints == []


@pytest.fixture
def campaign(make_campaign: Callable[..., Campaign], request: pytest.FixtureRequest) -> Campaign:
    """A campaign of this test's own, with a name fit to be shown."""
    made = make_campaign(
        slugify(request.node.name),
        ["yes", "stop"],
        ["Set a timer for eleven minutes."],
    )
    made.name = "Kitchen words"
    made.save()
    # What other tests left behind is not for the pictures.
    Campaign.objects.exclude(pk=made.pk).update(status=CampaignStatus.DRAFT)
    return made


PAGES = {
    "home": "/",
    "campaign": "/c/{slug}/",
    "consent": "/c/{slug}/record/",
    "recover": "/me/recover/",
    "sign-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "no-releases": "/c/{slug}/releases/",
    "problems": "/problems/",
}


@pytest.mark.parametrize("name", PAGES)
def test_pages_for_everybody(visitors: Visitors, campaign: Campaign, name: str) -> None:
    look(visitors.page(), name, PAGES[name].format(slug=campaign.slug))


def test_the_documentation_of_the_api_opens_under_the_policy(visitors: Visitors) -> None:
    page = visitors.page()
    complaints = watched(page)
    page.goto("/api/docs/")
    expect(page.get_by_text("Send a take")).to_be_visible()
    shoot(page, "docs")
    assert complaints == []


def test_an_empty_desk(visitors: Visitors, campaign: Campaign) -> None:
    page = visitors.page(user=member(campaign, "reviewer", Role.REVIEWER))
    look(page, "empty-desk", f"/c/{campaign.slug}/review/")
    expect(page.locator("choir-review")).to_contain_text("Nothing waits for you")


def test_a_page_that_is_not_there(visitors: Visitors) -> None:
    page = visitors.page()
    page.goto("/nowhere/")
    shoot(page, "not-found")
    assert_accessible(page)
    expect(page.locator("main")).to_contain_text("There is nothing here")


def test_somebody_without_the_role_is_told_so(visitors: Visitors, campaign: Campaign) -> None:
    page = visitors.page(user=member(campaign, "researcher", Role.RESEARCHER))
    page.goto(f"/c/{campaign.slug}/review/")
    shoot(page, "refused")
    assert_accessible(page)
    expect(page.locator("main")).to_contain_text("needs a role that this account does not have")
