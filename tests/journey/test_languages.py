"""Every page in the language that a visitor chose: nothing stays English, nothing sticks out."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import pytest
from django.conf import settings
from django.utils.text import slugify
from playwright.sync_api import Locator, Page, expect

from collector.models import Campaign, CampaignStatus
from config import translations
from tests.journey.conftest import IS_PHOTOGRAPHED, SIZES, Visitors, assert_accessible, shoot
from tests.journey.device import arrived, become_a_speaker, keep_take, sound, wait_for
from tests.journey.test_pages import watched

pytestmark = pytest.mark.browser

LANGUAGES = {code: name for code, name in settings.LANGUAGES if code != "en"}
PAGES = {
    "home": "/",
    "campaign": "/c/{slug}/",
    "consent": "/c/{slug}/record/",
    "no-clips": "/me/clips/",
    "nobody": "/me/",
    "recover": "/me/recover/",
    "sign-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "offline": "/offline/",
    "not-found": "/nowhere/",
}
HANDS_FREE = {"de": "Freihändig", "es": "Manos libres"}

# Texts in another language than the page, such as the campaign's own, say so.
VISIBLE_TEXTS = """() => {
  const page = document.documentElement.lang;
  const said = (element) => element.closest("[lang]").lang === page && element.checkVisibility();
  const texts = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (said(walker.currentNode.parentElement)) texts.push(walker.currentNode.data);
  }
  for (const element of document.querySelectorAll("[aria-label], [title], [placeholder]")) {
    if (!said(element)) continue;
    for (const name of ["aria-label", "title", "placeholder"]) {
      if (element.hasAttribute(name)) texts.push(element.getAttribute(name));
    }
  }
  return texts.map((text) => text.replace(/\\s+/g, " ").trim()).filter(Boolean);
}"""
KEPT = """async (path) => {
  const kept = await (await caches.open("choir-pages")).match(path, { ignoreVary: true });
  return kept ? kept.text() : "";
}"""


@cache
def english_texts(language: str) -> re.Pattern[str]:
    """All texts of the interface that are another in this language."""
    pairs = set()
    for domain in translations.DOMAINS:
        for message in translations.read(settings.BASE_DIR, language, domain):
            pairs |= set(zip(_forms(message.id), _forms(message.string), strict=False))
    translated = {text for _, text in pairs}
    texts = sorted(text for text, _ in pairs if text and text not in translated)
    assert len(texts) > 500
    return re.compile("|".join(map(_pattern, texts)))


def _forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _pattern(text: str) -> str:
    fixed = re.split(r"%\(\w+\)s|\{\w+\}", " ".join(text.split()))
    return ".+".join(map(re.escape, fixed))


def assert_all_in(language: str, page: Page) -> None:
    """The page says that it is in the language, and it is."""
    assert page.locator("html").get_attribute("lang") == language
    english = english_texts(language)
    texts = [text.removesuffix(" · Choir") for text in page.evaluate(VISIBLE_TEXTS)]
    assert texts
    assert [text for text in texts if english.fullmatch(text)] == [], page.url


def look_at(page: Page, language: str, name: str, address: str) -> None:
    """The page at this address is in the language, accessible, and nothing sticks out of it."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert_all_in(language, page)
    shoot(page, f"{language}-{name}")
    if language == "de":  # the longest words
        assert_accessible(page)
    for width, height in SIZES.values():
        page.set_viewport_size({"width": width, "height": height})
        sticks_out = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert sticks_out <= 0, f"{address} at {width}"


def choose(page: Page, language: str) -> None:
    """Press the language's name at the foot of the page."""
    with page.expect_navigation():
        page.get_by_role("contentinfo").get_by_role("button", name=LANGUAGES[language]).click()


@pytest.fixture
def campaign(make_campaign: Callable[..., Campaign], request: pytest.FixtureRequest) -> Campaign:
    """A campaign of this test's own, with a name fit to be shown."""
    number = request.session.items.index(request.node)
    slug = slugify(request.node.name.removeprefix("test_")).replace("_", "-")[:40]
    made = make_campaign(f"{slug}-{number}", ["yes"], ["Set a timer for eleven minutes."])
    made.name = "Kitchen words"
    made.room_tone_s = 0.5
    made.save()
    # What other tests left behind is not for the pictures.
    Campaign.objects.exclude(pk=made.pk).update(status=CampaignStatus.DRAFT)
    return made


@pytest.fixture
def reader(visitors: Visitors, request: pytest.FixtureRequest) -> Page:
    """Somebody with an English browser who has chosen the language at the foot of the page."""
    page = visitors.page(locale="en-GB")
    page.goto("/")
    choose(page, request.node.callspec.params["language"])
    return page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_stays_over_pages_and_a_reload(reader: Page, language: str) -> None:
    chosen = reader.get_by_role("button", name=LANGUAGES[language])
    for path in ("/", "/me/", "/accounts/login/"):
        reader.goto(path)
        reader.reload()
        assert_all_in(language, reader)
        expect(chosen).to_have_attribute("aria-current", "true")
        expect(reader.get_by_role("button", name="English")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_english_is_left_and_nothing_sticks_out(
    reader: Page, campaign: Campaign, language: str
) -> None:
    for name, path in PAGES.items():
        look_at(reader, language, name, path.format(slug=campaign.slug))


@pytest.mark.parametrize("language", LANGUAGES)
def test_clips_and_those_who_lent_them(reader: Page, campaign: Campaign, language: str) -> None:
    """What became of a clip is told by the server, and by scripts; both in the language."""
    become_a_speaker(reader, campaign)
    keep_take(reader, campaign.prompts.get(text="yes"), sound(1))
    wait_for(reader, lambda: len(arrived(campaign)) == 1, "the take arrives")
    for name, path in (("clips", "/me/clips/"), ("you", "/me/"), ("about", "/me/about/")):
        reader.goto(path)
        reader.wait_for_load_state("networkidle")
        assert_all_in(language, reader)
        shoot(reader, f"{language}-{name}")
        assert_accessible(reader)


def opened(page: Page, campaign: Campaign) -> Locator:
    """The recorder with the first prompt, after the speaker has agreed."""
    page.goto(f"/c/{campaign.slug}/record/")
    page.locator("choir-recorder [data-action=agree]").click()
    recorder = page.locator("choir-recorder")
    expect(recorder).to_have_attribute("data-state", "ready", timeout=20_000)
    return recorder


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_recorder_speaks_the_language(
    visitors: Visitors, campaign: Campaign, language: str
) -> None:
    page = visitors.page(visitors.hearing("librivox/0005.flac"), size="phone")
    page.add_init_script("localStorage.setItem('choir.hands_free', 'off')")
    complaints = watched(page)
    page.goto("/")
    choose(page, language)
    recorder = opened(page, campaign)
    expect(page.get_by_role("switch", name=HANDS_FREE[language])).to_be_visible()
    assert_all_in(language, page)
    shoot(page, f"{language}-record")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_all_in(language, page)
    shoot(page, f"{language}-help")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Space")
    expect(recorder).to_have_attribute("data-state", "recording")
    # What is looked at is the page; who takes its picture waits for somebody to speak.
    page.wait_for_timeout(3_000 if IS_PHOTOGRAPHED else 300)
    page.keyboard.press("Space")
    expect(recorder).to_have_attribute("data-state", "take")
    assert_all_in(language, page)
    shoot(page, f"{language}-take")
    assert_accessible(page)
    assert complaints == []


def test_what_is_kept_for_no_signal_follows_the_language(
    visitors: Visitors, campaign: Campaign
) -> None:
    """Also a recorder that was kept in another language, and is not the page that is open."""
    page, record = visitors.page(locale="en-GB"), f"/c/{campaign.slug}/record/"
    become_a_speaker(page, campaign)
    wait_for(page, lambda: '<html lang="en"' in page.evaluate(KEPT, record), "it is kept")
    page.goto("/me/")
    choose(page, "de")
    for path in (record, "/offline/"):
        wait_for(page, lambda: '<html lang="de"' in page.evaluate(KEPT, path), f"{path} is German")  # noqa: B023
    wait_for(page, lambda: "Nochmal" in page.evaluate(KEPT, "/jsi18n/"), "the texts are German")
    page.context.set_offline(True)
    for path in (record, "/me/about/"):
        page.goto(path)
        page.wait_for_timeout(1_000)
        assert_all_in("de", page)


def test_the_recorder_also_runs_from_right_to_left(visitors: Visitors, campaign: Campaign) -> None:
    """No such language is there yet; the page must be ready when one comes."""
    page = visitors.page(visitors.hearing("librivox/0005.flac"), size="phone")
    recorder = opened(page, campaign)
    skip = recorder.get_by_role("button", name="Skip")
    before = skip.bounding_box()
    page.evaluate("document.documentElement.dir = 'rtl'")
    expect(recorder).to_have_css("direction", "rtl")
    shoot(page, "recorder-rtl")
    assert skip.bounding_box() != before, "what stood at the left stands at the right"
    assert_accessible(page)
