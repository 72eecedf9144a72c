"""The pages of a speaker: who they are here, what they say of themselves, what became of clips."""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest
import zxingcpp
from django.urls import reverse
from django.utils import timezone
from imageio_ffmpeg import get_ffmpeg_exe
from playwright.sync_api import Page, expect
from sesame.utils import get_query_string

from collector.models import (
    Campaign,
    CampaignStatus,
    Clip,
    ClipStatus,
    Participation,
    Prompt,
    Speaker,
    SpeakerSnapshot,
    User,
)
from collector.selectors import current_consent_text
from collector.services import give_consent, join_as_speaker
from tests.journey.conftest import SCREENSHOTS, Visitors, assert_accessible, shoot
from tests.journey.test_pages import watched
from validation.models import CaseStatus, ReviewCase

pytestmark = pytest.mark.browser

#: What became of clips, from the oldest to the newest.
FATES: list[tuple[str, str | None, str]] = [
    (ClipStatus.TRANSCODED, CaseStatus.ACCEPTED, ""),
    (ClipStatus.TRANSCODED, CaseStatus.ACCEPTED, ""),
    (ClipStatus.TRANSCODED, CaseStatus.REJECTED, ""),
    (ClipStatus.WITHDRAWN, None, ""),
    (ClipStatus.UNUSABLE, None, "silent"),
    (ClipStatus.TRANSCODED, CaseStatus.OPEN, ""),
]


@pytest.fixture
def campaign(make_campaign: Callable[..., Campaign]) -> Campaign:
    """A campaign of this test's own, with a name fit to be shown."""
    made = make_campaign(f"me-{uuid.uuid4().hex[:6]}", ["yes", "stop"], ["Set a timer."])
    made.name = "Kitchen words"
    made.save()
    # What other tests left behind is not for the pictures.
    Campaign.objects.exclude(pk=made.pk).update(status=CampaignStatus.DRAFT)
    return made


def take_part(speaker: Speaker, campaign: Campaign) -> Participation:
    text = current_consent_text(campaign)
    consent, _ = give_consent(
        speaker, campaign, version=text.version, sha256=text.sha256, adult=True
    )
    return consent.participation


def lend(participation: Participation, fates: list[tuple[str, str | None, str]] = FATES) -> None:
    """Clips with these fates (rows only), one for each of the last days."""
    prompts = list(Prompt.objects.filter(campaign=participation.campaign).order_by("text"))
    for number, (status, case, problem) in enumerate(fates):
        master = {"num_samples": 16_000, "master_sha256": "0" * 64}
        clip = Clip.objects.create(
            participation=participation,
            prompt=prompts[number % len(prompts)],
            consent=participation.consent_events.get(),
            status=status,
            problem=problem,
            original_sha256="0" * 64,
            original_num_bytes=1,
            **(master if status == ClipStatus.TRANSCODED else {}),
            # Nothing waits: a worker would erase what is taken back, and it would leave the list.
            **({"nudge_at": None} if status == ClipStatus.WITHDRAWN else {}),
        )
        arrived = timezone.now() - timedelta(days=len(fates) - 1 - number)
        Clip.objects.filter(pk=clip.pk).update(received_at=arrived)
        if case is not None:
            ReviewCase.objects.create(clip=clip, status=case)


def come_back(page: Page, phrase: str) -> None:
    """By the address that the code holds."""
    page.goto("/me/recover/#" + phrase.replace(" ", "-"))
    expect(page.get_by_label("Recovery phrase")).to_have_value(phrase)
    assert "#" not in page.url, "the words leave the address"
    page.get_by_role("button", name="Find my clips").click()
    page.wait_for_url("**/me/clips/")


def sign_in(page: Page, user: User) -> None:
    page.goto(reverse("one-time-login") + get_query_string(user))


def scanned(png: bytes) -> str:
    """What another device's camera would read off the picture."""
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    command = [get_ffmpeg_exe(), "-i", "-", "-f", "rawvideo", "-pix_fmt", "gray", "-"]
    pixels = subprocess.run(command, input=png, capture_output=True, check=True).stdout
    (found,) = zxingcpp.read_barcodes(np.frombuffer(pixels, np.uint8).reshape(height, width))
    return str(found.text)


def looked_at(page: Page, name: str) -> None:
    shoot(page, name)
    assert_accessible(page)


@pytest.fixture
def ann(campaign: Campaign) -> tuple[Speaker, str]:
    """A speaker without account, and her phrase."""
    speaker, phrase = join_as_speaker()
    lend(take_part(speaker, campaign))
    return speaker, phrase


def test_my_clips_say_what_became_of_each(visitors: Visitors, ann: tuple[Speaker, str]) -> None:
    page = visitors.page()
    complaints = watched(page)
    come_back(page, ann[1])
    mine = page.locator("choir-my-clips")
    expect(mine.locator(".row")).to_have_count(6)
    expect(mine).to_contain_text("2 clips of yours are used")
    expect(mine).to_contain_text("You recorded on 5 days in the last week")
    looked_at(page, "my-clips")
    mine.get_by_text("Not used", exact=False).first.click()
    expect(mine.locator(".row")).to_have_count(2)
    assert page.url.endswith("?shelf=not_used")
    expect(mine).to_contain_text("closer to the microphone")
    expect(mine).to_contain_text("check that the microphone is on")
    looked_at(page, "my-clips-not-used")
    link = mine.get_by_role("link", name="Record again").first
    assert "/record/?prompt=" in (link.get_attribute("href") or "")
    page.reload()
    expect(mine.locator(".row")).to_have_count(2)
    expect(mine.get_by_role("radio", name="Not used")).to_be_checked()
    assert complaints == []


def test_a_voice_is_described_and_forgotten(visitors: Visitors, ann: tuple[Speaker, str]) -> None:
    page = visitors.page()
    complaints = watched(page)
    come_back(page, ann[1])
    page.goto("/me/about/")
    form = page.locator("choir-about")
    form.get_by_label("Age", exact=True).select_option("seventies")
    form.get_by_label("First languages").fill("Swahili")
    page.keyboard.press("Enter")
    form.get_by_label("First languages").fill("Klingonese")
    page.keyboard.press("Enter")
    expect(form.get_by_role("alert").filter(has_text="no language")).to_be_visible()
    form.get_by_label("First languages").fill("de-AT")
    form.get_by_label("Accent").fill("Viennese")
    form.get_by_text("Who sees this?").click()
    looked_at(page, "about")
    form.get_by_role("button", name="Save").click()
    expect(form).to_contain_text("Saved. Thank you.")
    said = SpeakerSnapshot.objects.get(speaker=ann[0])
    assert (said.age_band, said.first_languages) == ("seventies", ["sw", "de-AT"])
    page.reload()
    expect(form.get_by_label("Accent")).to_have_value("Viennese")
    form.get_by_role("button", name="Delete all of it").click()
    looked_at(page, "about-delete")
    form.get_by_role("dialog").get_by_role("button", name="Delete it").click()
    expect(form).to_contain_text("Deleted, here and from all of your clips")
    assert not SpeakerSnapshot.objects.filter(speaker=ann[0]).exists()
    assert complaints == []


def test_who_would_rather_not_say_is_asked_once(
    visitors: Visitors, ann: tuple[Speaker, str]
) -> None:
    page = visitors.page(size="phone")
    come_back(page, ann[1])
    page.goto("/me/about/")
    form = page.locator("choir-about")
    # As the recorder puts it on its last screen, after a set.
    form.evaluate("element => { element.campaign = 'words'; }")
    form.get_by_role("button", name="Rather not").click()
    expect(form).to_contain_text("That is fine.")
    expect(form.get_by_label("Accent")).to_have_count(0)
    ann[0].refresh_from_db()
    assert ann[0].asked_about_at is not None
    assert ann[0].about_id is None


def test_the_phrase_is_copied_scanned_and_printed(
    visitors: Visitors, ann: tuple[Speaker, str]
) -> None:
    page = visitors.page()
    complaints = watched(page)
    page.add_init_script("window.print = () => { window.printed = true; };")
    come_back(page, ann[1])
    page.goto("/me/")
    looked_at(page, "you")
    page.get_by_text("Show my recovery phrase").click()
    expect(page.locator(".phrase-words")).to_have_text(ann[1])
    page.get_by_role("button", name="Show as a code").click()
    code = page.get_by_role("img", name="Code with your recovery phrase")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        address = scanned(code.screenshot())
        assert address == page.url.replace("/me/", "/me/recover/#") + ann[1].replace(" ", "-")
    looked_at(page, "phrase")
    page.get_by_role("button", name="Print").click()
    page.wait_for_function("() => window.printed")
    page.emulate_media(media="print", color_scheme="light")
    sheet = page.locator(".print-sheet")
    expect(sheet).to_contain_text("/me/recover/")
    assert sheet.locator("li").all_inner_texts() == ann[1].split()
    expect(page.locator(".site-header")).to_be_hidden()
    assert ann[1].replace(" ", "-") in scanned(page.screenshot(full_page=True))
    page.screenshot(path=SCREENSHOTS / "phrase-sheet.png", full_page=True)
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1, "one sheet of paper"
    assert complaints == []


def test_signing_in_offers_adoption_and_signing_out_ends_it(
    visitors: Visitors, campaign: Campaign, ann: tuple[Speaker, str]
) -> None:
    page = visitors.page()
    complaints = watched(page)
    come_back(page, ann[1])
    user = User.objects.create_user(f"ann@{campaign.slug}.example")
    sign_in(page, user)
    page.goto("/me/clips/")
    page.get_by_role("link", name="Is it you?").click()
    looked_at(page, "adopt")
    offer = page.locator("choir-adopt")
    offer.get_by_label("Name, for your eyes only").fill("Me")
    offer.get_by_role("button", name="Add to my account").click()
    expect(offer).to_contain_text(ann[1])
    assert page.evaluate("localStorage.getItem('choir.recovery_phrase')") is None
    speakers = page.locator("choir-speakers")
    expect(speakers.locator("[data-selected] .row-title")).to_have_text("Me")
    speakers.get_by_label("Add somebody").fill("Grandma")
    speakers.get_by_role("button", name="Add", exact=True).click()
    expect(speakers.get_by_role("heading", name="The recovery phrase of Grandma")).to_be_focused()
    looked_at(page, "speakers")
    speakers.get_by_role("button", name="I have kept it").click()
    speakers.get_by_role("button", name="Speak as Grandma").click()
    expect(speakers.locator("[data-selected] .row-title")).to_have_text("Grandma")
    expect(page.locator("main > choir-phrase")).to_be_empty()
    assert set(user.speakers.values_list("label", flat=True)) == {"Me", "Grandma"}
    lend(take_part(user.speakers.get(label="Grandma"), campaign), FATES[:2])
    page.goto("/me/clips/")
    mine = page.locator("choir-my-clips")
    expect(mine.locator(".row")).to_have_count(8)
    mine.get_by_label("Speaker").select_option("Grandma")
    expect(mine.locator(".row")).to_have_count(2)
    expect(mine.locator(".shelf").first).to_contain_text("All 2")
    looked_at(page, "my-clips-of-speakers")
    page.get_by_role("banner").get_by_role("button", name="Sign out").click()
    # Whoever goes on before the answer has come stays signed in.
    expect(page.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_visible()
    page.goto("/me/clips/")
    expect(mine).to_contain_text("No clips yet")
    page.goto("/me/")
    expect(page.locator("main")).to_contain_text("does not know you yet")
    looked_at(page, "you-unknown")
    # That nobody is known here any more is an answer that the browser reports.
    assert [each for each in complaints if "speakers/me" not in each and "403" not in each] == []
