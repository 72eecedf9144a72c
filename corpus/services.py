"""What publishing does: cutting releases, handing them out, and letting go."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import F, Max

from collector.access import Actor, own_clip, require_role
from collector.audio.cut import cut_second, whole_wav
from collector.events import announce
from collector.models import Campaign, Clip, ClipStatus, EventKind, Role, User
from collector.models.clip import GONE
from collector.services import withdraw_clip
from collector.storage import audio_store, clip_folder, master_key
from corpus.archive import Archive
from corpus.errors import FormatUnknown, NothingToRelease, PartUnknown, PercentsInvalid
from corpus.exporters import EXPORTERS, ArchiveFile, Audio, Contents, Exporter, Row
from corpus.models import Download, Release, ReleaseEntry, Withdrawal
from corpus.selectors import contents_of
from corpus.splits import split_of
from validation.selectors import accepted_clips
from validation.services import close_case

TEXTS = "texts"
RESTORED = "Taken back before; the restored backup did not know of it."


@transaction.atomic
def cut_release(
    actor: Actor, campaign: Campaign, validation_percent: float, testing_percent: float
) -> Release:
    """Freeze all accepted clips as the campaign's next version.

    Raises RoleMissing unless the actor is a curator, PercentsInvalid, or NothingToRelease.
    """
    curator = require_role(actor, campaign, Role.CURATOR)
    if not (validation_percent >= 0 and testing_percent >= 0):
        raise PercentsInvalid
    if validation_percent + testing_percent > 100:
        raise PercentsInvalid
    # One cut at a time, so that two curators cannot both make version 3.
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    version = campaign.releases.aggregate(newest=Max("version"))["newest"] or 0
    release = Release.objects.create(
        campaign=campaign,
        version=version + 1,
        validation_percent=validation_percent,
        testing_percent=testing_percent,
        licence=campaign.licence,
        cut_by=curator,
    )
    entries = list(_entries(release))
    if not entries:
        raise NothingToRelease
    ReleaseEntry.objects.bulk_create(entries, batch_size=1000)
    announce(EventKind.RELEASE_FROZEN, release=str(release.pk), clips=len(entries))
    return release


def _entries(release: Release) -> Iterator[ReleaseEntry]:
    # Locked against a withdrawal at the same moment: it waits, then takes its clip out again.
    clips = accepted_clips(release.campaign).select_for_update(of=("self",), no_key=True)
    takes: Counter[tuple[str, str, str]] = Counter()
    numbers: Counter[str] = Counter()
    num_bytes: Counter[str] = Counter()
    for clip in clips.select_related("participation", "prompt").order_by("id"):
        entry = _entry(release, clip)
        spoken = (entry.pseudonym, entry.kind, entry.text.lower())
        entry.take = takes[spoken]
        takes[spoken] += 1
        entry.speaker_number = numbers[entry.pseudonym]
        numbers[entry.pseudonym] += 1
        entry.shard = num_bytes[entry.split] // release.shard_num_bytes
        num_bytes[entry.split] += entry.master_num_bytes
        yield entry


def _entry(release: Release, clip: Clip) -> ReleaseEntry:
    pseudonym = clip.participation.pseudonym
    return ReleaseEntry(
        release=release,
        clip=clip,
        split=split_of(pseudonym, release.validation_percent, release.testing_percent),
        pseudonym=pseudonym,
        text=clip.prompt.text if clip.prompt else "",
        kind=clip.prompt.kind if clip.prompt else "sentence",
        num_samples=clip.num_samples or 0,
        master_sha256=clip.master_sha256,
        master_num_bytes=clip.master_num_bytes or 0,
        loudest_second_offset=clip.loudest_second_offset or 0,
    )


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


@transaction.atomic
def withdraw(actor: Actor, clip_id: uuid.UUID, reason: str = "") -> tuple[Clip, bool]:
    """Take a clip back, everywhere, in one transaction; whether this call did it.

    From the commit on no review hears it and no download holds it, old releases included (their
    revision goes up). The erasure of its audio follows on the event. Again is harmless.
    """
    clip = own_clip(actor, clip_id)
    Clip.objects.select_for_update().get(pk=clip.pk)
    if not withdraw_clip(clip):
        return clip, False
    Withdrawal.objects.create(clip=clip, reason=reason)
    close_case(clip)
    _leave_releases(clip)
    clip.refresh_from_db()
    return clip, True


def withdraw_again(clip_ids: Iterable[uuid.UUID]) -> int:
    """After a backup was restored: take back the clips that it does not know to be withdrawn.

    In their speakers' names, who asked for it before; returns how many it were.
    """
    present = Clip.objects.filter(pk__in=list(clip_ids)).exclude(status__in=GONE)
    clips = list(present.select_related("participation__speaker"))
    for clip in clips:
        withdraw(Actor(speaker=clip.participation.speaker), clip.pk, RESTORED)
    return len(clips)


def erase_again() -> int:
    """After a backup was restored: erase the audio of erased clips; how many files it were."""
    erased = Clip.objects.filter(status=ClipStatus.ERASED).values_list("pk", flat=True)
    return sum(audio_store().delete_folder(clip_folder(pk)) for pk in erased)


def _leave_releases(clip: Clip) -> None:
    entries = ReleaseEntry.objects.filter(clip=clip, is_withdrawn=False)
    release_ids = list(entries.values_list("release_id", flat=True))
    # The row stays as a tombstone, without the person and without what they said.
    entries.update(is_withdrawn=True, pseudonym="", text="", details={})
    Release.objects.filter(pk__in=release_ids).update(revision=F("revision") + 1)
    for release_id in release_ids:
        announce(EventKind.RELEASE_REVISED, clip.pk, release=str(release_id))
