"""The whole site, as ``make up`` starts it, and browsers to visit it with."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from django.conf import settings
from django.db import connection
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect
from sesame.utils import get_query_string

from bootstrap import find_chromium
from collector.access import OPERATOR
from collector.models import Campaign, CampaignStatus, Membership, PromptKind, Role, User
from collector.services import add_prompts, publish_consent_text
from config import demo
from tests.journey.microphone import microphone_file
from validation.models import PolicyName, ReviewPolicy

ROOT = Path(__file__).resolve().parents[2]
# Pictures change with every run, so only `make screenshots` puts them where they are kept.
SCREENSHOTS = ROOT / os.environ.get("SCREENSHOTS_DIR", "test-results/screenshots")
IS_PHOTOGRAPHED = "SCREENSHOTS_DIR" in os.environ
SIZES = {"phone": (360, 740), "desktop": (1280, 800)}
START_TIMEOUT_S = 240
# Far more than any page needs: a busy machine is no fault of the page's.
expect.set_options(timeout=20_000)
BY_COLOUR = ["color-contrast", "link-in-text-block"]
# What never ends (a pulse) refuses to.
END_MOTION = """() => {
  for (const motion of document.getAnimations()) {
    try { motion.finish(); } catch { motion.cancel(); }
  }
}"""
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
]  # fmt: skip


@dataclass
class Site:
    """The running site."""

    url: str
    var_dir: Path
    process: subprocess.Popen[bytes]

    def pid(self, program: str) -> int:
        """The process of ``web``, ``worker`` or ``timetable``."""
        return int(json.loads((self.var_dir / "up.json").read_text())[program])

    def log(self, program: str) -> str:
        """What a program has said."""
        return (self.var_dir / "log" / f"{program}.log").read_text(encoding="utf-8")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def site_environment(var_dir: Path) -> dict[str, str]:
    """The environment of a site on the run's own database, Redis and storage."""
    database = connection.settings_dict
    host = database["HOST"] or database["OPTIONS"]["host"]
    return {
        **os.environ,
        "CHOIR_VAR": str(var_dir),
        # What a test stores by itself, the site must be able to open.
        "SITE_KEYS_DIR": str(settings.SITE_KEYS_DIR),
        "DATABASE_URL": f"postgres://postgres@/{database['NAME']}?host={host}",
        "REDIS_URL": settings.REDIS_URL,
        "STORAGE_URL": settings.STORAGE_URL,
        "SECRET_KEY": settings.SECRET_KEY,
    }


@pytest.fixture(scope="session")
def site(django_db_setup: None) -> Iterator[Site]:
    """``manage.py up`` on the run's own database, Redis and storage."""
    var_dir, port = settings.VAR_DIR / "site", free_port()
    environment = site_environment(var_dir)
    command = [sys.executable, "manage.py", "up", "--port", str(port), "--workers", "1"]
    log = (settings.VAR_DIR / "up.log").open("wb")
    process = subprocess.Popen([*command, "--no-demo"], cwd=ROOT, env=environment, stdout=log)
    try:
        _wait_for(lambda: b"Choir is at" in (settings.VAR_DIR / "up.log").read_bytes(), process)
        yield Site(f"http://localhost:{port}", var_dir, process)
    finally:
        process.terminate()
        assert process.wait(timeout=40) == 0, "it stops cleanly"
        log.close()


def _wait_for(condition: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while not condition():
        assert process.poll() is None, "the site ended before it was up"
        assert time.monotonic() < deadline, "the site did not come up"
        time.sleep(0.1)


@pytest.fixture
def rows(site: Site, django_db_blocker: object) -> Iterator[None]:
    """Access to the rows that the running site reads and writes (they stay after the test)."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield


@pytest.fixture
def make_campaign(rows: None) -> Callable[..., Campaign]:
    """Makes an open campaign with its own slug and prompts."""

    def make(slug: str, keywords: list[str], sentences: list[str] | None = None) -> Campaign:
        # The rows of an earlier try stay, so the next one needs another name.
        slug = slug[:45]
        tries = Campaign.objects.filter(slug__startswith=slug).count()
        campaign = Campaign.objects.create(
            slug=f"{slug}-{tries + 1}" if tries else slug,
            name=slug.replace("-", " ").title(),
            description="Ten command words and forty sentences, spoken in real kitchens.",
            language="en",
            status=CampaignStatus.OPEN,
            goal_clips=100,
        )
        add_prompts(campaign, PromptKind.KEYWORD, keywords)
        add_prompts(campaign, PromptKind.SENTENCE, sentences or [])
        ReviewPolicy.objects.create(
            campaign=campaign, name=PolicyName.TWO_VOTES, blind_share=0, gold_share=0
        )
        publish_consent_text(
            OPERATOR, campaign, tomllib.loads(demo.DATA.read_text("utf-8"))["consent"]
        )
        return campaign

    return make


def launch(playwright: Playwright, microphone: Path | None = None) -> Browser:
    """A Chromium that hears the given file as its microphone, from when it is opened."""
    flags = list(FLAGS)
    if microphone is not None:
        flags.append(f"--use-file-for-fake-audio-capture={microphone}%noloop")
    return playwright.chromium.launch(executable_path=find_chromium(), args=flags)


@dataclass
class SharedBrowsers:
    """Browsers that outlive a test, by what they hear: to start one takes longer than most tests.

    Who visits with one has cookies and storage of their own.
    """

    playwright: Playwright
    folder: Path
    running: dict[str | None, Browser] = field(default_factory=dict)

    def hearing(self, recording: str | None) -> Browser:
        """The browser whose microphone hears this recording after a pause, or nobody."""
        known = self.running.get(recording)
        if known is not None and known.is_connected():
            return known
        microphone = None
        if recording is not None:
            microphone = self.folder / f"{recording.replace('/', '-')}.wav"
            microphone_file(microphone, recording)
        self.running[recording] = launch(self.playwright, microphone)
        return self.running[recording]


@pytest.fixture(scope="session")
def shared_browsers(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SharedBrowsers]:
    """One for the whole run."""
    shared = SharedBrowsers(playwright, tmp_path_factory.mktemp("microphones"))
    yield shared
    for browser in shared.running.values():
        browser.close()


@dataclass
class Visitors:
    """Opens pages, each with its own cookies, and closes them again."""

    shared: SharedBrowsers
    site: Site
    stack: ExitStack

    def browser(self, microphone: Path) -> Browser:
        """A Chromium of this test's own that hears the given file as its microphone."""
        browser = launch(self.shared.playwright, microphone)
        self.stack.callback(browser.close)
        return browser

    def hearing(self, recording: str) -> Browser:
        """A Chromium that hears this recording, after a pause."""
        return self.shared.hearing(recording)

    def page(
        self,
        browser: Browser | None = None,
        size: str = "desktop",
        user: User | None = None,
        **options: object,
    ) -> Page:
        """A page of somebody new, signed in by a one-time link when they have an account."""
        width, height = SIZES[size]
        context: BrowserContext = (browser or self.shared.hearing(None)).new_context(
            base_url=self.site.url,
            viewport={"width": width, "height": height},
            permissions=["microphone"],
            accept_downloads=True,
            **options,  # type: ignore[arg-type]
        )
        self.stack.callback(context.close)
        page = context.new_page()
        page.set_default_timeout(20_000)
        if user is not None:
            page.goto(reverse("one-time-login") + get_query_string(user))
        return page


@pytest.fixture
def visitors(shared_browsers: SharedBrowsers, site: Site) -> Iterator[Visitors]:
    """Whoever comes by in this test."""
    with ExitStack() as stack:
        yield Visitors(shared_browsers, site, stack)


def member(campaign: Campaign, name: str, role: Role) -> User:
    """Somebody with an account and a role."""
    user = User.objects.create_user(f"{name}@{campaign.slug}.example")
    Membership.objects.create(user=user, campaign=campaign, role=role)
    return user


def shoot(page: Page, name: str) -> None:
    """Take the page's picture at phone and desktop size, for a person to look at.

    Only when somebody wants to look: a run takes a hundred of them.
    """
    if not IS_PHOTOGRAPHED:
        return
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    before = page.viewport_size
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=SCREENSHOTS / f"{name}-{size}.png", full_page=True)
    if before is not None:
        page.set_viewport_size(before)


def assert_accessible(page: Page) -> None:
    """WCAG 2.2 AA, as far as axe can tell, at both sizes and in both colour schemes."""
    assert 0 < len(page.title()) < 80 and "<" not in page.title(), page.title()
    for width, height in SIZES.values():
        page.set_viewport_size({"width": width, "height": height})
        # In light by every rule; in dark by those that look at colours, as nothing else differs.
        for scheme, rules in (("light", None), ("dark", BY_COLOUR)):
            # Without motion, so that no colour is caught half-way in its change.
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.evaluate(END_MOTION)
            found = violations(page, rules)
            assert found.violations_count == 0, f"{page.url} {scheme}: {found.generate_report()}"
            overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert overflow <= 0, f"{page.url} scrolls sideways by {overflow} px at {width}"
    in_light(page)


def violations(page: Page, rules: list[str] | None = None) -> AxeResults:
    """What axe finds by these rules, or by all; a page is given axe once."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
    run = "(options) => axe.run(options).then(({ violations }) => ({ violations }))"
    return AxeResults(page.evaluate(run, options))


def in_light(page: Page) -> None:
    """Back to light and motion, in this order: colours that move between the two would be seen."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.evaluate("new Promise((resolve) => requestAnimationFrame(resolve))")
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")
