"""Whether a release's figures are those of its present revision, for a page that waits for them."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from corpus.access import release_by_id
from corpus.api.base import ReleaseReader
from corpus.services import figures_of_release


class FiguresOut(serializers.Serializer[Any]):
    revision = serializers.IntegerField(help_text="The release's present one.")
    counted_revision = serializers.IntegerField(
        allow_null=True, help_text="The one that the page's figures are of; null before the first."
    )
    is_counting = serializers.BooleanField(help_text="Whether newer figures are on the way.")


class FiguresView(ReleaseReader):
    """The figures stand in the release's page; this says how fresh they are."""

    @extend_schema(
        operation_id="get_release_figures",
        summary="Whether a release's figures are counted",
        description="Those of a large release are counted beside the web server, in half a minute.",
        responses=FiguresOut,
        tags=["releases"],
    )
    def get(self, request: Request, release_id: uuid.UUID) -> Response:
        """How fresh they are."""
        release = release_by_id(self.actor, release_id)
        figures = figures_of_release(release)
        fresh = {
            "revision": release.revision,
            "counted_revision": figures.revision,
            "is_counting": figures.is_counting,
        }
        return Response(FiguresOut(fresh).data)
