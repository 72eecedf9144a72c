"""Reading a take out of a request, with a limit on everything that comes in."""

from __future__ import annotations

import json
from typing import IO, Any

from django.conf import settings
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from collector.errors import CaptureInvalid, TooLarge

MAX_CAPTURE_BYTES = 2_000
CHUNK_BYTES = 1 << 20


class RawParser(BaseParser):
    """Leaves the body as the stream that it is, whatever type it claims to have."""

    media_type = "*/*"

    def parse(self, stream: IO[bytes], media_type: Any = None, parser_context: Any = None) -> Any:
        """The unread stream."""
        return stream


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
    announced = request.headers.get("Content-Length", "0")
    if announced.isdigit() and int(announced) > settings.MAX_UPLOAD_BYTES:
        raise TooLarge(max_bytes=settings.MAX_UPLOAD_BYTES)
    body = bytearray()
    while chunk := request.stream.read(CHUNK_BYTES) if request.stream else b"":
        body += chunk
        if len(body) > settings.MAX_UPLOAD_BYTES:
            raise TooLarge(max_bytes=settings.MAX_UPLOAD_BYTES)
    return bytes(body)
