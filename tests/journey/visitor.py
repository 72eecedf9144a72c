"""Somebody who talks to the running site's API from outside, over HTTP."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

import requests

from collector.models import Campaign, Prompt
from tests.people import content_digest

TIMEOUT_S = 20


@dataclass
class Visitor:
    """A speaker with a session of their own."""

    url: str
    session: requests.Session = field(default_factory=requests.Session)

    def consent(self, campaign: Campaign) -> None:
        """Open the page (which sets the CSRF cookie), and agree."""
        self.join(campaign)

    def join(self, campaign: Campaign) -> str:
        """Agree, as somebody new; their recovery phrase."""
        self.session.get(f"{self.url}/c/{campaign.slug}/record/", timeout=TIMEOUT_S)
        self.session.headers["X-CSRFToken"] = self.session.cookies["csrftoken"]
        address = f"{self.url}/api/v1/campaigns/{campaign.slug}"
        text = self.session.get(address, timeout=TIMEOUT_S).json()["consent"]
        body = {"version": text["version"], "sha256": text["sha256"], "adult": True}
        body["purposes"] = [each["purpose"] for each in text["purposes"]]
        answer = self.session.post(f"{address}/consent", json=body, timeout=TIMEOUT_S)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["recovery_phrase"])

    def put(self, data: bytes, prompt: Prompt, clip_id: uuid.UUID | None = None) -> uuid.UUID:
        """Send a take; its id."""
        clip_id = clip_id or uuid.uuid4()
        answer = self.session.put(
            f"{self.url}/api/v1/clips/{clip_id}?prompt={prompt.pk}",
            data=data,
            headers={"Content-Type": "audio/flac", "Content-Digest": content_digest(data)},
            timeout=TIMEOUT_S,
        )
        assert answer.status_code in (200, 201), answer.text
        return clip_id
