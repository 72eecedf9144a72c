"""Where a voice could still be: in the storage, in Redis, in any table, in any download."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from typing import Any

import redis
from django.conf import settings
from django.db import connection
from django.test import Client

from collector.models import Clip
from collector.storage import FolderStore, audio_store
from collector.vault.envelope import EnvelopeBroken
from corpus.models import Release
from tests.corpus.hunt.prey import Prey


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


def assert_no_trace(gone: Iterable[Prey], haystacks: Iterable[tuple[str, bytes]]) -> None:
    """No run of these clips' sound, whoever looks wherever."""
    runs = {run: each.clip_id for each in gone for run in each.runs()}
    for place, hay in haystacks:
        found = [(clip_id, run) for run, clip_id in runs.items() if run in hay]
        assert not found, f"{place} still holds some of {found[0]}"


def assert_nobody_named(gone: Collection[Prey], rows: dict[str, list[str]]) -> None:
    """No row that names one of these clips names its speaker, and none links the two."""
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


def assert_intact(kept: Iterable[Prey]) -> None:
    """These lie there as they were put."""
    for each in kept:
        assert each.files
        for key, data in each.files.items():
            assert audio_store().get(key) == data, key
