"""What leaves with its speaker, and what sends for them: the pages, and the page in the archive."""

from __future__ import annotations

import hashlib
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db.models.functions import Now
from playwright.sync_api import Page, expect

from collector.models import Campaign, CampaignStatus, Clip, ClipStatus, Speaker
from collector.services import join_as_speaker, receive_clip
from tests.journey.conftest import Visitors, assert_accessible, shoot
from tests.journey.device import wait_for
from tests.journey.test_pages import watched
from tests.journey.test_speaker_pages import come_back, take_part
from tests.people import audio_of, content_digest

pytestmark = pytest.mark.browser


@pytest.fixture
def campaign(make_campaign: Callable[..., Campaign]) -> Campaign:
    """A campaign of this test's own that takes recordings from devices."""
    made = make_campaign(f"take-{uuid.uuid4().hex[:6]}", ["yes", "no", "stop"])
    made.name, made.accepts_devices = "Kitchen words", True
    made.save()
    # What other tests left behind is not for the pictures.
    Campaign.objects.exclude(pk=made.pk).update(status=CampaignStatus.DRAFT)
    return made


@pytest.fixture
def ann(campaign: Campaign) -> tuple[Speaker, str]:
    """A speaker without account, and her phrase."""
    speaker, phrase = join_as_speaker()
    take_part(speaker, campaign)
    return speaker, phrase


def pictured(page: Page, name: str) -> None:
    """Its picture in both colour schemes, and its accessibility."""
    shoot(page, name)
    page.emulate_media(color_scheme="dark")
    shoot(page, f"{name}-dark")
    assert_accessible(page)


def lend(page: Page, speaker: Speaker, campaign: Campaign, *texts: str) -> None:
    """Real recordings, measured by the site's own worker."""
    for text in texts:
        sound = audio_of(text)
        prompt = campaign.prompts.get(text=text)
        receive_clip(speaker, uuid.uuid4(), prompt, sound, hashlib.sha256(sound).hexdigest(), {})
    waiting = Clip.objects.filter(participation__speaker=speaker, status=ClipStatus.RECEIVED)
    wait_for(page, lambda: not waiting.exists(), "the worker has measured all of them")


def test_the_archive_plays_from_the_disk_without_a_network(
    visitors: Visitors, campaign: Campaign, ann: tuple[Speaker, str], tmp_path: Path
) -> None:
    speaker, phrase = ann
    page = visitors.page()
    lend(page, speaker, campaign, "yes", "no", "stop")
    # As between a withdrawal and the erasure that follows on it.
    gone = Clip.objects.filter(participation__speaker=speaker, prompt__text="stop")
    gone.update(status=ClipStatus.WITHDRAWN, withdrawn_at=Now(), nudge_at=None, about=None)
    come_back(page, phrase)
    complaints = watched(page)
    page.goto("/me/takeout/")
    pictured(page, "takeout")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    download.value.save_as(tmp_path / "mine.zip")
    assert complaints == []
    with zipfile.ZipFile(tmp_path / "mine.zip") as archive:
        archive.extractall(tmp_path)
    index = next(tmp_path.glob("*/index.html"))
    plays_offline(page, index)


def plays_offline(page: Page, index: Path) -> None:
    """The page of the archive, with no site in reach."""
    page.context.set_offline(True)
    page.goto(index.as_uri())
    complaints = watched(page)
    expect(page.locator(".clips > li:visible")).to_have_count(3)
    pictured(page, "takeout-archive")
    page.get_by_label("Find").fill("yes")
    expect(page.locator(".clips > li:visible")).to_have_count(1)
    page.get_by_role("link", name="Play “yes”").click()
    # Asked from outside: the page's own policy lets nothing be evaluated in it.
    played = "document.querySelector('audio').currentTime"
    wait_for(page, lambda: page.evaluate(played) > 0.1, "the clip plays")
    expect(page.locator(".player")).to_contain_text("yes")
    shoot(page, "takeout-archive-plays")
    page.get_by_label("Find").fill("")
    page.get_by_label("State").select_option("withdrawn")
    expect(page.locator(".clips > li:visible h3")).to_have_text(["Taken back"])
    assert complaints == []


def test_a_device_is_linked_shown_its_token_once_and_let_go(
    visitors: Visitors, campaign: Campaign, ann: tuple[Speaker, str]
) -> None:
    page = visitors.page()
    complaints = watched(page)
    come_back(page, ann[1])
    page.goto("/me/devices/")
    shoot(page, "devices-none")
    assert_accessible(page)
    page.get_by_label("What do you call it?").fill("Kitchen speaker")
    page.get_by_label("I am of age").check()
    page.get_by_role("button", name="Agree and link").click()
    token = page.locator("choir-copy code").inner_text()
    assert token.startswith("choir_device_")
    page.locator("[data-action=copy]").click()
    expect(page.locator("choir-copy [role=status]")).not_to_be_empty()
    sound = audio_of("yes")
    sent = page.request.put(
        f"/api/v1/donations/{uuid.uuid4()}",
        data=sound,
        headers={"Authorization": f"Bearer {token}", "Content-Digest": content_digest(sound)},
    )
    assert sent.status == 201, sent.text()
    shoot(page, "devices-token")
    assert_accessible(page)
    page.goto("/me/devices/")
    expect(page.locator("main")).not_to_contain_text(token)
    page.get_by_text("Take back all that it sent", exact=True).click()
    pictured(page, "devices")
    page.get_by_role("button", name="Take back all that Kitchen speaker sent").click()
    page.wait_for_url("**/withdrawals/*/")
    page.goto("/me/devices/")
    page.get_by_role("button", name="End the link with Kitchen speaker").click()
    expect(page.locator("main")).to_contain_text("Ended")
    assert complaints == []
