"""Releases in trainers' formats: whole or in parts, made while they are downloaded."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.http import HttpResponseBase, HttpResponseNotModified
from django.urls import reverse
from django.utils.translation import gettext
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from corpus.access import may_download, release_by_id
from corpus.api.base import ReleaseReader
from corpus.errors import FormatUnknown
from corpus.exporters import EXPORTERS
from corpus.http import streamed_response
from corpus.models import Release
from corpus.selectors import TEXTS, part_tags, shards_of
from corpus.services import AudioReader, export_archive, record_download

_TAGS = ["releases"]
_TAR = {
    (200, "application/x-tar"): OpenApiTypes.BINARY,
    (206, "application/x-tar"): OpenApiTypes.BINARY,
}


class ExportOut(serializers.Serializer[Any]):
    format = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # DRF fields have a label too
    description = serializers.CharField()
    usage = serializers.CharField()
    url = serializers.CharField()
    filename = serializers.CharField()


class PartOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    url = serializers.CharField()
    filename = serializers.CharField()
    etag = serializers.CharField(help_text="Changes when a withdrawal has changed this part.")


def filename(release: Release, format_name: str, part: str | None = None) -> str:
    """What a download of the release, or of a part of it, is called."""
    return f"{release.name}-{format_name}{f'-{part}' if part else ''}.tar"


def exports_of(release: Release) -> list[dict[str, str]]:
    """The formats of a release, with their addresses."""
    return [
        {
            "format": exporter.format,
            "label": exporter.label,
            "description": gettext(exporter.description),
            "usage": exporter.usage,
            "url": reverse("api:export", args=[release.pk, exporter.format]),
            "filename": filename(release, exporter.format),
        }
        for exporter in EXPORTERS.values()
    ]


def parts_of(release: Release, format_name: str) -> list[dict[str, str]]:
    """The parts of a release in a format; FormatUnknown when there is no such format."""
    if format_name not in EXPORTERS:
        raise FormatUnknown
    names = [TEXTS, *(shard.name for shard in shards_of(release))]
    tags = part_tags(release)
    return [
        {
            "name": name,
            "url": reverse("api:export-part", args=[release.pk, format_name, name]),
            "filename": filename(release, format_name, name),
            "etag": _etag(release, format_name, name, tags[name]),
        }
        for name in names
    ]


def _etag(release: Release, format_name: str, part: str | None, revision: int) -> str:
    return f'"{release.pk}-{format_name}-{part or "all"}-{revision}"'


class PartsView(ReleaseReader):
    """In which parts a release can be fetched."""

    @extend_schema(
        operation_id="list_export_parts",
        summary="The parts of a release in a format, each with the tag of its present bytes",
        description="Fetch again those whose tag has changed: the others are the same bytes.",
        responses=PartOut(many=True),
        tags=_TAGS,
    )
    def get(self, request: Request, release_id: uuid.UUID, format_name: str) -> Response:
        """All parts, the texts first."""
        release = release_by_id(self.actor, release_id)
        return Response(PartOut(parts_of(release, format_name), many=True).data)


class ExportView(ReleaseReader):
    """A release in one format, as a tar made while it is downloaded."""

    throttle_scope: ClassVar[str] = "downloads"

    @extend_schema(
        operation_id="download_export",
        summary="Download a release, or a part of it, in a trainer's format",
        description=(
            "The same tag stands for the same bytes; SHA256SUMS comes last. A range takes a "
            "download up again where it broke off."
        ),
        responses=_TAR,
        tags=_TAGS,
    )
    def get(
        self, request: Request, release_id: uuid.UUID, format_name: str, part: str | None = None
    ) -> HttpResponseBase:
        """The archive."""
        release = release_by_id(self.actor, release_id)
        user = may_download(self.actor, release)
        reader = AudioReader()
        archive = export_archive(release, format_name, part, reader)
        etag = _etag(release, format_name, part, part_tags(release)[part])
        if request.headers.get("If-None-Match") == etag:
            return HttpResponseNotModified()
        record_download(release, user, format_name)
        response = streamed_response(
            request.headers,
            etag,
            archive.num_bytes,
            lambda start: archive.stream(reader, start),
            content_type="application/x-tar",
        )
        name = filename(release, format_name, part)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


@extend_schema_view(
    get=extend_schema(operation_id="download_export_part", summary="Download a part of a release")
)
class ExportPartView(ExportView):
    """A part of a release in one format."""
