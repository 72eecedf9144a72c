"""A speaker's own clips: listed, sifted and summed up."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

from collector.access import own_clips
from collector.api.base import ActorView
from collector.models import CampaignStatus, Clip
from corpus.api.clips import ClipOut
from corpus.stories import Shelf, advice_on, noted_by_people, on_shelf, own_stories
from corpus.streaks import zone_of
from corpus.summaries import campaign_shares, recorded_days, shelf_counts

_TAGS = ["speaking"]


class MyClipOut(ClipOut):
    """A clip in its speaker's own list."""

    speaker = serializers.UUIDField(source="participation.speaker_id")
    advice = serializers.SerializerMethodField()
    redo_url = serializers.SerializerMethodField()

    class Meta(ClipOut.Meta):
        fields = (  # type: ignore[assignment] # a longer tuple than the one it extends
            *ClipOut.Meta.fields,
            "speaker",
            "advice",
            "redo_url",
        )

    def get_advice(self, clip: Clip) -> str:
        """What would help next time; empty where there is nothing to do better."""
        return " ".join(filter(None, (noted_by_people(clip), advice_on(self._state(clip)))))

    def get_redo_url(self, clip: Clip) -> str | None:
        """Where the same prompt can be recorded again, while it may be."""
        campaign, prompt = clip.participation.campaign, clip.prompt
        if prompt is None or not prompt.is_open or campaign.status != CampaignStatus.OPEN:
            return None
        return f"{reverse('record', args=[campaign.slug])}?prompt={prompt.pk}"


class FiltersIn(serializers.Serializer[Any]):
    """Which clips to list: those that fit all that is given."""

    ids = serializers.CharField(required=False, allow_blank=True)
    shelf = serializers.ChoiceField(Shelf.choices, required=False)
    campaign = serializers.SlugField(required=False)
    speaker = serializers.UUIDField(required=False)

    def validate_ids(self, ids: str) -> list[Any]:
        """UUIDs, separated by commas."""
        wanted = serializers.ListField(child=serializers.UUIDField(), max_length=200)
        found: list[Any] = wanted.run_validation(ids.split(",") if ids else [])
        return found


def sifted(clips: QuerySet[Clip], filters: dict[str, Any]) -> QuerySet[Clip]:
    """The clips that fit all of the filters."""
    if "ids" in filters:
        clips = clips.filter(pk__in=filters["ids"])
    if "shelf" in filters:
        clips = clips.filter(on_shelf(Shelf(filters["shelf"])))
    if "campaign" in filters:
        clips = clips.filter(participation__campaign__slug=filters["campaign"])
    if "speaker" in filters:
        clips = clips.filter(participation__speaker=filters["speaker"])
    return clips


class ClipPages(PageNumberPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class ClipsView(ActorView):
    """The speaker's own clips."""

    @extend_schema(
        operation_id="list_clips",
        summary="Your clips, newest first, with what became of each",
        parameters=[
            OpenApiParameter("ids", str, description="Only these, separated by commas"),
            OpenApiParameter("shelf", str, enum=Shelf.values, description="Only those on it"),
            OpenApiParameter("campaign", str, description="Only those of this campaign (slug)"),
            OpenApiParameter("speaker", str, description="Only those of this speaker (UUID)"),
            OpenApiParameter("page", int),
            OpenApiParameter("page_size", int),
        ],
        responses=MyClipOut(many=True),
        tags=_TAGS,
    )
    def get(self, request: Request) -> Response:
        """One page of clips."""
        filters = FiltersIn(data=request.query_params.dict())
        filters.is_valid(raise_exception=True)
        clips = sifted(own_stories(self.actor), filters.validated_data)
        pages = ClipPages()
        page = pages.paginate_queryset(clips, request, view=self)
        return pages.get_paginated_response(MyClipOut(page, many=True).data)


class ShelvesOut(serializers.Serializer[Any]):
    waiting = serializers.IntegerField()
    used = serializers.IntegerField()
    not_used = serializers.IntegerField()
    paused = serializers.IntegerField()
    taken_back = serializers.IntegerField()


class DaysOut(serializers.Serializer[Any]):
    in_a_row = serializers.IntegerField(help_text="Up to today, or to yesterday.")
    last_week = serializers.IntegerField(help_text="Of the last seven days, today included.")


class CampaignShareOut(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    goal = serializers.IntegerField()
    accepted = serializers.IntegerField()
    mine = serializers.IntegerField()
    mine_used = serializers.IntegerField()


class SummaryOut(serializers.Serializer[Any]):
    shelves = ShelvesOut()
    days = DaysOut()
    campaigns = CampaignShareOut(many=True)


class SummaryView(ActorView):
    """What came of all that a speaker lent."""

    @extend_schema(
        operation_id="summarise_clips",
        summary="How many clips you lent, where they are, and on which days you recorded",
        parameters=[
            OpenApiParameter("campaign", str, description="Shelves of this campaign only (slug)"),
            OpenApiParameter("speaker", str, description="Shelves of this speaker only (UUID)"),
            OpenApiParameter(
                "time_zone",
                str,
                description="IANA name of the zone whose days count; UTC if absent",
            ),
        ],
        responses=SummaryOut,
        tags=_TAGS,
    )
    def get(self, request: Request) -> Response:
        """Zeros where nothing was lent. The zone is used for this answer and not kept."""
        zone = zone_of(request.query_params.get("time_zone", ""))
        filters = FiltersIn(data=request.query_params.dict())
        filters.is_valid(raise_exception=True)
        answer = {
            "shelves": shelf_counts(sifted(own_clips(self.actor), filters.validated_data)),
            "days": recorded_days(self.actor, zone),
            "campaigns": campaign_shares(self.actor),
        }
        return Response(SummaryOut(answer).data)
