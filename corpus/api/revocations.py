"""The signed lists of what was taken back, for everybody; and who followed them."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.http import (
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from collector.api.base import ActorView
from corpus.access import release_by_id
from corpus.authentication import TokenThatAttests
from corpus.errors import ListUnknown
from corpus.exporters import EXPORTERS
from corpus.models import AccessToken, Attestation, RevocationKey, RevocationList
from corpus.revocations import document, keys
from corpus.selectors import head_of, revocations_of
from corpus.services import attest, present_list
from corpus.services.revocations import sign

_TAGS = ["withdrawals"]
_WHICH = [
    OpenApiParameter("since", int, description="Only what came after this list, which you have"),
    OpenApiParameter("number", int, description="This list instead of the newest"),
]


class WhichIn(serializers.Serializer[Any]):
    since = serializers.IntegerField(required=False, min_value=1)
    number = serializers.IntegerField(required=False, min_value=1)


class Asked:
    """The list that a request is for: its bytes, and the signature under exactly these."""

    def __init__(self, request: Request) -> None:
        given = WhichIn(data=request.query_params)
        given.is_valid(raise_exception=True)
        number, since = given.validated_data.get("number"), given.validated_data.get("since")
        self.listed = _list(number)
        # Who has seen a later one than the newest here learns from its number that they have.
        self.since = _list(min(since, self.listed.number)) if since else None

    @property
    def etag(self) -> str:
        """Names these bytes."""
        return f'"{self.listed.number}-{self.since.number if self.since else 0}"'

    @property
    def pieces(self) -> Iterator[bytes]:
        """The bytes."""
        head, entries = head_of(self.listed), revocations_of(self.listed, self.since)
        if self.since is None:
            return document.whole(head, entries)
        known = (self.since.number, self.since.sha256, self.listed.sha256)
        return document.since(head, *known, entries)

    @cached_property
    def content(self) -> bytes:
        """All of them at once."""
        return b"".join(self.pieces)

    @property
    def signature(self) -> bytes:
        """64 bytes: kept for a whole list, made for what came since another."""
        return bytes.fromhex(self.listed.signature if self.since is None else sign(self.content))


def _list(number: int | None) -> RevocationList:
    if number is None:
        return present_list()
    found = RevocationList.objects.filter(number=number).first()
    if found is None:
        raise ListUnknown
    return found


class RevocationsView(APIView):
    """What was taken back."""

    authentication_classes = ()

    @extend_schema(
        operation_id="get_revocations",
        summary="The signed list of clips that were taken back after they had been released",
        description=(
            "The signature (Ed25519) is under exactly these bytes: base64 in the header "
            "`Choir-Signature`, or as a file at the same address with `.sig`."
        ),
        parameters=_WHICH,
        responses=OpenApiTypes.OBJECT,
        tags=_TAGS,
    )
    def get(self, request: Request) -> HttpResponseBase:
        """The newest one, all of it or what came since another."""
        asked = Asked(request)
        response: HttpResponseBase
        if request.headers.get("If-None-Match") == asked.etag:
            response = HttpResponseNotModified()
        elif asked.since is None:
            response = StreamingHttpResponse(asked.pieces, content_type="application/json")
            response["Content-Length"] = str(asked.listed.num_bytes)
        else:
            response = HttpResponse(asked.content, content_type="application/json")
        if response.status_code == 200:
            response["Choir-Signature"] = base64.b64encode(asked.signature).decode()
        return _to_be_asked_for_again(response, asked)


class SignatureView(APIView):
    """The signature under what was taken back."""

    authentication_classes = ()

    @extend_schema(
        operation_id="get_revocations_signature",
        summary="The detached signature of the same list: 64 bytes",
        parameters=_WHICH,
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        tags=_TAGS,
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Raw, as openssl takes it."""
        asked = Asked(request)
        response = HttpResponse(asked.signature, content_type="application/octet-stream")
        return _to_be_asked_for_again(response, asked)


def _to_be_asked_for_again(response: HttpResponseBase, asked: Asked) -> HttpResponseBase:
    response["ETag"] = asked.etag
    response["Cache-Control"] = "no-cache"
    return response


class KeyOut(serializers.ModelSerializer[RevocationKey]):
    fingerprint = serializers.SerializerMethodField()

    class Meta:
        model = RevocationKey
        fields = ("public_key", "fingerprint", "signature", "made_at")

    def get_fingerprint(self, key: RevocationKey) -> str:
        """SHA-256 of the key's 32 bytes."""
        return keys.fingerprint(key.public_key)


class KeyView(APIView):
    """The keys that sign the lists."""

    authentication_classes = ()

    @extend_schema(
        operation_id="get_revocation_keys",
        summary="All keys that ever signed lists, the present one last, each signed by the former",
        responses=KeyOut(many=True),
        tags=_TAGS,
    )
    def get(self, request: Request) -> Response:
        """Hex; `/revocations/key.pem` has the present one as openssl takes it."""
        present_list()
        return Response(KeyOut(RevocationKey.objects.order_by("pk"), many=True).data)


class KeyPemView(APIView):
    """The present key."""

    authentication_classes = ()

    @extend_schema(
        operation_id="get_revocation_key_pem",
        summary="The present key as PEM",
        responses={(200, "application/x-pem-file"): OpenApiTypes.STR},
        tags=_TAGS,
    )
    def get(self, request: Request) -> HttpResponse:
        """What a rotation announced last."""
        present_list()
        public = RevocationKey.objects.order_by("pk").values_list("public_key", flat=True).last()
        return HttpResponse(keys.public_pem(str(public)), "application/x-pem-file")


class AttestationIn(serializers.ModelSerializer[Attestation]):
    list_sha256 = serializers.RegexField(r"^[0-9a-f]{64}$", help_text="Of the whole list.")
    format = serializers.ChoiceField(choices=list(EXPORTERS))

    class Meta:
        model = Attestation
        fields = ("format", "revision", "list_number", "list_sha256", "num_removed")


class AttestationsView(ActorView):
    """Copies of a release that follow the lists."""

    authentication_classes: Any = [
        TokenThatAttests,
        *api_settings.DEFAULT_AUTHENTICATION_CLASSES,
    ]

    @extend_schema(
        operation_id="attest_pruning",
        summary="Say that your copy of a release holds nothing of a list any more",
        description="Counted in the receipts of those who took clips back. Again is harmless.",
        request=AttestationIn,
        responses={200: None, 201: None},
        tags=_TAGS,
    )
    def post(self, request: Request, release_id: uuid.UUID) -> Response:
        """For who may download it; a personal token may do this too."""
        release = release_by_id(self.actor, release_id)
        body = AttestationIn(data=request.data)
        body.is_valid(raise_exception=True)
        token = request.auth if isinstance(request.auth, AccessToken) else None
        _, is_new = attest(self.actor, token, release, body.validated_data)
        return Response(status=201 if is_new else 200)
