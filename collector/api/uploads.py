"""Reading a take out of a request, with a limit on everything that comes in."""

from __future__ import annotations

import json
import math
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from collector.errors import CaptureInvalid, TooLarge
from collector.rules import whole_number

MAX_CAPTURE_BYTES = 2_000
CHUNK_BYTES = 1 << 20
MAX_TRIM_S = 600


class RawParser(BaseParser):
    """Leaves the body as the stream that it is, whatever type it claims to have."""

    media_type = "*/*"

    def parse(self, stream: IO[bytes], media_type: Any = None, parser_context: Any = None) -> Any:
        """The unread stream."""
        return stream


class FiniteField(serializers.FloatField):
    """A number within limits. NaN, which passes every comparison, is none, and JSON has no word
    for it: the database would refuse the row.
    """

    def to_internal_value(self, data: Any) -> float:
        """The number; invalid when it is infinite or none."""
        number = super().to_internal_value(data)
        if not math.isfinite(number):
            self.fail("invalid")
        return number


class CaptureIn(serializers.Serializer[Any]):
    """What the device says of how it captured a take (the header ``Choir-Capture``)."""

    path = serializers.ChoiceField(["track-processor", "audio-worklet", "media-recorder", "file"])
    sampling_rate_hz = serializers.IntegerField(min_value=1, max_value=768_000, required=False)
    channels = serializers.IntegerField(min_value=1, max_value=64, required=False)
    echo_cancellation = serializers.BooleanField(allow_null=True, required=False)
    noise_suppression = serializers.BooleanField(allow_null=True, required=False)
    auto_gain_control = serializers.BooleanField(allow_null=True, required=False)
    lossy = serializers.BooleanField(required=False)
    gaps = serializers.IntegerField(min_value=0, max_value=1_000_000, required=False)
    encoder = serializers.CharField(max_length=40, required=False)
    requested_sampling_rate_hz = serializers.IntegerField(
        min_value=1, max_value=768_000, required=False
    )
    browser = serializers.CharField(max_length=40, required=False)
    start = serializers.ChoiceField(["hands-free", "by-hand"], required=False)
    restarts = serializers.IntegerField(min_value=0, max_value=1_000, required=False)
    noise_floor_dbfs = FiniteField(min_value=-200, max_value=0, required=False)
    trim_start_s = FiniteField(min_value=0, max_value=MAX_TRIM_S, required=False)
    trim_end_s = FiniteField(min_value=0, max_value=MAX_TRIM_S, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Marks of the speech that are no stretch of it would cut the take to nothing later."""
        if attrs.get("trim_start_s", 0) > attrs.get("trim_end_s", MAX_TRIM_S):
            raise serializers.ValidationError({"trim_end_s": [_("The end is before the start.")]})
        return attrs


def read_capture(request: Request) -> dict[str, Any]:
    """The capture header's fields, or none where the header is absent; CaptureInvalid if bad."""
    header = request.headers.get("Choir-Capture", "")
    if not header:
        return {}
    if len(header) > MAX_CAPTURE_BYTES:
        raise CaptureInvalid
    try:
        capture = CaptureIn(data=json.loads(header))
    except ValueError:
        raise CaptureInvalid from None
    if not capture.is_valid():
        raise CaptureInvalid(fields=capture.errors)
    return dict(capture.validated_data)


def read_body(request: Request) -> bytes:
    """All bytes of the body; TooLarge as soon as there are more than the site takes."""
    announced = whole_number(request.headers.get("Content-Length", ""))
    if announced is not None and announced > settings.MAX_UPLOAD_BYTES:
        raise TooLarge(max_bytes=settings.MAX_UPLOAD_BYTES)
    body = bytearray()
    while chunk := request.stream.read(CHUNK_BYTES) if request.stream else b"":
        body += chunk
        if len(body) > settings.MAX_UPLOAD_BYTES:
            raise TooLarge(max_bytes=settings.MAX_UPLOAD_BYTES)
    return bytes(body)
