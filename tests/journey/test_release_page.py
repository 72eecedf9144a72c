"""A release's page and the page of tokens, as a researcher sees them."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from collector.access import Actor
from collector.models import Campaign, CampaignStatus, Clip, Role
from corpus.models import Release
from corpus.services import cut_release, publish_terms
from tests.corpus.rows import accepted_row, join
from tests.journey.conftest import Visitors, assert_accessible, member, shoot

pytestmark = pytest.mark.browser

WORDS = ["yes", "no", "go", "stop", "louder", "timer"]
SENTENCES = ["Set a timer for eleven minutes.", "My grandmother never measured the flour."]


@pytest.fixture
def release(make_campaign: Callable[..., Campaign]) -> Release:
    """Some hundred clips of two dozen people, over half a year; the same ones each time."""
    chance = random.Random(7)
    campaign = make_campaign("release-page", WORDS, SENTENCES)
    Campaign.objects.filter(pk=campaign.pk).update(name="Kitchen words")
    Campaign.objects.exclude(pk=campaign.pk).update(status=CampaignStatus.DRAFT)
    campaign.refresh_from_db()
    for n in range(24):
        about = {"age_band": chance.choice(["twenties", "thirties"])} if n % 4 else {}
        about |= {"gender": chance.choice(["female_feminine", "male_masculine"])} if n % 4 else {}
        part = join(campaign, n, **about)
        for text in chance.choices(WORDS + SENTENCES, k=chance.choice([2, 4, 7, 12])):
            clip = accepted_row(
                part,
                text,
                snr_db=chance.gauss(28, 8),
                duration_s=0.6 + chance.random() * (0.6 if text in WORDS else 4),
                match=min(1.0, chance.betavariate(8, 1)),
                verdicts=["accept", "accept"] + ["reject", "accept"] * (chance.random() < 0.2),
            )
            loudness = {"speech_level_dbfs": chance.gauss(-26, 5), "snr_db": chance.gauss(28, 8)}
            received_at = datetime(2026, 5, 3, tzinfo=UTC) + timedelta(days=n * 7)
            Clip.objects.filter(pk=clip.pk).update(measurements=loudness, received_at=received_at)
    curator = Actor(user=member(campaign, "curator", Role.CURATOR))
    publish_terms(curator, campaign, "Identify nobody.\n\nBring your copy up to date.")
    return cut_release(curator, campaign)


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
