"""What came of all that a speaker lent: counted from the clips themselves, never kept by hand."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import TypedDict

from django.db.models import Count, DateTimeField, Func, QuerySet
from django.utils import timezone

from collector.access import Actor, own_clips
from collector.models import Campaign, Clip, ClipStatus
from collector.models.clip import GONE
from corpus.stories import Shelf, on_shelf
from corpus.streaks import days_in_a_row, days_in_last_week, days_of
from validation.models import CaseStatus

#: How far back days are looked at: a longer row of days is told as this long.
LOOK_BACK = timedelta(days=400)


class Days(TypedDict):
    """The days on which a speaker recorded, as far as they are worth telling."""

    in_a_row: int
    last_week: int


class CampaignShare(TypedDict):
    """A campaign, how far it has come, and the speaker's part in that."""

    slug: str
    name: str
    goal: int
    accepted: int
    mine: int
    mine_used: int


def shelf_counts(clips: QuerySet[Clip]) -> dict[str, int]:
    """How many of the clips are on each shelf."""
    counts = {shelf.value: Count("pk", filter=on_shelf(shelf)) for shelf in Shelf}
    return dict(clips.order_by().aggregate(**counts))


def recorded_days(actor: Actor, zone: tzinfo, now: datetime | None = None) -> Days:
    """On which days, in the zone, clips arrived that the actor still lends."""
    now = now or timezone.now()
    present = own_clips(actor).exclude(status__in=GONE)
    recent = present.filter(received_at__gte=now - LOOK_BACK)
    days = days_of(_quarter_hours(recent), zone)
    today = now.astimezone(zone).date()
    return Days(in_a_row=days_in_a_row(days, today), last_week=days_in_last_week(days, today))


def _quarter_hours(clips: QuerySet[Clip]) -> QuerySet[Clip, datetime]:
    # Every zone's day begins at a full quarter of an hour of UTC, so these are enough to know the
    # days by, and the database needs not know the zone's name.
    quarter = Func(
        "received_at",
        function="date_bin",
        template="%(function)s('15 minutes', %(expressions)s, TIMESTAMPTZ '2000-01-01 00:00Z')",
        output_field=DateTimeField(),
    )
    return clips.order_by().annotate(quarter=quarter).values_list("quarter", flat=True).distinct()


def campaign_shares(actor: Actor) -> list[CampaignShare]:
    """The campaigns that the actor lent clips to, in three queries however many there are."""
    present = own_clips(actor).exclude(status__in=GONE).order_by()
    used = Count("pk", filter=on_shelf(Shelf.USED))
    by_campaign = present.values("participation__campaign").annotate(mine=Count("pk"), used=used)
    mine = {row["participation__campaign"]: row for row in by_campaign}
    accepted = _accepted_by_campaign(list(mine))
    return [
        CampaignShare(
            slug=campaign.slug,
            name=campaign.name,
            goal=campaign.goal_clips,
            accepted=accepted.get(campaign.pk, 0),
            mine=mine[campaign.pk]["mine"],
            mine_used=mine[campaign.pk]["used"],
        )
        for campaign in Campaign.objects.filter(pk__in=mine).order_by("name")
    ]


def _accepted_by_campaign(campaign_ids: list[int]) -> dict[int, int]:
    accepted = Clip.objects.filter(
        participation__campaign__in=campaign_ids,
        status=ClipStatus.TRANSCODED,
        review_case__status=CaseStatus.ACCEPTED,
        review_case__is_held=False,
    )
    counted = accepted.order_by().values_list("participation__campaign").annotate(n=Count("pk"))
    return dict(counted)
