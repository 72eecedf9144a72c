"""A few clips of a release that everybody may hear, because their speakers said so."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from collector.errors import NotFound
from collector.models import Clip
from corpus.access import release_by_id
from corpus.api.clip_media import ClipPreviewView
from corpus.selectors import playable


class SampleView(ClipPreviewView):
    """The preview of a clip, open to whoever sees the release's page."""

    @extend_schema(
        operation_id="get_sample",
        summary="Hear a clip of a release whose speaker agreed to public playback",
        description="Opus in WebM, mono. 404 from the moment on in which that was taken back.",
        responses={(200, "audio/webm"): OpenApiTypes.BINARY},
        tags=["releases"],
    )
    def get(  # type: ignore[override] # the address names the release as well
        self, request: Request, release_id: uuid.UUID, clip_id: uuid.UUID
    ) -> HttpResponse:
        """The preview."""
        self._playable = playable(release_by_id(self.actor, release_id))
        return self.answer(request, clip_id)

    def _clip(self, clip_id: uuid.UUID) -> Clip:
        clip = self._playable.filter(pk=clip_id).first()
        if clip is None:
            raise NotFound
        return clip
