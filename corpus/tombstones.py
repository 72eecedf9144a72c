"""What is left of clips that were taken back: told to whoever has the receipt's address."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, TypedDict

from django.db.models import Count, Max, Min, QuerySet, Sum
from django.urls import reverse

from collector.errors import NotFound
from collector.models import Clip, ClipStatus, LegalHold
from collector.models.clip import GONE
from corpus.models import Download, Release, ReleaseEntry, WithdrawalRequest
from corpus.selectors import attestations_of


class Held(TypedDict):
    """A release, and how many of the clips it holds or held."""

    release: uuid.UUID
    name: str
    num_clips: int


class Fetched(TypedDict):
    """Who may have a copy: accounts, each once, and fetches without one; and who has pruned it."""

    num_people: int
    num_anonymous: int
    num_pruned: int


class Tombstone(TypedDict):
    """All that is left of one clip, but for the votes on it; of its times, the days (UTC)."""

    id: uuid.UUID
    original_sha256: str
    master_sha256: str
    received_at: date
    withdrawn_at: date
    erased_at: date | None


_DAYS = ("received_at", "withdrawn_at", "erased_at")


class Receipt(TypedDict):
    """What became of one act of taking back."""

    id: uuid.UUID
    url: str
    scope: str
    by: str
    campaign: str | None
    reason_code: str
    requested_at: date
    completed_at: date | None
    num_clips: int
    num_erased: int
    num_held: int
    held_since: datetime | None
    releases: list[Held]
    fetched: Fetched


def request_by_id(request_id: uuid.UUID) -> WithdrawalRequest:
    """The request; NotFound when there is none. Its id is the only key, and is secret."""
    found = WithdrawalRequest.objects.select_related("campaign").filter(pk=request_id).first()
    if found is None:
        raise NotFound
    return found


def receipt_of(request: WithdrawalRequest) -> Receipt:
    """The receipt as it is now."""
    erased = Clip.objects.filter(withdrawal__request=request, status=ClipStatus.ERASED)
    held = _held(Clip.objects.filter(withdrawal__request=request))
    return Receipt(
        id=request.pk,
        url=reverse("withdrawal", args=[request.pk]),
        scope=request.scope,
        by=request.by,
        campaign=request.campaign.name if request.campaign else None,
        reason_code=request.reason_code,
        requested_at=request.requested_at,
        completed_at=request.completed_at,
        num_clips=request.num_clips,
        num_erased=request.num_clips if request.completed_at else erased.count(),
        num_held=held["number"],
        held_since=held["since"],
        releases=held_by(_entries_of(request)),
        fetched=_fetched(request),
    )


def tombstones(request: WithdrawalRequest) -> list[Tombstone]:
    """What is left of each of the request's clips, in the order of their ids."""
    clips = Clip.objects.filter(withdrawal__request=request).order_by("pk")
    rows: Any = clips.values(*Tombstone.__annotations__)
    for row in rows:
        row.update({name: row[name] and row[name].date() for name in _DAYS})
    return list(rows)


def held_by(entries: QuerySet[ReleaseEntry]) -> list[Held]:
    """The releases that these entries are of, the newest first, with how many of them are."""
    counts = dict(entries.order_by().values_list("release").annotate(n=Count("pk")))
    releases = Release.objects.filter(pk__in=counts).select_related("campaign")
    return [
        Held(
            release=release.pk,
            name=f"{release.campaign.name} {release.version}",
            num_clips=counts[release.pk],
        )
        for release in releases.order_by("-frozen_at")
    ]


class Foreseen(TypedDict):
    """What a withdrawal would do, before it is confirmed."""

    num_clips: int
    num_held: int
    releases: list[Held]


def foreseen(clips: QuerySet[Clip]) -> Foreseen:
    """How many of the clips there are to take back, and which releases hold them today."""
    present = clips.exclude(status__in=GONE)
    entries = ReleaseEntry.objects.filter(clip__in=present, is_withdrawn=False)
    held = _held(present)["number"]
    return Foreseen(num_clips=present.count(), num_held=held, releases=held_by(entries))


def _held(clips: QuerySet[Clip]) -> dict[str, Any]:
    """On how many of the clips a legal hold stands, and since when the first of them."""
    holds = LegalHold.objects.filter(clip__in=clips.order_by(), lifted_at=None)
    return holds.aggregate(number=Count("pk"), since=Min("placed_at"))


def _entries_of(request: WithdrawalRequest) -> QuerySet[ReleaseEntry]:
    return ReleaseEntry.objects.filter(clip__withdrawal__request=request)


def _fetched(request: WithdrawalRequest) -> Fetched:
    """Whoever fetched a release while one of the clips was in it, in whatever format or part.

    A part may not have held the clip: so these are at most so many, and never more than is told.
    """
    until = _entries_of(request).order_by().values_list("release").annotate(n=Max("revised_in"))
    people: set[int] = set()
    anonymous = 0
    for release_id, revision in until:
        downloads = Download.objects.filter(release=release_id, revision__lt=revision)
        known = downloads.filter(user__isnull=False)
        people.update(pk for pk in known.values_list("user", flat=True).distinct() if pk)
        anonymous += downloads.filter(user__isnull=True).count()
    clip_ids = request.withdrawals.values_list("clip", flat=True)
    # An account that fetched nothing may say so, too: then it is none of those told of here.
    pruned = attestations_of(clip_ids).filter(user__in=people).values("user").distinct()
    return Fetched(num_people=len(people), num_anonymous=anonymous, num_pruned=pruned.count())


def num_files_erased(request: WithdrawalRequest) -> int:
    """How many files the storage held of the request's clips that are erased."""
    erased = Clip.objects.filter(withdrawal__request=request, status=ClipStatus.ERASED)
    return int(erased.aggregate(number=Sum("num_files"))["number"] or 0)
