"""Handing a release out: its archives, their audio, and who fetched them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from collector.audio.cut import cut_second, whole_wav
from collector.models import User
from collector.storage import audio_store, master_key
from corpus.archive import Archive
from corpus.errors import FormatUnknown, PartUnknown
from corpus.exporters import EXPORTERS, ArchiveFile, Audio, Contents, Exporter, Row
from corpus.models import Download, Release
from corpus.selectors import TEXTS, contents_of


def export_archive(release: Release, format_name: str, part: str | None = None) -> Archive:
    """The release as an archive in the format, whole or one part of it.

    The parts are ``texts`` (whatever describes the whole) and one for each shard. Raises
    FormatUnknown when there is no such format, PartUnknown when there is no such part.
    """
    exporter = EXPORTERS.get(format_name)
    if exporter is None:
        raise FormatUnknown
    contents = contents_of(release)
    root = f"{release.name}-{exporter.format}"
    if part is None:
        return Archive(root, lambda: _all_files(exporter, contents))
    if part == TEXTS:
        return Archive(root, lambda: exporter.texts(contents))
    shard = next((shard for shard in contents.shards if shard.name == part), None)
    if shard is None:
        raise PartUnknown
    return Archive(root, lambda: exporter.shard(contents, shard))


def _all_files(exporter: Exporter, contents: Contents) -> Iterator[ArchiveFile]:
    """The texts first, so that a reader of the stream knows what is coming."""
    yield from exporter.texts(contents)
    for shard in contents.shards:
        yield from exporter.shard(contents, shard)


def read_audio(row: Row, audio: Audio) -> bytes:
    """A clip in the shape that is asked for, cut from the one copy of its audio.

    A clip that was taken back while the download runs is no longer there: the read raises
    FileNotFoundError and the download breaks off, and the next one is without it.
    """
    flac = audio_store().get(master_key(uuid.UUID(row.clip_id), row.master_sha256))
    if audio is Audio.LOUDEST_SECOND_WAV:
        return cut_second(flac, row.loudest_second_offset)
    return whole_wav(flac) if audio is Audio.WHOLE_WAV else flac


def record_download(release: Release, user: User, format_name: str) -> None:
    """Write down who fetched what, so that a speaker can be told how far a clip has gone."""
    Download.objects.create(
        release=release, user=user, revision=release.revision, format=format_name
    )
