"""A room of phones: ``make up HOST=0.0.0.0``, and a browser that comes by HTTPS."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from django.conf import settings
from playwright.sync_api import Playwright

from bootstrap import find_chromium
from collector.models import Campaign
from config.https import main_address
from tests.journey.conftest import FLAGS, ROOT, Site, free_port, site_environment

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def room(django_db_setup: None) -> Iterator[tuple[Site, Path]]:
    """The site as a room sees it, and the file of what it printed."""
    var_dir, port = settings.VAR_DIR / "room", free_port()
    printed = settings.VAR_DIR / "room.log"
    command = [sys.executable, "manage.py", "up", "--host", "0.0.0.0", "--port", str(port)]
    with printed.open("wb") as log:
        process = subprocess.Popen(
            [*command, "--workers", "1", "--no-demo"],
            cwd=ROOT,
            env={**site_environment(var_dir), "PYTHONIOENCODING": "utf-8"},
            stdout=log,
        )
        try:
            deadline = time.monotonic() + 60
            while b"Choir is at" not in printed.read_bytes():
                assert process.poll() is None, "the site ended before it was up"
                assert time.monotonic() < deadline, "the site did not come up"
                time.sleep(0.1)
            yield Site(f"https://{main_address()}:{port}", var_dir, process), printed
        finally:
            process.terminate()
            assert process.wait(timeout=40) == 0, "it stops cleanly"


def authority(site: Site) -> str:
    return str(site.var_dir / "https" / "authority.pem")


def test_the_room_is_served_by_https_and_may_doubt_the_certificate(room: tuple[Site, Path]):
    site, printed = room
    response = requests.get(f"{site.url}/healthz", verify=authority(site), timeout=5)
    assert response.json()["status"] == "ok"
    assert "Strict-Transport-Security" not in response.headers
    by_name = site.url.replace(main_address(), "localhost")
    assert requests.get(f"{by_name}/healthz", verify=authority(site), timeout=5).ok
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{site.url}/healthz", timeout=5)
    told = printed.read_text(encoding="utf-8")
    assert site.url in told
    assert "warn once" in told
    assert "▄" in told, "the QR code"


def test_who_comes_by_plain_http_is_sent_to_https(room: tuple[Site, Path]):
    site, _ = room
    plain = site.url.replace("https://", "http://")
    response = requests.get(f"{plain}/accounts/login/", allow_redirects=False, timeout=5)
    assert (response.status_code, response.headers["Location"]) == (
        307,
        f"{site.url}/accounts/login/",
    )
    assert requests.get(f"{site.url}/healthz", verify=authority(site), timeout=5).ok


def test_a_phone_in_the_room_agrees_and_has_a_microphone(
    room: tuple[Site, Path], make_campaign: Callable[..., Campaign], playwright: Playwright
):
    site, _ = room
    campaign = make_campaign("room", ["yes", "no"])
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
    try:
        context = browser.new_context(ignore_https_errors=True, base_url=site.url)
        page = context.new_page()
        page.goto(f"/c/{campaign.slug}/record/")
        assert page.evaluate("isSecureContext && !!navigator.mediaDevices.getUserMedia")
        agreed = page.evaluate(
            """async slug => {
                const campaign = await (await fetch(`/api/v1/campaigns/${slug}`)).json();
                const { version, sha256 } = campaign.consent;
                const csrf = document.cookie.match(/csrftoken=([^;]+)/)[1];
                const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
                const body = JSON.stringify({ version, sha256, adult: true });
                const path = `/api/v1/campaigns/${slug}/consent`;
                return (await fetch(path, { method: "POST", headers, body })).status;
            }""",
            campaign.slug,
        )
        assert agreed == 201
        cookies = {cookie["name"]: cookie["secure"] for cookie in context.cookies()}
        assert cookies == {"csrftoken": True, "sessionid": True}
    finally:
        browser.close()
