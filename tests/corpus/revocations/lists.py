"""The next list, and what the site answers."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from collector.access import Actor
from collector.models import Clip
from corpus.models import (
    RevocationList,
)
from corpus.services import (
    publish_revocations,
    withdraw,
)


def take_back(clip: Clip) -> None:
    withdraw(Actor(speaker=clip.participation.speaker), clip.pk)


def publish(monkeypatch: pytest.MonkeyPatch) -> RevocationList:
    """The next list, as if the quiet after the last one were over."""
    monkeypatch.setattr("corpus.revocations.timing.QUIET", timedelta(0))
    made = publish_revocations()
    assert made is not None
    return made


def get_list(client: Client, **which: int) -> tuple[dict[str, Any], bytes, str]:
    """What the site answers: parsed, as bytes, and the signature (hex)."""
    response: Any = client.get("/api/v1/revocations.json", which)
    assert response.status_code == 200, response.content
    content = b"".join(response) if response.streaming else response.content
    return json.loads(content), content, base64.b64decode(response["Choir-Signature"]).hex()
