"""Where a voice could still be: in the storage, in Redis, in any table, in any download."""

from __future__ import annotations

import base64
import io
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import redis
import soundfile
from django.conf import settings
from django.db import connection
from django.test import Client

from collector.models import Clip
from collector.storage import FolderStore, audio_store, clip_folder
from collector.vault.envelope import EnvelopeBroken
from corpus.models import Release

#: As long as no two sounds of noise share by chance, and as short as a rest of one could be.
RUN_NUM_BYTES = 24
#: The share of a file in which it is surely sound, and not what all files of its kind begin and
#: end with: half of a short WebM is its header.
SOUND_FROM, SOUND_TO = 0.6, 0.85


@dataclass
class Prey:
    """One clip, all bytes that were ever made of its sound, and who spoke."""

    clip_id: str
    names: frozenset[str]
    sounds: dict[str, bytes] = field(default_factory=dict)
    is_withdrawn: bool = False

    def gather(self) -> None:
        """Remember whatever the storage holds of it now, and its bare samples."""
        for key in audio_store().keys(clip_folder(uuid.UUID(self.clip_id))):
            data = audio_store().get(key)
            self.sounds[key] = data
            if "original-" in key or "master-" in key:
                samples, _ = soundfile.read(io.BytesIO(data), dtype="int16")
                self.sounds[f"{key}, samples"] = samples.tobytes()

    def runs(self) -> Iterator[bytes]:
        """Pieces of its sound, as they are and as texts would hold them."""
        for data in self.sounds.values():
            first, last = int(SOUND_FROM * len(data)), int(SOUND_TO * len(data)) - RUN_NUM_BYTES
            for start in range(first, last, max(1, (last - first) // 4)):
                run = data[start : start + RUN_NUM_BYTES]
                if len(set(run)) < RUN_NUM_BYTES // 3:
                    continue  # padding and flat lines are in every file
                yield run
                yield run.hex().encode()
                yield from (base64.b64encode(data[start + n : start + n + 18]) for n in range(3))


def storage() -> Iterator[tuple[str, bytes]]:
    """All files, as they lie there; and as the seam opens them."""
    inner = audio_store().inner
    assert isinstance(inner, FolderStore)
    for path in inner.root.rglob("*"):
        if path.is_file():
            yield str(path), path.read_bytes()
    for key in audio_store().keys("clips"):
        # What has no key, or lies there plain and is refused, was looked at as it lies.
        with suppress(FileNotFoundError, EnvelopeBroken):
            yield f"opened: {key}", audio_store().get(key)


def cache() -> Iterator[tuple[str, bytes]]:
    """All that Redis holds."""
    server: Any = redis.Redis.from_url(settings.REDIS_URL)
    read = {
        b"string": server.get,
        b"list": lambda key: b"\n".join(server.lrange(key, 0, -1)),
        b"set": lambda key: b"\n".join(server.smembers(key)),
        b"hash": lambda key: b"\n".join(
            part for pair in server.hgetall(key).items() for part in pair
        ),
        b"zset": lambda key: b"\n".join(server.zrange(key, 0, -1)),
    }
    for key in server.scan_iter(count=1000):
        kind = server.type(key)
        if kind in read:
            yield f"Redis: {key!r}", key + b"\n" + (read[kind](key) or b"")


def tables() -> dict[str, list[str]]:
    """Every row of every table, as JSON."""
    rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT row_to_json(each)::text FROM "{table}" AS each')
            rows[table] = [row[0] for row in cursor.fetchall()]
    return rows


def downloads(
    researcher: Client, formats: Iterable[str], releases: Iterable[Release]
) -> Iterator[tuple[str, bytes]]:
    """The releases in these formats, as they are fetched now."""
    for release in releases:
        for name in formats:
            answer: Any = researcher.get(f"/api/v1/releases/{release.pk}/exports/{name}")
            assert answer.status_code == 200, answer.content
            yield f"{release.name} as {name}", b"".join(answer.streaming_content)


def assert_no_trace(prey: Iterable[Prey], haystacks: Iterable[tuple[str, bytes]]) -> None:
    """No run of a withdrawn clip's sound, whoever looks wherever."""
    runs = {run: each.clip_id for each in prey if each.is_withdrawn for run in each.runs()}
    for place, hay in haystacks:
        found = [(clip_id, run) for run, clip_id in runs.items() if run in hay]
        assert not found, f"{place} still holds some of {found[0]}"


def assert_nobody_named(prey: Iterable[Prey], rows: dict[str, list[str]]) -> None:
    """No row that names a withdrawn clip names its speaker, and none links the two."""
    gone = [each for each in prey if each.is_withdrawn]
    for table, lines in rows.items():
        for line in lines:
            for each in gone:
                if each.clip_id in line:
                    named = [name for name in each.names if name in line]
                    assert not named, f"{table}: {line} names {named}"
    linked = Clip.objects.filter(pk__in=[each.clip_id for each in gone]).exclude(
        participation=None, consent=None, prompt=None, about=None
    )
    assert not linked.exists(), list(linked)


def assert_intact(prey: Iterable[Prey]) -> None:
    """Whatever was not taken back lies there as it was put."""
    for each in prey:
        if not each.is_withdrawn:
            assert any("original-" in key for key in each.sounds)
            for key, data in each.sounds.items():
                if "samples" not in key:
                    assert audio_store().get(key) == data, key
