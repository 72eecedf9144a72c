"""What is made of a clip for ears and eyes: a preview, the waveform's peaks, a spectrogram."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.http import HttpResponse, HttpResponseNotModified
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from collector.access import own_clips
from collector.api.base import ActorView
from collector.models import Clip
from collector.models.clip import GONE
from collector.services import Derivative, derive
from collector.services.deriving import RECIPES
from collector.storage import audio_store
from corpus.http import ranged_response
from validation.access import clip_under_review

_TAGS = ["speaking"]


class _MediaView(ActorView):
    """A derived file, for the clip's speaker and for the reviewer who has it in hand."""

    kind: ClassVar[Derivative]

    def answer(self, request: Request, clip_id: uuid.UUID) -> HttpResponse:
        """The file (made now, if nobody has asked for it before), or a range of it."""
        derived = derive(self._clip(clip_id), self.kind)
        etag, key = f'"{derived.sha256}"', derived.key(clip_id, self.kind)
        if etag in request.headers.get("If-None-Match", ""):
            return self._described(HttpResponseNotModified(), etag)
        ranges = request.headers.get("Range", "")
        if request.headers.get("If-Range", etag) != etag:
            ranges = ""  # RFC 9110, 13.1.5: a part of another version is of no use
        response = ranged_response(
            ranges,
            derived.num_bytes,
            lambda start, length: audio_store().get_range(key, start, length),
            content_type=RECIPES[self.kind].media_type,
        )
        return self._described(response, etag)

    def _clip(self, clip_id: uuid.UUID) -> Clip:
        own = own_clips(self.actor).exclude(status__in=GONE).filter(pk=clip_id).first()
        return own or clip_under_review(self.actor, clip_id)

    def _described(self, response: HttpResponse, etag: str) -> HttpResponse:
        response["ETag"] = etag
        # A voice, or a picture of one: it must not outlive its withdrawal anywhere.
        response["Cache-Control"] = "private, no-store"
        return response


class ClipPreviewView(_MediaView):
    kind = Derivative.PREVIEW

    @extend_schema(
        operation_id="get_clip_preview",
        summary="Hear a small copy of a clip",
        description="Opus in WebM, mono. Answers ranges, and 304 to a known entity tag.",
        responses={(200, "audio/webm"): OpenApiTypes.BINARY},
        tags=_TAGS,
    )
    def get(self, request: Request, clip_id: uuid.UUID) -> HttpResponse:
        """The preview."""
        return self.answer(request, clip_id)


class ClipPeaksView(_MediaView):
    kind = Derivative.PEAKS

    @extend_schema(
        operation_id="get_clip_peaks",
        summary="The outline of a clip's waveform",
        description=(
            "Little-endian: the letters CHPK, uint16 version (1), uint16 start of the pairs (16), "
            "uint32 num_samples at 16 kHz, uint32 samples_per_pair; then for each stretch its "
            "lowest and highest sample as int8, in 256ths of full scale's 32,768 steps."
        ),
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        tags=_TAGS,
    )
    def get(self, request: Request, clip_id: uuid.UUID) -> HttpResponse:
        """The peaks."""
        return self.answer(request, clip_id)


class ClipSpectrogramView(_MediaView):
    kind = Derivative.SPECTROGRAM

    @extend_schema(
        operation_id="get_clip_spectrogram",
        summary="A picture of a clip: time to the right, pitch upwards",
        description="A greyscale PNG: 64 mel bands from 0 to 8 kHz, 70 dB from black to white.",
        responses={(200, "image/png"): OpenApiTypes.BINARY},
        tags=_TAGS,
    )
    def get(self, request: Request, clip_id: uuid.UUID) -> HttpResponse:
        """The picture."""
        return self.answer(request, clip_id)
