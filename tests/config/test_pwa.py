"""The site as an app: what the browser reads before it installs it."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

DIST = Path(settings.BASE_DIR) / "frontend" / "dist"
STATIC_PATH = re.compile(r"/static/[-\w./]+")


def worker(client: Client) -> str:
    return b"".join(client.get("/sw.js").streaming_content).decode()  # type: ignore[arg-type]


def test_the_manifest_names_icons_of_the_sizes_that_it_says(client: Client, db: None):
    response = client.get("/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    manifest = response.json()
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        picture = (DIST / icon["src"].removeprefix("/static/")).read_bytes()
        # PNG (ISO/IEC 15948): signature, then the header's length, name, width and height.
        width, height = struct.unpack(">II", picture[16:24])
        assert f"{width}x{height}" == icon["sizes"]
    addresses = [manifest["start_url"], *(short["url"] for short in manifest["shortcuts"])]
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]


def test_the_service_worker_is_asked_for_anew_each_time(client: Client):
    response = client.get("/sw.js")
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "no-cache"
    assert "connect-src 'self'" in response["Content-Security-Policy"]


def test_the_service_worker_keeps_what_takes_are_made_with_and_all_of_it_exists(client: Client):
    listed = STATIC_PATH.findall(worker(client))
    kept = [path for path in listed if path != "/static/"]
    assert [path for path in kept if not (DIST / path.removeprefix("/static/")).is_file()] == []
    for wanted in ("record-", "flac.worker-", "libflac", "capture.worklet-", "site-", "offline-"):
        assert any(wanted in path for path in kept), wanted
    assert not any("review-" in path or "releases-" in path for path in kept)


@pytest.mark.parametrize("left", ["import ", "export ", "__ASSETS__", "__VERSION__"])
def test_the_service_worker_is_one_plain_script(client: Client, left: str):
    assert left not in worker(client)


def test_the_page_for_no_signal_is_the_same_for_everybody(client: Client, db: None):
    html = client.get("/offline/").content.decode()
    assert "You are offline" in html
    assert "<choir-queue>" in html and "<choir-offline>" in html


def test_the_manifest_comes_in_the_language_that_was_chosen(client: Client, db: None):
    client.cookies["django_language"] = "de"
    response = client.get("/manifest.webmanifest", headers={"accept-language": "en"})
    assert response.json()["lang"] == "de"
    # Else a browser would show the one that it has kept from before the choice.
    assert "Cookie" in response["Vary"]
    link = '<link rel="manifest" href="/manifest.webmanifest" crossorigin="use-credentials">'
    assert link in client.get("/").content.decode()
