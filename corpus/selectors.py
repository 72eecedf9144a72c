"""Reads of the corpus."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TypedDict

from django.conf import settings
from django.db.models import Count, F, Max, QuerySet, Sum, TextField
from django.db.models.functions import Cast, Collate
from django.urls import reverse

from collector.models import Campaign
from collector.selectors import collected
from corpus.exporters import SPLITS, Contents, Order, Row, Shard
from corpus.exporters.contents import Details
from corpus.exporters.files import Sums
from corpus.models import Release, ReleaseEntry, Split
from validation.selectors import accepted_clips

SAMPLES_PER_HOUR = 16_000 * 3600
#: The part of an export that describes the whole.
TEXTS = "texts"


class Progress(TypedDict):
    """How far a campaign has come."""

    clips: int
    accepted: int
    speakers: int
    goal: int


def progress(campaign: Campaign) -> Progress:
    """What was lent, what was accepted, by how many, and what is hoped for."""
    counts = collected(campaign)
    return Progress(
        clips=counts["clips"],
        speakers=counts["speakers"],
        accepted=accepted_clips(campaign).count(),
        goal=campaign.goal_clips,
    )


def live_entries(release: Release) -> QuerySet[ReleaseEntry]:
    """What a release holds today: all that was frozen, less what was taken back."""
    return release.entries.filter(is_withdrawn=False)


def contents_of(release: Release, sums: Sums | None = None) -> Contents:
    """The release as exporters know it, as it is today, with what is known of its files' sums."""
    campaign = release.campaign
    return Contents(
        name=release.name,
        title=campaign.name,
        description=campaign.description,
        language=campaign.language,
        licence=release.licence,
        version=release.version,
        revision=release.revision,
        frozen_at=release.frozen_at,
        url=f"{settings.SITE_URL}{reverse('release', args=[release.pk])}",
        shards=shards_of(release),
        rows=partial(_read_rows, release),
        sums={} if sums is None else sums,
    )


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


_COLUMNS = [name for name in Row._fields if name not in ("clip_id", "language", "details")]
_BATCH = 5_000


def _read_rows(
    release: Release,
    *,
    split: str | None = None,
    shard: Shard | None = None,
    kind: str | None = None,
    order: Order = Order.CLIP,
    details: bool = True,
) -> Iterator[Row]:
    entries = live_entries(release)
    if shard is not None:
        entries = entries.filter(split=shard.split, shard=shard.index)
    elif split is not None:
        entries = entries.filter(split=split)
    if kind is not None:
        entries = entries.filter(kind=kind)
    # By the bytes of the text: the database's own collation differs from machine to machine.
    by = [Collate(name, "C") if name == "pseudonym" else F(name) for name in order.value]
    language = release.campaign.language
    # As texts: a million times a UUID or an object of JSON is made for nothing.
    columns = [Cast("clip_id", TextField()), *_COLUMNS]
    if details:
        columns.append(Cast("details", TextField()))
    # A cursor on the server's side: a million rows are read in the memory of a few thousand.
    rows = entries.order_by(*by).values_list(*columns).iterator(_BATCH)
    if not details:
        return (Row(*values, language) for values in rows)
    return (Row(*values[:-1], language, Details(values[-1])) for values in rows)


class ReleaseCounts(TypedDict):
    """The size of a release."""

    clips: int
    speakers: int
    hours: float
    splits: dict[str, int]


def release_counts(release: Release) -> ReleaseCounts:
    """How much a release holds today."""
    entries = live_entries(release)
    totals = entries.aggregate(
        clips=Count("pk"), speakers=Count("pseudonym", distinct=True), samples=Sum("num_samples")
    )
    by_split = dict(entries.values_list("split").annotate(n=Count("pk")).order_by())
    return ReleaseCounts(
        clips=totals["clips"],
        speakers=totals["speakers"],
        hours=round((totals["samples"] or 0) / SAMPLES_PER_HOUR, 4),
        splits={str(split): by_split.get(split, 0) for split in Split.values},
    )
