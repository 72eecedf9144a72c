"""A linked device as tests see it: a program with a token, and no browser."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from collector.models import Campaign, LinkedDevice
from tests.people import Person, content_digest


@dataclass
class Sender:
    """Sends what it is given under its token, as any HTTP client would."""

    token: str
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))

    def put(self, data: bytes, clip_id: uuid.UUID | None = None, **headers: str) -> Any:
        """Send a recording."""
        return self.client.put(
            f"/api/v1/donations/{clip_id or uuid.uuid4()}",
            data,
            content_type="audio/flac",
            headers={**self._bearer, "Content-Digest": content_digest(data), **headers},
        )

    def standing(self) -> Any:
        """Ask whether the link stands."""
        return self.client.get("/api/v1/donations", headers=self._bearer)

    @property
    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def link(person: Person, campaign: Campaign, name: str = "Kitchen") -> tuple[Sender, LinkedDevice]:
    """Link a device on the page, and give it the token that is shown there."""
    form = {"link": "1", "name": name, "campaign": campaign.pk, "by": "adult"}
    page = person.client.post("/me/devices/", form, follow=True).content.decode()
    shown = re.search(r"<code>(choir_device_[\w-]+)</code>", page)
    assert shown, page
    return Sender(shown[1]), LinkedDevice.objects.order_by("-linked_at").first()  # type: ignore
