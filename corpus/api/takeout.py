"""Everything that a person ever gave, for them to keep."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar, cast

from django.http import HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from collector.api.base import ActorView
from corpus.http import streamed_response
from corpus.takeout import Takeout, take_out
from corpus.takeout.receipts import MOST

_ZIP = {
    (200, "application/zip"): OpenApiTypes.BINARY,
    (206, "application/zip"): OpenApiTypes.BINARY,
}


class KnownIn(serializers.Serializer[Any]):
    receipts = serializers.CharField(default="", allow_blank=True)

    def validate_receipts(self, receipts: str) -> list[uuid.UUID]:
        """UUIDs, separated by commas."""
        wanted = serializers.ListField(child=serializers.UUIDField(), max_length=MOST)
        found: list[uuid.UUID] = wanted.run_validation(receipts.split(",") if receipts else [])
        return found


class TakeoutView(ActorView):
    """All that is the actor's own, as a ZIP made while it is downloaded."""

    throttle_scope: ClassVar[str] = "takeouts"

    @extend_schema(
        operation_id="take_out",
        summary="Download everything you ever gave",
        description=(
            "Originals, masters, prompts, measurements, scores, verdicts and consents of all your "
            "speakers, with a page that plays them offline; what you judged yourself; receipts. "
            "Clips that you took back are in it as their tombstone. The same tag stands for the "
            "same bytes; a range takes a download up again where it broke off."
        ),
        parameters=[
            OpenApiParameter(
                "receipts",
                str,
                description=(
                    "Ids of receipts of withdrawals that you know of, separated by commas: nothing "
                    "leads from you to those that are complete."
                ),
            )
        ],
        responses=_ZIP,
        tags=["speaking"],
    )
    def get(self, request: Request) -> HttpResponseBase:
        """The archive; 403 ``speaker_unknown`` for a stranger."""
        said = KnownIn(data=request.query_params.dict())
        said.is_valid(raise_exception=True)
        day = timezone.now().date()
        known = said.validated_data["receipts"]
        takeout = take_out(self.actor, translation.get_language(), day, known)
        try:
            response = self._answer(request, takeout)
        except BaseException:
            takeout.close()
            raise
        if isinstance(response, StreamingHttpResponse):
            pieces = cast(Iterator[bytes], response.streaming_content)
            response.streaming_content = _Closing(pieces, takeout.close)
        else:
            takeout.close()
        return response

    def _answer(self, request: Request, takeout: Takeout) -> HttpResponseBase:
        if request.headers.get("If-None-Match") == takeout.etag:
            return HttpResponseNotModified()
        response = streamed_response(
            request.headers,
            takeout.etag,
            takeout.num_bytes,
            takeout.stream,
            content_type="application/zip",
        )
        response["Content-Disposition"] = f'attachment; filename="{takeout.name}.zip"'
        return response


class _Closing:
    """Pieces of a body, and what to do when the answer ends, also where nobody reads it."""

    def __init__(self, pieces: Iterable[bytes], close: Callable[[], None]) -> None:
        self._pieces = pieces
        self.close = close

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)
