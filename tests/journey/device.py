"""What a test does to a speaker's device: become somebody, keep takes on it, look what it holds."""

from __future__ import annotations

import base64
import hashlib
import io
import time
import uuid
from collections.abc import Callable
from typing import Any

import numpy as np
import soundfile
from playwright.sync_api import Page

from collector.models import Campaign, Clip, Prompt
from tests.people import AUDIO, content_digest

AGREE = """async (slug) => {
  const token = document.cookie.match(/csrftoken=([^;]+)/)[1];
  const address = `/api/v1/campaigns/${slug}`;
  const { consent } = await (await fetch(address)).json();
  const body = { version: consent.version, sha256: consent.sha256, adult: true };
  body.purposes = consent.purposes.map(({ purpose }) => purpose);
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  const init = { method: "POST", headers, body: JSON.stringify(body) };
  const answer = await fetch(`${address}/consent`, init);
  localStorage.setItem("choir.recovery_phrase", (await answer.json()).recovery_phrase);
}"""

# As another tab would do it: into the database, and a word to the tabs that are open.
KEEP = """([take, base64]) => new Promise((resolve, reject) => {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)).buffer;
  const opening = indexedDB.open("choir-takes");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const transaction = opening.result.transaction(["takes", "bytes"], "readwrite");
    transaction.objectStore("takes").put({ ...take, accepted_at: Date.now() });
    transaction.objectStore("bytes").put(bytes, take.id);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
    transaction.oncomplete = () => {
      opening.result.close();
      new BroadcastChannel("choir.takes").postMessage(null);
      resolve();
    };
  };
})"""

# As the recorder does it; says whether the device took it.
ACCEPT = """async ([take, base64]) => {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)).buffer;
  try {
    await document.querySelector("choir-queue").uploader.add({ ...take, bytes });
    return "kept";
  } catch (error) {
    return error.name;
  }
}"""

HELD = """() => new Promise((resolve) => {
  const opening = indexedDB.open("choir-takes");
  opening.onsuccess = () => {
    const asking = opening.result.transaction("takes").objectStore("takes").getAllKeys();
    asking.onsuccess = () => { opening.result.close(); resolve(asking.result); };
  };
})"""

# The uploader comes after the page; it makes the database when it is there.
UPLOADER_IS_THERE = """() => indexedDB.databases().then(
  (all) => all.some(({ name }) => name === "choir-takes"))"""


def become_a_speaker(page: Page, campaign: Campaign) -> None:
    """Open the recorder's page and agree, as the recorder does it; the phrase stays here."""
    page.goto(f"/c/{campaign.slug}/record/")
    page.evaluate(AGREE, campaign.slug)
    page.wait_for_function(UPLOADER_IS_THERE)


def sound(number: int, seconds: float = 1.0) -> bytes:
    """Real speech as FLAC, different bytes for every number."""
    speech, rate_hz = soundfile.read(AUDIO / "librivox/0002.flac", dtype="int16")
    piece = np.resize(np.roll(speech, -1000 * number), int(seconds * rate_hz))
    file = io.BytesIO()
    soundfile.write(file, piece, rate_hz, format="FLAC")
    return file.getvalue()


def take_of(prompt: Prompt, data: bytes) -> dict[str, Any]:
    """A take as the recorder hands it over."""
    return {
        "id": str(uuid.uuid4()),
        "campaign": prompt.campaign.slug,
        "prompt": {"id": str(prompt.pk), "kind": prompt.kind, "text": prompt.text},
        "content_type": "audio/flac",
        "content_digest": content_digest(data),
        "capture": {"path": "track-processor", "sampling_rate_hz": 16_000, "channels": 1},
    }


def keep_take(page: Page, prompt: Prompt, data: bytes, **known: str) -> str:
    """Put a take into the device's queue, with what else is known; the SHA-256 of its bytes."""
    waiting = {"status": "waiting", "attempts": 0, "not_before": 0, "reason": None}
    take = {**take_of(prompt, data), **known, "num_bytes": len(data), "progress": waiting}
    page.evaluate(KEEP, [take, base64.b64encode(data).decode()])
    return hashlib.sha256(data).hexdigest()


def accept_take(page: Page, prompt: Prompt, data: bytes) -> str:
    """Hand a take to the uploader of a page with a queue: "kept", or the error's name."""
    said: str = page.evaluate(ACCEPT, [take_of(prompt, data), base64.b64encode(data).decode()])
    return said


def held(page: Page) -> list[str]:
    """The ids of the takes that are still on the device."""
    return list(page.evaluate(HELD))


def arrived(campaign: Campaign) -> list[str]:
    """The hashes of all originals on the server, sorted, repeats included."""
    clips = Clip.objects.filter(participation__campaign=campaign)
    return sorted(clips.values_list("original_sha256", flat=True))


def wait_for(page: Page, condition: Callable[[], bool], what: str, timeout_s: float = 60) -> None:
    """Wait until the condition holds, while the browser's events go on being answered."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, what
        page.wait_for_timeout(100)
