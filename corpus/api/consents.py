"""Agreeing to less: the part of a consent's API that reaches releases."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from collector.access import own_participation
from collector.agreements import agreement_of
from collector.api.base import ActorView
from collector.api.consents import AgreementOut
from collector.models import Purpose
from corpus.services import take_back_purposes


class OptOutIn(serializers.Serializer[Any]):
    purposes = serializers.ListField(
        child=serializers.ChoiceField(Purpose.choices),
        allow_empty=False,
        help_text="With research-release all goes, and every recording of the campaign with it.",
    )


class OptOutView(ActorView):
    """Agreeing to less, or to nothing any more."""

    throttle_scope: ClassVar[str] = "consents"

    @extend_schema(
        operation_id="opt_out",
        summary="Take purposes back, for every recording, from this moment on",
        request=OptOutIn,
        responses=AgreementOut,
        tags=["speaking"],
    )
    def post(self, request: Request, participation_id: int) -> Response:
        """Take them back; 404 when it is not yours. Again is harmless."""
        body = OptOutIn(data=request.data)
        body.is_valid(raise_exception=True)
        take_back_purposes(self.actor, participation_id, body.validated_data["purposes"])
        participation = own_participation(self.actor, participation_id)
        return Response(AgreementOut(agreement_of(participation)).data)
