"""Every page as people see it: its picture, its accessibility, no breach of the policy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils.text import slugify
from playwright.sync_api import Page, expect

from collector.access import OPERATOR
from collector.models import Campaign, CampaignStatus, Role
from collector.services import publish_consent_text
from tests.journey.conftest import Site, Visitors, assert_accessible, member, shoot
from tests.journey.visitor import Visitor
from tests.people import audio_of

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


def test_what_somebody_agreed_to(visitors: Visitors, campaign: Campaign, site: Site) -> None:
    """Asked, asked again with what is new marked, and all of it on pages to see and to keep."""
    page = visitors.page()
    giver = Visitor(site.url)
    giver.consent(campaign)
    giver.put(audio_of("yes"), campaign.prompts.get(text="yes"))
    cookies = [
        {"name": cookie.name, "value": cookie.value, "url": site.url}
        for cookie in giver.session.cookies
    ]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    look(page, "my-consent", "/me/consent/")
    page.locator("form", has=page.locator("[value=commercial-use]")).get_by_role(
        "button", name="Take back"
    ).click()
    expect(page.locator(".message")).to_contain_text("Taken back, for all your recordings.")
    for more in page.locator("summary").all():
        more.click()
    shoot(page, "my-consent-open")
    assert_accessible(page)
    page.locator(".receipts a").first.click()
    expect(page.locator(".receipt")).to_contain_text("SHA-256")
    shoot(page, "receipt")
    assert_accessible(page)
    publish_consent_text(
        OPERATOR, campaign, f"{campaign.consent_texts.get().body}\n\nIt rains today."
    )
    look(page, "my-consent-outdated", "/me/consent/")
    look(page, "consent-changed", f"/c/{campaign.slug}/record/")
    expect(page.locator("choir-recorder ins")).to_contain_text("It rains today.")
    boxes = page.locator(".opt-ins input")
    assert [box.is_checked() for box in boxes.all()] == [False] * 3, "each is an opt-in"


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
