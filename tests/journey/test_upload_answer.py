"""A take sent to the running site: its real worker's measurements come with the answer."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

import requests

from collector.models import Campaign
from tests.journey.conftest import Site
from tests.people import audio_of, content_digest

YES = audio_of("yes")


def somebody(site: Site, slug: str) -> requests.Session:
    """A session whose speaker has agreed to the campaign's text."""
    session = requests.Session()
    session.get(f"{site.url}/c/{slug}/record/")
    session.headers["X-CSRFToken"] = session.cookies["csrftoken"]
    text = session.get(f"{site.url}/api/v1/campaigns/{slug}").json()["consent"]
    body = {"version": text["version"], "sha256": text["sha256"], "adult": True}
    agreed = session.post(f"{site.url}/api/v1/campaigns/{slug}/consent", json=body)
    assert agreed.status_code == 201, agreed.text
    return session


def send(site: Site, session: requests.Session, prompt: uuid.UUID) -> requests.Response:
    address = f"{site.url}/api/v1/clips/{uuid.uuid4()}?prompt={prompt}"
    headers = {"Content-Digest": content_digest(YES), "Prefer": "wait=5"}
    return session.put(address, data=YES, headers=headers)


def test_the_workers_measurements_come_with_the_answer(
    site: Site, make_campaign: Callable[..., Campaign]
):
    campaign = make_campaign("answers", ["yes"])
    session, prompt = somebody(site, campaign.slug), campaign.prompts.get()
    send(site, session, prompt.pk)  # the worker's first clip loads its libraries
    began = time.monotonic()
    answer = send(site, session, prompt.pk)
    assert time.monotonic() - began < 5
    assert (answer.status_code, answer.headers["Preference-Applied"]) == (201, "wait=5")
    assert answer.json()["measurements"]["duration_s"] > 0.5
    assert answer.json()["state"] in ("scoring", "in_review")
