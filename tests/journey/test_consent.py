"""A campaign's text changes while somebody records: they are asked, and lose nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from collector.access import OPERATOR
from collector.models import Campaign, Clip
from collector.services import publish_consent_text
from tests.journey.conftest import Visitors, assert_accessible
from tests.journey.microphone import Sound, sounds_file

pytestmark = pytest.mark.browser

SENTENCE = "He might even have been made amiable himself."


def test_a_text_that_changes_in_the_middle_of_a_set_is_asked_about_and_the_take_waits(
    visitors: Visitors, make_campaign: Callable[..., Campaign], tmp_path: Path
) -> None:
    campaign = make_campaign("a-text-that-changes", [], [SENTENCE, "Set a timer."])
    path = tmp_path / "microphone.wav"
    sounds_file(path, [Sound("librivox/0005.flac")])
    page = visitors.page(visitors.browser(path))
    page.goto(f"/c/{campaign.slug}/record/")
    page.get_by_role("checkbox", name="Keep each one as my device sent it").check()
    page.get_by_role("button", name="I am 18 or older").click()
    recorder = page.locator("choir-recorder")
    expect(recorder).to_have_attribute("data-state", "recording", timeout=40_000)
    before = campaign.consent_texts.get()
    publish_consent_text(OPERATOR, campaign, f"{before.body} Robots listen, too.")
    expect(recorder).to_have_attribute("data-state", "consent", timeout=40_000)
    expect(recorder.locator("ins")).to_contain_text("Robots listen, too.")
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)
    assert_accessible(page)
    assert not Clip.objects.filter(participation__campaign=campaign).exists()
    with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok):
        page.get_by_role("button", name="I am 18 or older").click()
    expect(recorder).to_contain_text("2 of 2", timeout=40_000)
    clip = Clip.objects.filter(participation__campaign=campaign).earliest("received_at")
    assert clip.consent is not None
    assert clip.consent.text.version == 2
    assert clip.consent.purposes == ["research-release"], "each box is asked anew"
