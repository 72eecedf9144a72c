"""Without a signal: the recorder opens, everything else says so, and a new version comes calmly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from collector.models import Campaign, Role
from tests.journey.conftest import Visitors, assert_accessible, member, shoot
from tests.journey.device import become_a_speaker, keep_take, sound, wait_for

pytestmark = pytest.mark.browser

KEPT = """async () => {
  const cache = await caches.open("choir-pages");
  return (await cache.keys()).map(({ url }) => new URL(url).pathname);
}"""
KEEP_SET = """async (slug) => {
  const campaign = await (await fetch(`/api/v1/campaigns/${slug}`)).json();
  const prompts = await (await fetch(`/api/v1/campaigns/${slug}/prompts?limit=20`)).json();
  await new Promise((resolve) => {
    const opening = indexedDB.open("choir-prompts", 1);
    opening.onupgradeneeded = () =>
      opening.result.createObjectStore("sets", { keyPath: "slug" });
    opening.onsuccess = () => {
      const transaction = opening.result.transaction("sets", "readwrite");
      transaction.objectStore("sets").put({ slug, campaign, prompts, kept_at: Date.now() });
      transaction.oncomplete = () => { opening.result.close(); resolve(); };
    };
  });
}"""


@pytest.fixture
def campaign(make_campaign: Callable[..., Campaign], request: pytest.FixtureRequest) -> Campaign:
    """A campaign of this test's own."""
    made = make_campaign(request.node.name.removeprefix("test_")[:50].replace("_", "-"), ["yes"])
    made.name = "Kitchen words"
    made.save()
    return made


@pytest.fixture
def speaker(visitors: Visitors, campaign: Campaign) -> Page:
    """Somebody who has agreed, whose device has fetched everything ahead."""
    page = visitors.page()
    become_a_speaker(page, campaign)
    page.evaluate(KEEP_SET, campaign.slug)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    record, wanted = f"/c/{campaign.slug}/record/", {"/offline/", "/jsi18n/"}
    wait_for(page, lambda: {*wanted, record} <= set(page.evaluate(KEPT)), "the pages are kept")
    return page


def test_the_recorder_opens_without_a_signal(speaker: Page, campaign: Campaign) -> None:
    failed: list[str] = []
    speaker.context.set_offline(True)
    speaker.on("pageerror", lambda error: failed.append(str(error)))
    speaker.goto(f"/c/{campaign.slug}/record/")
    recorder = speaker.locator("choir-recorder")
    expect(recorder).to_be_visible()
    expect(recorder).to_have_attribute("data-state", "welcome")
    expect(speaker.locator("#status")).to_have_text("Offline")
    assert failed == []


def test_every_other_page_says_what_works(speaker: Page, campaign: Campaign) -> None:
    speaker.context.set_offline(True)
    keep_take(speaker, campaign.prompts.get(), sound(1))
    speaker.goto("/c/nowhere/")
    expect(speaker.get_by_role("heading", name="You are offline")).to_be_visible()
    expect(speaker.locator("choir-offline")).to_contain_text("1 prompt is on this device")
    expect(speaker.locator("choir-queue")).to_contain_text("safe here", timeout=20_000)
    shoot(speaker, "offline")
    assert_accessible(speaker)
    speaker.get_by_role("link", name="Lend your voice").click()
    expect(speaker.locator("choir-recorder")).to_be_attached()


def test_what_is_kept_is_nobodys_own(visitors: Visitors, campaign: Campaign) -> None:
    """The pages of somebody signed in are kept as anybody would see them."""
    page = visitors.page(user=member(campaign, "curator", Role.CURATOR))
    page.goto(f"/c/{campaign.slug}/record/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    record = f"/c/{campaign.slug}/record/"
    wait_for(page, lambda: record in page.evaluate(KEPT), "the page is kept")
    page.goto("/me/clips/")
    page.wait_for_load_state("networkidle")
    texts = page.evaluate("""async () => {
      const texts = [];
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const asked of await cache.keys()) {
          texts.push([asked.url, await (await cache.match(asked)).text()]);
        }
      }
      return texts;
    }""")
    assert texts
    assert [url for url, text in texts if "curator@" in text or "Sign out" in text] == []
    assert [url for url, _ in texts if "/api/" in url or "/me/" in url] == []


def test_the_page_that_was_asked_for_comes_by_itself(speaker: Page) -> None:
    speaker.context.set_offline(True)
    speaker.goto("/problems/")
    expect(speaker.get_by_role("heading", name="You are offline")).to_be_visible()
    speaker.context.set_offline(False)
    expect(speaker).to_have_title("Error codes · Choir", timeout=20_000)


@pytest.fixture
def worker_file() -> Iterator[Path]:
    """The built service worker, put back as it was afterwards."""
    built = Path(settings.BASE_DIR) / "frontend" / "dist" / "sw.js"
    before = built.read_bytes()
    yield built
    built.write_bytes(before)


def test_a_new_version_waits_until_it_is_asked_for(speaker: Page, worker_file: Path) -> None:
    worker_file.write_bytes(worker_file.read_bytes() + b"// another version")
    speaker.reload()
    offer = speaker.get_by_role("button", name="New version: reload")
    expect(offer).to_be_visible(timeout=20_000)
    shoot(speaker, "new-version")
    assert_accessible(speaker)
    speaker.evaluate("window.isOld = true")
    with speaker.expect_navigation():
        offer.click()
    assert speaker.evaluate("window.isOld") is None
    speaker.wait_for_timeout(4_000)
    expect(offer).to_have_count(0)
