"""Releases: listed, cut, and downloaded."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.http import HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from collector.api.base import ActorView
from corpus.access import may_download, release_by_id, visible_releases
from corpus.exporters import EXPORTERS
from corpus.models import Release
from corpus.selectors import release_counts
from corpus.services import cut_release, export_archive, read_archive_file, record_download

_TAGS = ["releases"]


class ExportOut(serializers.Serializer[Any]):
    format = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # DRF fields have a label too
    description = serializers.CharField()
    usage = serializers.CharField()
    url = serializers.CharField()
    filename = serializers.CharField()


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


def filename(release: Release, format_name: str) -> str:
    """What a download of the release is called."""
    return f"{release.name}-{format_name}.tar"


def exports_of(release: Release) -> list[dict[str, str]]:
    """The formats of a release, with their addresses."""
    return [
        {
            "format": exporter.format,
            "label": exporter.label,
            "description": exporter.description,
            "usage": exporter.usage,
            "url": reverse("api:export", args=[release.pk, exporter.format]),
            "filename": filename(release, exporter.format),
        }
        for exporter in EXPORTERS.values()
    ]


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


class ExportView(ActorView):
    """A release in one format, as a tar made while it is downloaded."""

    throttle_scope: ClassVar[str] = "downloads"

    @extend_schema(
        operation_id="download_export",
        summary="Download a release in a trainer's format",
        description="The same version and revision are the same bytes; SHA256SUMS comes last.",
        responses={(200, "application/x-tar"): OpenApiTypes.BINARY},
        tags=_TAGS,
    )
    def get(self, request: Request, release_id: uuid.UUID, format_name: str) -> HttpResponseBase:
        """The archive."""
        release = release_by_id(self.actor, release_id)
        user = may_download(self.actor, release)
        archive = export_archive(release, format_name)
        etag = f'"{release.pk}-{release.revision}-{format_name}"'
        if request.headers.get("If-None-Match") == etag:
            return HttpResponseNotModified()
        record_download(release, user, format_name)
        response = StreamingHttpResponse(
            archive.stream(read_archive_file), content_type="application/x-tar"
        )
        response["Content-Length"] = str(archive.num_bytes)
        response["Content-Disposition"] = f'attachment; filename="{filename(release, format_name)}"'
        response["ETag"] = etag
        response["Cache-Control"] = "private, no-store"
        return response
