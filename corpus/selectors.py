"""Reads of the corpus."""

from __future__ import annotations

from typing import TypedDict

from django.db.models import Count, QuerySet, Sum

from collector.models import Campaign
from collector.selectors import collected
from corpus.exporters import Row
from corpus.models import Release, ReleaseEntry, Split
from validation.selectors import accepted_clips

SAMPLES_PER_HOUR = 16_000 * 3600


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


def rows_of(release: Release) -> list[Row]:
    """The release's rows as exporters take them, in byte order of the clip's id."""
    language = release.campaign.language
    return [
        Row(
            clip_id=str(entry.clip_id),
            split=entry.split,
            pseudonym=entry.pseudonym,
            text=entry.text,
            kind=entry.kind,
            language=language,
            take=entry.take,
            num_samples=entry.num_samples,
            master_sha256=entry.master_sha256,
            master_num_bytes=entry.master_num_bytes,
            loudest_second_offset=entry.loudest_second_offset,
        )
        for entry in live_entries(release).order_by("clip_id")
    ]


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
