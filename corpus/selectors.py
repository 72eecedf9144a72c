"""Reads of the corpus."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator
from typing import TypedDict

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.urls import reverse
from django.utils.translation import override

from collector.models import Campaign, Clip, PromptKind, Purpose, User
from collector.selectors import collected, with_purpose
from corpus.datasheet.citation import bibtex, cite_as
from corpus.datasheet.counts import Counts, read_counts
from corpus.datasheet.sections import sections_of
from corpus.errors import ReleasesUnrelated, RevisionUnknown
from corpus.exporters import SPLITS, Contents, Shard
from corpus.exporters.files import Sums
from corpus.models import (
    Attestation,
    Release,
    ReleaseEntry,
    ReleaseFigures,
    ReleaseTerms,
    Revocation,
    RevocationList,
    Split,
)
from corpus.release_rows import EntryRows
from corpus.revocations.document import Head
from validation.selectors import accepted_clips, accepted_in

SAMPLES_PER_HOUR = 16_000 * 3600
#: The part of an export that describes the whole.
TEXTS = "texts"
_BATCH = 5_000


class Progress(TypedDict):
    """How far a campaign has come."""

    clips: int
    accepted: int
    speakers: int
    goal: int


def progress(campaign: Campaign) -> Progress:
    """What was lent, what was accepted, by how many, and what is hoped for."""
    return progress_of([campaign])[campaign.pk]


def progress_of(campaigns: Collection[Campaign]) -> dict[int, Progress]:
    """The same of several campaigns by their ids, in as many queries as of one."""
    counted = accepted_in(campaigns).values_list("participation__campaign")
    accepted = dict(counted.annotate(Count("pk")).order_by())
    counts = collected(campaigns)
    return {
        each.pk: Progress(
            clips=counts[each.pk]["clips"],
            speakers=counts[each.pk]["speakers"],
            accepted=accepted.get(each.pk, 0),
            goal=each.goal_clips,
        )
        for each in campaigns
    }


def current_terms(campaign: Campaign) -> ReleaseTerms | None:
    """What researchers have to sign today; None where the campaign asks for nothing."""
    return campaign.release_terms.order_by("-version").first()


def has_signed(user: User | None, terms: ReleaseTerms) -> bool:
    """Whether the account has signed this version."""
    return user is not None and terms.signatures.filter(user=user).exists()


class Delta(TypedDict):
    """What a copy of one release has to change to be the other; sorted ids of clips."""

    came: list[str]
    went: list[str]
    changed: list[str]


def delta(old: Release, new: Release, since: int | None = None) -> Delta:
    """Which clips came, went, or are told of otherwise from one release to another.

    ``since`` is the revision in which the old one was fetched (its present one if None). With the
    same release twice it is what that release's later revisions did. Raises ReleasesUnrelated,
    RevisionUnknown.
    """
    if old.campaign_id != new.campaign_id:
        raise ReleasesUnrelated
    since = old.revision if since is None else since
    if not 0 <= since <= old.revision:
        raise RevisionUnknown
    # Taken back later than the copy was made: the copy still has it.
    had = old.entries.filter(Q(is_withdrawn=False, is_paused=False) | Q(revised_in__gt=since))
    has = live_entries(new)
    changed = has.filter(clip__in=had.values("clip"))
    if old.pk == new.pk:
        changed = changed.filter(revised_in__gt=since)
    else:
        # Another release may have another split, number or shard for the same clip.
        same = old.entries.filter(
            clip=OuterRef("clip"), revised_in__lte=since, is_withdrawn=False, is_paused=False,
            split=OuterRef("split"), take=OuterRef("take"), shard=OuterRef("shard"),
            speaker_number=OuterRef("speaker_number"), text=OuterRef("text"),
            details=OuterRef("details"),
        )  # fmt: skip
        changed = changed.filter(~Exists(same))
    return Delta(
        came=_ids(has.exclude(clip__in=had.values("clip"))),
        went=_ids(had.exclude(clip__in=has.values("clip"))),
        changed=_ids(changed),
    )


def _ids(entries: QuerySet[ReleaseEntry]) -> list[str]:
    return list(map(str, entries.order_by("clip_id").values_list("clip_id", flat=True)))


def live_entries(release: Release) -> QuerySet[ReleaseEntry]:
    """What a release holds today: all that was frozen, less what was taken back or is paused."""
    return _live(release.entries.all())


def _live(entries: QuerySet[ReleaseEntry]) -> QuerySet[ReleaseEntry]:
    return entries.filter(is_withdrawn=False, is_paused=False)


def contents_of(release: Release, sums: Sums | None = None) -> Contents:
    """The release as exporters know it, as it is today, with what is known of its files' sums."""
    campaign, sheet = release.campaign, release.sheet
    title, url = sheet.get("title", campaign.name), f"{settings.SITE_URL}{page_of(release)}"
    language = sheet.get("language", campaign.language)
    # In English on every machine, whoever asks: the same release is the same bytes.
    with override("en"):
        sections = tuple(sections_of(sheet))
    cited = title, release.version, release.frozen_at, url
    return Contents(
        name=release.name,
        title=title,
        description=sheet.get("description", campaign.description),
        language=language,
        licence=release.licence,
        version=release.version,
        revision=release.revision,
        frozen_at=release.frozen_at,
        url=url,
        sheet=sections,
        citation=cite_as(*cited),
        months=tuple(sheet[end] for end in ("first_month", "last_month") if end in sheet),
        bibtex=bibtex(campaign.slug, *cited),
        shards=shards_of(release),
        rows=EntryRows(live_entries(release), language),
        sums={} if sums is None else sums,
    )


def page_of(release: Release) -> str:
    """The address of a release's page."""
    return reverse("release", args=[release.pk])


def shards_of(release: Release) -> tuple[Shard, ...]:
    """The release's parts, by split and number; also those that withdrawals have emptied."""
    highest = dict(release.entries.values_list("split").annotate(n=Max("shard")).order_by())
    return tuple(
        Shard(split, index, highest[split] + 1)
        for split in SPLITS
        if split in highest
        for index in range(highest[split] + 1)
    )


def part_tags(release: Release) -> dict[str | None, int]:
    """The revision that last changed each part: with the part's name, its entity tag.

    What describes the whole (and the whole, under None) changes with every revision, a shard only
    with those of its own clips.
    """
    changed = release.entries.values_list("split", "shard").annotate(n=Max("revised_in")).order_by()
    tags: dict[str | None, int] = {
        Shard(split, index, 0).name: revision for split, index, revision in changed
    }
    return {**tags, None: release.revision, TEXTS: release.revision}


#: Of how many entries samples are chosen: enough to find some, few enough to read for each page.
_SAMPLED = 2_000


def playable(release: Release) -> QuerySet[Clip]:
    """Clips of the release that everybody may hear: lent for that, and nothing stands against it.

    Consents and reports are looked at now, not as they were when the release was frozen.
    """
    ids = live_entries(release).values("clip")
    clips = accepted_clips(release.campaign).filter(pk__in=ids)
    return with_purpose(clips, Purpose.PUBLIC_PLAYBACK)


def samples_of(release: Release, most: int = 6) -> list[ReleaseEntry]:
    """Some entries to listen to, each of another speaker, the same ones each time."""
    ids = live_entries(release).exclude(kind=PromptKind.NOISE).order_by("clip_id")
    some = list(ids.values_list("clip_id", flat=True)[:_SAMPLED])
    clips = accepted_clips(release.campaign).filter(pk__in=some)
    heard = set(with_purpose(clips, Purpose.PUBLIC_PLAYBACK).values_list("pk", flat=True))
    of_speaker: dict[str, ReleaseEntry] = {}
    for entry in release.entries.filter(clip__in=heard).order_by("clip_id"):
        of_speaker.setdefault(entry.pseudonym, entry)
    return list(of_speaker.values())[:most]


class ReleaseCounts(TypedDict):
    """The size of a release."""

    clips: int
    speakers: int
    hours: float
    splits: dict[str, int]


def release_counts_of(counts: Counts) -> ReleaseCounts | None:
    """The same from what was counted for the page; None where nothing was."""
    if "total" not in counts:
        return None
    (total,) = counts["total"]
    by_split = {each.bin: each.clips for each in counts.get("splits", [])}
    return ReleaseCounts(
        clips=total.clips,
        speakers=total.speakers or 0,
        hours=round(total.hours or 0, 4),
        splits={str(split): by_split.get(split, 0) for split in Split.values},
    )


def release_counts(release: Release) -> ReleaseCounts:
    """How much a release holds today: as it was counted, or where that is old, counted now."""
    return counts_of_releases([release])[release.pk]


def counts_of_releases(releases: Collection[Release]) -> dict[uuid.UUID, ReleaseCounts]:
    """The same of several releases by their ids, in as many queries as of one."""
    revisions = {each.pk: each.revision for each in releases}
    kept = ReleaseFigures.objects.filter(release__in=revisions)
    told = {
        each.pk: counts
        for each in kept
        if each.revision == revisions[each.pk]
        and (counts := release_counts_of(read_counts(each.counts)))
    }
    missing = revisions.keys() - told.keys()
    return told | _counted_now(missing) if missing else told


def _counted_now(release_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, ReleaseCounts]:
    entries = _live(ReleaseEntry.objects.filter(release__in=release_ids)).order_by()
    sums = Count("pk"), Count("pseudonym", distinct=True), Sum("num_samples")
    totals = {each: rest for each, *rest in entries.values_list("release").annotate(*sums)}
    by_split: dict[uuid.UUID, dict[str, int]] = {each: {} for each in release_ids}
    for each, split, clips in entries.values_list("release", "split").annotate(Count("pk")):
        by_split[each][split] = clips
    return {
        each: ReleaseCounts(
            clips=clips,
            speakers=speakers,
            hours=round(samples / SAMPLES_PER_HOUR, 4),
            splits={str(split): by_split[each].get(split, 0) for split in Split.values},
        )
        for each in release_ids
        for clips, speakers, samples in [totals.get(each, (0, 0, 0))]
    }


def newest_list() -> RevocationList | None:
    """The revocation list that holds today; None until the first is made."""
    return RevocationList.objects.select_related("key").order_by("-number").first()


def head_of(listed: RevocationList) -> Head:
    """What a list says around its entries."""
    return Head(
        listed.number,
        listed.this_update,
        listed.next_update,
        listed.previous_sha256,
        listed.num_entries,
        listed.releases,
    )


def revocations_of(listed: RevocationList, since: RevocationList | None = None) -> Iterator[str]:
    """The lines of the list's entries in their order, or only those that an earlier one had not."""
    first = since.num_entries if since else 0
    rows = Revocation.objects.filter(position__gte=first, position__lt=listed.num_entries)
    return rows.order_by("position").values_list("line", flat=True).iterator(_BATCH)


def attestations_of(clip_ids: Iterable[uuid.UUID]) -> QuerySet[Attestation]:
    """Who said that a copy of a release which held one of the clips has been pruned of it."""
    listed = Revocation.objects.filter(
        clip_id=OuterRef("clip_id"), position__lt=OuterRef(OuterRef("known"))
    )
    held = ReleaseEntry.objects.filter(
        Exists(listed), release=OuterRef("release"), clip__in=list(clip_ids)
    )
    known = RevocationList.objects.filter(number=OuterRef("list_number")).values("num_entries")
    return Attestation.objects.annotate(known=Subquery(known)).filter(Exists(held))
