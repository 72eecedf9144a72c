"""What one agreed to: read, changed, and as receipts."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from collector.access import own_consent, own_participation
from collector.agreements import Agreement, Question, agreement_of, agreements
from collector.api.base import ActorView
from collector.models import ConsentBy, ConsentEvent, ConsentKind, Purpose
from collector.models.consent import BASE_PURPOSE
from collector.receipts import receipt_of
from collector.services import opt_in

_TAGS = ["speaking"]


class PurposeOut(serializers.Serializer[Any]):
    purpose = serializers.ChoiceField(Purpose.choices)
    wording = serializers.CharField(help_text="The sentence that asks, in your language.")
    is_base = serializers.BooleanField(help_text="Agreed to with the text; all else opts in.")


class ChangeOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(["same", "added", "removed"])
    text = serializers.CharField(trim_whitespace=False)


class ConsentQuestionOut(serializers.Serializer[Any]):
    """What a campaign asks its speakers today."""

    version = serializers.IntegerField()
    language = serializers.CharField()
    body = serializers.CharField()
    sha256 = serializers.CharField()
    purposes = PurposeOut(many=True)
    wordings_sha256 = serializers.CharField(help_text="Of what was shown; sent back, it is kept.")
    changes = ChangeOut(
        many=True, help_text="What is new to somebody who agreed to an earlier text; else empty."
    )


def question_out(question: Question) -> dict[str, Any]:
    """A question as the API tells it."""
    text = question.text
    answer = {
        "version": text.version,
        "language": text.language,
        "body": text.body,
        "sha256": text.sha256,
        "purposes": [
            {"purpose": purpose, "wording": wording, "is_base": purpose == BASE_PURPOSE}
            for purpose, wording in question.wordings.items()
        ],
        "wordings_sha256": question.wordings_sha256,
        "changes": question.changes,
    }
    return dict(ConsentQuestionOut(answer).data)


class ConsentEventOut(serializers.ModelSerializer[ConsentEvent]):
    kind = serializers.ChoiceField(ConsentKind.choices)
    by = serializers.ChoiceField(ConsentBy.choices)
    version = serializers.IntegerField(source="text.version")
    sha256 = serializers.CharField(source="text.sha256")

    class Meta:
        model = ConsentEvent
        fields = (
            "id",
            "kind",
            "by",
            "at",
            "version",
            "sha256",
            "purposes",
            "language",
            "wordings",
        )


class SwitchOut(serializers.Serializer[Any]):
    purpose = serializers.ChoiceField(Purpose.choices)
    wording = serializers.CharField()
    is_on = serializers.BooleanField(help_text="Whether recordings from now on have it.")
    num_clips = serializers.IntegerField(help_text="How many of those before have it.")


class AgreementOut(serializers.Serializer[Any]):
    """What a speaker agreed to in a campaign, and all that led to it."""

    id = serializers.IntegerField(source="participation.pk")
    campaign = serializers.CharField(source="participation.campaign.slug")
    pseudonym = serializers.CharField(source="participation.pseudonym")
    version = serializers.IntegerField(source="text.version")
    body = serializers.CharField(source="text.body")
    stands = serializers.SerializerMethodField()
    is_outdated = serializers.BooleanField()
    has_lapsed = serializers.BooleanField()
    num_clips = serializers.IntegerField()
    switches = SwitchOut(many=True)
    events = ConsentEventOut(many=True)

    def get_stands(self, agreement: Agreement) -> bool:
        """Whether anything is agreed to any more."""
        return agreement.consent is not None


class OptInIn(serializers.Serializer[Any]):
    purposes = serializers.ListField(
        child=serializers.ChoiceField(Purpose.choices), allow_empty=False
    )
    include_earlier = serializers.BooleanField(
        default=False, help_text="Also for the recordings before; else for those from now on."
    )
    wordings_sha256 = serializers.RegexField(r"^[0-9a-f]{64}$", required=False)


class ConsentsView(ActorView):
    """All that one agreed to."""

    @extend_schema(
        operation_id="list_consents",
        summary="What you agreed to, campaign by campaign",
        responses=AgreementOut(many=True),
        tags=_TAGS,
    )
    def get(self, request: Request) -> Response:
        """Empty for somebody who has agreed to nothing."""
        return Response(AgreementOut(agreements(self.actor), many=True).data)


class OptInView(ActorView):
    """Agreeing to more."""

    throttle_scope: ClassVar[str] = "consents"

    @extend_schema(
        operation_id="opt_in",
        summary="Agree to further purposes",
        request=OptInIn,
        responses=AgreementOut,
        tags=_TAGS,
    )
    def post(self, request: Request, participation_id: int) -> Response:
        """Add purposes; 404 when it is not yours, 403 when the text has to be agreed to first."""
        participation = own_participation(self.actor, participation_id)
        body = OptInIn(data=request.data)
        body.is_valid(raise_exception=True)
        opt_in(participation, **body.validated_data)
        return Response(AgreementOut(agreement_of(participation)).data)


class ReceiptView(ActorView):
    """A consent as a receipt."""

    @extend_schema(
        operation_id="get_consent_receipt",
        summary="The receipt of a consent (ISO/IEC TS 27560, JSON-LD)",
        responses={(200, "application/json"): dict},
        tags=_TAGS,
    )
    def get(self, request: Request, consent_id: uuid.UUID) -> Response:
        """The receipt; 404 when it is not yours."""
        return Response(receipt_of(own_consent(self.actor, consent_id)))
