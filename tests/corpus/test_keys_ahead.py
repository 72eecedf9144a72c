"""Keys that are fetched for many clips at once: few queries, and not for long."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collector.models import Campaign, Clip
from collector.services import withdraw_clip
from collector.storage import audio_store, original_key
from collector.vault import ahead, destroy_key
from collector.vault.ahead import KeysAhead
from corpus.models import Release
from corpus.services import AudioReader, export_archive
from tests.people import Person
from tests.pipeline import accepted


@pytest.fixture
def clip_ids(db: None, settings, tmp_path: Path) -> list[str]:
    """Of ten clips, the last of which has no key."""
    settings.SITE_KEYS_DIR = tmp_path
    made = [uuid.uuid4() for _ in range(10)]
    for clip_id in made[:-1]:
        audio_store().put(original_key(clip_id, "a" * 64), b"a voice")
        audio_store().delete(original_key(clip_id, "a" * 64))
    return list(map(str, made))


def test_one_query_brings_all_that_is_expected(clip_ids: list[str]):
    keys = KeysAhead()
    keys.expect(clip_ids)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = [keys.key(clip_id) for clip_id in clip_ids]
    assert len(queries) == 1
    assert all(key.value for key in found[:-1])
    assert found[-1].plain_allowed and found[-1].value is None
    assert keys.key(clip_ids[0]) == found[0], "what was not expected is found too"


def test_a_key_that_was_fetched_ahead_is_soon_forgotten(
    clip_ids: list[str], monkeypatch: pytest.MonkeyPatch
):
    now = [1000.0]
    monkeypatch.setattr(ahead.time, "monotonic", lambda: now[0])
    keys = KeysAhead()
    keys.expect(clip_ids)
    keys.key(clip_ids[0])
    destroy_key(uuid.UUID(clip_ids[2]))
    keys.key(clip_ids[1])
    now[0] += ahead.LONGEST_S + 0.01
    with pytest.raises(FileNotFoundError, match="taken back"):
        keys.key(clip_ids[2])


def test_a_download_asks_for_keys_by_the_hundred_and_breaks_off_at_what_is_gone(
    speaker: Person, reviewer: Person, second_reviewer: Person, curator: Person,
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    monkeypatch.setattr(ahead, "LONGEST_S", 60)
    for text in ("yes", "no", "go"):
        accepted(speaker, campaign, text, (reviewer, second_reviewer))
    curator.post(f"campaigns/{campaign.slug}/releases")
    release = Release.objects.get()
    reader = AudioReader()
    archive = export_archive(release, "nemo", None, reader)
    with CaptureQueriesContext(connection) as queries:
        first = b"".join(archive.stream(reader))
    asked = [query for query in queries if "collector_clipkey" in query["sql"]]
    assert len(asked) == len({entry.split for entry in release.entries.all()})
    assert b"".join(archive.stream(AudioReader())) == first
    last = Clip.objects.order_by("pk").last()
    assert last is not None
    withdraw_clip(last)
    with pytest.raises(FileNotFoundError):
        b"".join(archive.stream(AudioReader()))
