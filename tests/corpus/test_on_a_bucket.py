"""The whole way of a clip with the audio in an S3 bucket instead of a folder."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
import requests

from collector.models import Campaign, ClipStatus
from collector.services import erase_clip
from collector.storage import BucketStore, audio_store, clip_folder
from tests.people import Person, audio_of
from tests.pipeline import accepted


@pytest.fixture
def bucket(s3: str, settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """``STORAGE_URL`` names a bucket."""
    name = f"choir-{uuid.uuid4()}"
    requests.put(f"{s3}/{name}", timeout=10).raise_for_status()
    settings.STORAGE_URL = f"s3://{name}/site"
    audio_store.cache_clear()
    yield
    audio_store.cache_clear()


def test_lent_judged_released_and_taken_back(
    bucket: None, speaker: Person, reviewer: Person, second_reviewer: Person, curator: Person,
    campaign: Campaign,
):  # fmt: skip
    assert isinstance(audio_store().inner, BucketStore)
    clip = accepted(speaker, campaign, "yes", (reviewer, second_reviewer))
    keys = audio_store().keys(clip_folder(clip.pk))
    assert len(keys) == 2
    assert audio_store().get(keys[1]) == audio_of("yes")
    heard = speaker.get(f"clips/{clip.pk}/audio", Range="bytes=4-7")
    assert (heard.status_code, heard.content) == (206, audio_of("yes")[4:8])
    release = curator.post(f"campaigns/{campaign.slug}/releases").json()
    path = f"releases/{release['id']}/exports/nemo"
    assert audio_store().get(keys[0]) in b"".join(curator.get(path))
    assert speaker.post(f"clips/{clip.pk}/withdraw").status_code == 202
    assert erase_clip(clip.pk)
    assert audio_store().keys("clips") == []
    clip.refresh_from_db()
    assert clip.status == ClipStatus.ERASED
