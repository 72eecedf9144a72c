"""People as tests see them: somebody with a browser, who does things through the API."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.test import Client

from collector.models import Campaign, Clip, Prompt, Speaker, User

AUDIO = Path(__file__).parent / "audio"


def audio_of(text: str) -> bytes:
    """A real recording of the text, out of tests/audio."""
    lines = (AUDIO / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    paths = [row["audio_filepath"] for row in map(json.loads, lines) if row["text"] == text]
    return (AUDIO / paths[0]).read_bytes()


def content_digest(data: bytes) -> str:
    """The value of a Content-Digest header."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(data).digest()).decode()}:"


@dataclass
class Person:
    """Somebody with a session, and perhaps an account."""

    client: Client
    user: User | None = None
    phrase: str | None = None

    @property
    def speaker(self) -> Speaker:
        """The speaker of the session."""
        return Speaker.objects.get(pk=self.client.session["speaker_id"])

    def post(self, path: str, body: dict[str, Any] | None = None) -> HttpResponse:
        """POST JSON to the API."""
        response: Any = self.client.post(f"/api/v1/{path}", body or {}, "application/json")
        return response

    def get(self, path: str, **headers: str) -> HttpResponse:
        """GET from the API."""
        response: Any = self.client.get(f"/api/v1/{path}", headers=headers)
        return response

    def consent(self, campaign: Campaign, *purposes: str) -> HttpResponse:
        """Agree to what the campaign asks today: to all of it, unless purposes are named."""
        text = self.get(f"campaigns/{campaign.slug}").json()["consent"]
        body = {"version": text["version"], "sha256": text["sha256"], "adult": True}
        offered = [each["purpose"] for each in text["purposes"]]
        body["purposes"] = list(purposes or offered)
        response = self.post(f"campaigns/{campaign.slug}/consent", body)
        self.phrase = json.loads(response.content).get("recovery_phrase") or self.phrase
        return response

    def put(
        self,
        data: bytes,
        prompt: Prompt | str,
        clip_id: uuid.UUID | None = None,
        digest: str | None = None,
        **headers: str,
    ) -> HttpResponse:
        """Send a take."""
        prompt_id = prompt.pk if isinstance(prompt, Prompt) else prompt
        response: Any = self.client.put(
            f"/api/v1/clips/{clip_id or uuid.uuid4()}?prompt={prompt_id}",
            data,
            content_type="audio/flac",
            headers={"Content-Digest": digest or content_digest(data), **headers},
        )
        return response

    def lend(self, campaign: Campaign, text: str, data: bytes | None = None) -> Clip:
        """Send a real recording of one of the campaign's prompts."""
        prompt = campaign.prompts.get(text=text)
        response = self.put(audio_of(text) if data is None else data, prompt)
        assert response.status_code == 201, response.content
        return Clip.objects.get(pk=json.loads(response.content)["id"])
