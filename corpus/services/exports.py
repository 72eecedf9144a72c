"""Handing a release out: its archives, their audio, and who fetched them."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable, Iterator

from django.core.cache import cache
from redis.exceptions import RedisError

from collector.audio.cut import cut_second, whole_wav
from collector.models import User
from collector.storage import audio_store, master_key
from corpus.archive import Archive
from corpus.errors import FormatUnknown, PartUnknown
from corpus.exporters import EXPORTERS, ArchiveFile, Audio, Contents, Exporter, Row
from corpus.exporters.files import Sums
from corpus.exporters.readme import readme_file
from corpus.models import Download, Release
from corpus.selectors import TEXTS, contents_of

log = logging.getLogger(__name__)
SUMS_KEPT_S = 90 * 24 * 3600


def export_archive(release: Release, format_name: str, part: str | None = None) -> Archive:
    """The release as an archive in the format, whole or one part of it, with its length known.

    The parts are ``texts`` (whatever describes the whole) and one for each shard. Raises
    FormatUnknown when there is no such format, PartUnknown when there is no such part.
    """
    exporter = EXPORTERS.get(format_name)
    if exporter is None:
        raise FormatUnknown
    kept_as = f"export-sums:{release.pk}:{release.revision}:{format_name}"
    contents = contents_of(release, _kept_sums(kept_as))
    files = _files_of(exporter, contents, part)
    root = f"{release.name}-{exporter.format}"
    archive = Archive(root, files, contents.sums, name=f"//{part or 'all'}")
    if archive.name not in contents.sums:
        _ = archive.num_bytes
        _keep_sums(kept_as, contents.sums)
    return archive


def _files_of(
    exporter: Exporter, contents: Contents, part: str | None
) -> Callable[[], Iterable[ArchiveFile]]:
    if part is None:
        return lambda: _all_files(exporter, contents)
    if part == TEXTS:
        return lambda: _texts(exporter, contents)
    shard = next((shard for shard in contents.shards if shard.name == part), None)
    if shard is None:
        raise PartUnknown
    return lambda: exporter.shard(contents, shard)


def _all_files(exporter: Exporter, contents: Contents) -> Iterator[ArchiveFile]:
    """The texts first, so that a reader of the stream knows what is coming."""
    yield from _texts(exporter, contents)
    for shard in contents.shards:
        yield from exporter.shard(contents, shard)


def _texts(exporter: Exporter, contents: Contents) -> Iterator[ArchiveFile]:
    """Each with its size and its hash, so that one that names another's hash finds it there."""
    yield readme_file(contents, exporter).measured(contents.sums, has_audio=False)
    for file in exporter.texts(contents):
        yield file.measured(contents.sums, has_audio=False)


def _kept_sums(key: str) -> dict[str, tuple[int, str | None]]:
    """What this revision's files came to before; a cache that is down costs time and no more."""
    try:
        return dict(cache.get(key) or {})
    except RedisError as error:
        log.warning("Redis does not answer, so the export is measured anew: %s", error)
        return {}


def _keep_sums(key: str, sums: Sums) -> None:
    try:
        cache.set(key, dict(sums), SUMS_KEPT_S)
    except RedisError as error:
        log.warning("Redis does not answer, so the export will be measured again: %s", error)


def read_audio(row: Row, audio: Audio) -> bytes:
    """A clip in the shape that is asked for, cut from the one copy of its audio.

    A clip that was taken back while the download runs is no longer there: the read raises
    FileNotFoundError and the download breaks off, and the next one is without it.
    """
    flac = audio_store().get(master_key(uuid.UUID(row.clip_id), row.master_sha256))
    if audio is Audio.LOUDEST_SECOND_WAV:
        return cut_second(flac, row.loudest_second_offset)
    return whole_wav(flac) if audio is Audio.WHOLE_WAV else flac


def record_download(release: Release, user: User | None, format_name: str) -> None:
    """Write down who fetched what, so that a speaker can be told how far a clip has gone.

    ``user`` is None for somebody without an account, at a public release.
    """
    Download.objects.create(
        release=release, user=user, revision=release.revision, format=format_name
    )
