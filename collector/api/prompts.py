"""What to say next, and what a speaker would rather not say."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from collector.access import part_in_prompt
from collector.api.base import ActorView
from collector.choice import next_prompts
from collector.models import PromptKind, ReportReason
from collector.selectors import participation_of, prompt_to_say
from collector.services import report_prompt, skip_prompt, undo_skip

MAX_PROMPTS = 50
# As many as fit into an address that every web server takes (4 kB).
MAX_IN_HAND = 60
_TAGS = ["speaking"]


class PromptOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(PromptKind.choices)
    text = serializers.CharField()
    seconds = serializers.FloatField(allow_null=True)


class PromptsIn(serializers.Serializer[Any]):
    limit = serializers.IntegerField(min_value=1, max_value=MAX_PROMPTS, required=False)
    first = serializers.UUIDField(required=False)
    without = serializers.CharField(required=False, allow_blank=True)

    def validate_without(self, ids: str) -> list[str]:
        """The ids, apart."""
        found = serializers.ListField(child=serializers.UUIDField(), max_length=MAX_IN_HAND)
        return [str(pk) for pk in found.run_validation(ids.split(",") if ids else [])]


class ReportIn(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(ReportReason.choices)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class PromptsView(ActorView):
    """What to record next."""

    @extend_schema(
        operation_id="next_prompts",
        summary="Your next set of prompts: what is needed most and you have said least",
        parameters=[
            OpenApiParameter(
                "limit", int, description=f"1 to {MAX_PROMPTS}; the campaign's own if absent"
            ),
            OpenApiParameter("first", OpenApiTypes.UUID, description="This prompt at the head"),
            OpenApiParameter(
                "without",
                str,
                description=f"Ids of prompts that you have in hand, by commas; at most "
                f"{MAX_IN_HAND}. For a set that is fetched ahead.",
            ),
        ],
        responses=PromptOut(many=True),
        tags=_TAGS,
    )
    def get(self, request: Request, slug: str) -> Response:
        """The next prompts; none when there is nothing left to say."""
        asked = PromptsIn(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        campaign, query = self.campaign(slug), asked.validated_data
        first = prompt_to_say(campaign, query["first"]) if "first" in query else None
        prompts = next_prompts(
            campaign,
            participation_of(self.actor.speaker, campaign),
            query.get("limit", campaign.prompts_per_set),
            first,
            query.get("without", ()),
        )
        return Response(PromptOut(prompts, many=True).data)


class SkipView(ActorView):
    """Passing a prompt by."""

    @extend_schema(
        operation_id="skip_prompt",
        summary="Skip a prompt: it comes last for you",
        request=None,
        responses={204: None},
        tags=_TAGS,
    )
    def post(self, request: Request, prompt_id: uuid.UUID) -> Response:
        """Skip; again is harmless."""
        skip_prompt(*part_in_prompt(self.actor, prompt_id))
        return Response(status=204)

    @extend_schema(
        operation_id="undo_skip",
        summary="Have a skipped prompt back in its turn",
        responses={204: None},
        tags=_TAGS,
    )
    def delete(self, request: Request, prompt_id: uuid.UUID) -> Response:
        """Undo; harmless where it was not skipped."""
        undo_skip(*part_in_prompt(self.actor, prompt_id))
        return Response(status=204)


class ReportView(ActorView):
    """Saying that a prompt is wrong. Limited, as each report takes a prompt out of circulation."""

    throttle_scope: ClassVar[str] = "reports"

    @extend_schema(
        operation_id="report_prompt",
        summary="Report a prompt: nobody is offered it until a curator has looked",
        request=ReportIn,
        responses={204: None},
        tags=_TAGS,
    )
    def post(self, request: Request, prompt_id: uuid.UUID) -> Response:
        """Report; again is harmless."""
        body = ReportIn(data=request.data)
        body.is_valid(raise_exception=True)
        participation, prompt = part_in_prompt(self.actor, prompt_id)
        report_prompt(participation, prompt, **body.validated_data)
        return Response(status=204)
