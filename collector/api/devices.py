"""What linked devices send: recordings without prompts, under a token of their own."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collector.api.uploads import RawParser, read_body, read_capture
from collector.errors import DeviceUnknown
from collector.models import Clip, ClipStatus, LinkedDevice
from collector.rules import announced_sha256
from collector.services import receive_from_device, use_device
from collector.services.devices import require_standing

_TAGS = ["devices"]
_SCHEME = "bearer"


class DeviceAuthentication(BaseAuthentication):
    """``Authorization: Bearer choir_device_…`` (RFC 6750): no session, and so no CSRF."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, LinkedDevice]:
        """The device; DeviceUnknown without a token or with another's, DeviceRevoked."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != _SCHEME:
            raise DeviceUnknown
        return AnonymousUser(), use_device(token.strip())

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="devices"'


class DeviceScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the documentation calls it."""

    target_class = DeviceAuthentication
    name = "deviceToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A bearer token."""
        return {"type": "http", "scheme": "bearer"}


class DeviceView(APIView):
    """A view for devices."""

    authentication_classes = (DeviceAuthentication,)

    @property
    def device(self) -> LinkedDevice:
        """Whose token came with the request."""
        return cast(LinkedDevice, self.request.auth)


class StandingOut(serializers.Serializer[Any]):
    device = serializers.CharField(help_text="What its person calls it.")
    campaign = serializers.CharField()
    language = serializers.CharField(help_text="BCP 47: what is to be spoken.")
    max_bytes = serializers.IntegerField(help_text="Of one recording.")


class DonationsView(DeviceView):
    """Whether a device may send."""

    @extend_schema(
        operation_id="device_standing",
        summary="Whether the link stands",
        description="Ask before listening: 403 says that nothing would be taken, and why.",
        responses=StandingOut,
        tags=_TAGS,
    )
    def get(self, request: Request) -> Response:
        """For which campaign it sends; 403 with the reason where nothing is taken."""
        require_standing(self.device)
        campaign = self.device.participation.campaign
        answer = {
            "device": self.device.name,
            "campaign": campaign.slug,
            "language": campaign.language,
            "max_bytes": settings.MAX_UPLOAD_BYTES,
        }
        return Response(StandingOut(answer).data)


class DonationOut(serializers.ModelSerializer[Clip]):
    status = serializers.ChoiceField(ClipStatus.choices)

    class Meta:
        model = Clip
        fields = ("id", "status", "received_at")


class DonationView(DeviceView):
    """One recording, under the id that the device gave it."""

    parser_classes = (RawParser,)
    throttle_scope: ClassVar[str] = "uploads"

    @extend_schema(
        operation_id="put_donation",
        summary="Send a recording without a prompt",
        description=(
            "Raw bytes under an id made by the device. The same again is answered 200, other bytes "
            "under the same id 409, bytes that do not have the announced hash 422. After 403 "
            "`device_revoked` or `consent_withdrawn`, stop and delete what is kept."
        ),
        parameters=[
            OpenApiParameter(
                "Content-Digest",
                str,
                OpenApiParameter.HEADER,
                required=True,
                description="RFC 9530: sha-256=:BASE64:",
            ),
            OpenApiParameter(
                "Choir-Capture",
                str,
                OpenApiParameter.HEADER,
                description="JSON about the capture: path, sampling_rate_hz, channels, …",
            ),
        ],
        request={"audio/*": OpenApiTypes.BINARY},
        responses={200: DonationOut, 201: DonationOut},
        tags=_TAGS,
    )
    def put(self, request: Request, clip_id: uuid.UUID) -> Response:
        """Store it; 201 when it is new."""
        digest = announced_sha256(request.headers.get("Content-Digest", ""))
        capture = read_capture(request)
        clip, is_new = receive_from_device(
            self.device, clip_id, read_body(request), digest, capture
        )
        return Response(DonationOut(clip).data, status=201 if is_new else 200)
