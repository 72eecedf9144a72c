"""Releases: listed and cut."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from collector.api.base import ActorView
from corpus.access import release_by_id, visible_releases
from corpus.api.exports import ExportOut, exports_of
from corpus.models import Release
from corpus.selectors import release_counts
from corpus.services import cut_release

_TAGS = ["releases"]


class SplitsOut(serializers.Serializer[Any]):
    training = serializers.IntegerField()
    validation = serializers.IntegerField()
    testing = serializers.IntegerField()


class ReleaseOut(serializers.ModelSerializer[Release]):
    campaign = serializers.CharField(source="campaign.slug")
    clips = serializers.SerializerMethodField()
    speakers = serializers.SerializerMethodField()
    hours = serializers.SerializerMethodField()
    splits = serializers.SerializerMethodField()
    exports = serializers.SerializerMethodField()

    class Meta:
        model = Release
        fields = (
            "id",
            "campaign",
            "version",
            "revision",
            "status",
            "licence",
            "frozen_at",
            "clips",
            "speakers",
            "hours",
            "splits",
            "exports",
        )

    def to_representation(self, release: Release) -> dict[str, Any]:
        """The counts are read once for all the fields that show them."""
        self._counts = release_counts(release)
        return super().to_representation(release)

    def get_clips(self, release: Release) -> int:
        """Clips that it holds today."""
        return self._counts["clips"]

    def get_speakers(self, release: Release) -> int:
        """Speakers behind them."""
        return self._counts["speakers"]

    def get_hours(self, release: Release) -> float:
        """Hours of audio."""
        return self._counts["hours"]

    @extend_schema_field(SplitsOut)
    def get_splits(self, release: Release) -> dict[str, int]:
        """Clips in each split."""
        return self._counts["splits"]

    @extend_schema_field(ExportOut(many=True))
    def get_exports(self, release: Release) -> list[dict[str, str]]:
        """The formats that it can be downloaded in."""
        return exports_of(release)


class CutIn(serializers.Serializer[Any]):
    validation_percent = serializers.FloatField(default=10.0)
    testing_percent = serializers.FloatField(default=10.0)


class ReleasesView(ActorView):
    """The releases of a campaign."""

    @extend_schema(
        operation_id="list_releases",
        summary="The campaign's releases, newest first",
        responses=ReleaseOut(many=True),
        tags=_TAGS,
    )
    def get(self, request: Request, slug: str) -> Response:
        """All published releases."""
        releases = visible_releases(self.actor, self.campaign(slug))
        return Response(ReleaseOut(releases, many=True).data)

    @extend_schema(
        operation_id="cut_release",
        summary="Cut a release from all accepted clips",
        request=CutIn,
        responses={201: ReleaseOut},
        tags=_TAGS,
    )
    def post(self, request: Request, slug: str) -> Response:
        """Freeze the next version; for curators."""
        body = CutIn(data=request.data)
        body.is_valid(raise_exception=True)
        release = cut_release(self.actor, self.campaign(slug), **body.validated_data)
        return Response(ReleaseOut(release).data, status=201)


class ReleaseView(ActorView):
    """One release."""

    @extend_schema(
        operation_id="get_release", summary="One release", responses=ReleaseOut, tags=_TAGS
    )
    def get(self, request: Request, release_id: uuid.UUID) -> Response:
        """What it holds today."""
        return Response(ReleaseOut(release_by_id(self.actor, release_id)).data)
