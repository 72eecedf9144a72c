"""Handing a release out: its archives, their audio, and who fetched them."""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain
from pathlib import Path

from django.core.cache import cache
from redis.exceptions import RedisError

from collector.models import User
from corpus.archive import Archive
from corpus.errors import FormatUnknown, PartUnknown
from corpus.exporters import EXPORTERS, ArchiveFile, Contents, Exporter
from corpus.exporters.files import Sums
from corpus.exporters.kept import Kept
from corpus.exporters.readme import readme_file
from corpus.models import Download, Release
from corpus.selectors import TEXTS, contents_of
from corpus.services.reading import AudioReader

log = logging.getLogger(__name__)
SUMS_KEPT_S = 90 * 24 * 3600


def _code_sha256() -> str:
    """Of all that makes the bytes: after an update nothing counts that was measured before."""
    folder = Path(__file__).parents[1]
    sources = sorted([*folder.glob("exporters/*.py"), *folder.glob("datasheet/*.py")])
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


_CODE = _code_sha256()


def export_archive(
    release: Release, format_name: str, part: str | None = None, reader: AudioReader | None = None
) -> Archive:
    """The release as an archive in the format, whole or one part of it, with its length known.

    ``reader``, where it is given, learns which clips are coming, and then brings them faster.

    The parts are ``texts`` (whatever describes the whole) and one for each shard. Raises
    FormatUnknown when there is no such format, PartUnknown when there is no such part.
    """
    exporter = EXPORTERS.get(format_name)
    if exporter is None:
        raise FormatUnknown
    contents = contents_of(release, _kept_sums(release, format_name))
    if reader is not None:
        contents = reader.following(contents)
    files = _files_of(exporter, contents, part, Kept())
    root = f"{release.name}-{exporter.format}"
    archive = Archive(root, files, contents.sums, name=f"//{part or 'all'}")
    if archive.name not in contents.sums:
        _ = archive.num_bytes
        _keep_sums(release, format_name, contents.sums)
    return archive


def _files_of(
    exporter: Exporter, contents: Contents, part: str | None, kept: Kept
) -> Callable[[], Iterable[ArchiveFile]]:
    if part is None:
        return lambda: _all_files(exporter, contents, kept)
    if part == TEXTS:
        return lambda: _texts(exporter, contents, kept)
    shard = next((shard for shard in contents.shards if shard.name == part), None)
    if shard is None:
        raise PartUnknown
    return lambda: exporter.shard(contents, shard)


def _all_files(exporter: Exporter, contents: Contents, kept: Kept) -> Iterator[ArchiveFile]:
    """The texts first, so that a reader of the stream knows what is coming."""
    yield from _texts(exporter, contents, kept)
    for shard in contents.shards:
        yield from exporter.shard(contents, shard)


def _texts(exporter: Exporter, contents: Contents, kept: Kept) -> Iterator[ArchiveFile]:
    """Each with its size and its hash, so that one that names another's hash finds it there.

    What has to be made to be measured is kept, and is not made again to be sent.
    """
    for file in chain([readme_file(contents, exporter)], exporter.texts(contents)):
        new = file.path in kept or file.path not in contents.sums
        known = kept.keeping(file) if new else file
        yield known.measured(contents.sums, has_audio=False)


def _kept_sums(release: Release, format_name: str) -> dict[str, tuple[int, str | None]]:
    """What this revision's files came to before; a cache that is down costs time and no more."""
    try:
        made, sums = cache.get(_sums_key(release.pk, format_name)) or (None, {})
    except RedisError as error:
        log.warning("Redis does not answer, so the export is measured anew: %s", error)
        return {}
    return dict(sums) if made == (release.revision, _CODE) else {}


def _keep_sums(release: Release, format_name: str, sums: Sums) -> None:
    """Names of files tell voices and texts, so nothing is kept of a revision that is over."""
    key = _sums_key(release.pk, format_name)
    try:
        cache.set(key, ((release.revision, _CODE), dict(sums)), SUMS_KEPT_S)
        if not Release.objects.filter(pk=release.pk, revision=release.revision).exists():
            cache.delete(key)
    except RedisError as error:
        log.warning("Redis does not answer, so the export will be measured again: %s", error)


def _sums_key(release_id: uuid.UUID, format_name: str) -> str:
    return f"export-sums:{release_id}:{format_name}"


def forget_sums(release_ids: Collection[uuid.UUID]) -> None:
    """Delete what the cache keeps of these releases. Raises RedisError when it does not answer."""
    keys = [_sums_key(pk, name) for pk in release_ids for name in EXPORTERS]
    if keys:
        cache.delete_many(keys)


def record_download(release: Release, user: User | None, format_name: str) -> None:
    """Write down who fetched what, so that a speaker can be told how far a clip has gone.

    ``user`` is None for somebody without an account, at a public release.
    """
    Download.objects.create(
        release=release, user=user, revision=release.revision, format=format_name
    )
