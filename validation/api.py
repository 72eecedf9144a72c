"""The validation's part of the API."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from collector.api.base import ActorView
from collector.api.prompts import PromptOut
from collector.models import Clip
from validation.models import PreScore, ReviewCase, Verdict
from validation.selectors import latest_pre_score
from validation.services import cast_vote, lease_next_case


class PreScoreOut(serializers.ModelSerializer[PreScore]):
    class Meta:
        model = PreScore
        fields = ("match", "heard", "model", "method")


class ClipToJudgeOut(serializers.ModelSerializer[Clip]):
    audio_url = serializers.SerializerMethodField()
    duration_s = serializers.FloatField()
    prompt = PromptOut(allow_null=True)

    class Meta:
        model = Clip
        fields = ("id", "audio_url", "duration_s", "prompt")

    def get_audio_url(self, clip: Clip) -> str:
        """Where the reviewer's player fetches the clip."""
        return reverse("api:clip-audio", args=[clip.pk])


class CaseOut(serializers.ModelSerializer[ReviewCase]):
    lease_until = serializers.DateTimeField(source="leased_until")
    votes = serializers.IntegerField(source="reviews.count")
    clip = ClipToJudgeOut()
    pre_score = serializers.SerializerMethodField()

    class Meta:
        model = ReviewCase
        fields = ("id", "lease_until", "votes", "clip", "pre_score")

    @extend_schema_field(PreScoreOut(allow_null=True))
    def get_pre_score(self, case: ReviewCase) -> dict[str, Any] | None:
        """The newest score."""
        score = latest_pre_score(case.clip)
        return None if score is None else dict(PreScoreOut(score).data)


class VoteIn(serializers.Serializer[Any]):
    verdict = serializers.ChoiceField(Verdict.choices)


class VoteOut(serializers.ModelSerializer[ReviewCase]):
    votes = serializers.IntegerField(source="reviews.count")

    class Meta:
        model = ReviewCase
        fields = ("status", "votes")


class NextCaseView(ActorView):
    """The review queue."""

    @extend_schema(
        operation_id="next_case",
        summary="Take the next clip to judge",
        description="It is yours alone until the lease ends. Never your own voice.",
        request=None,
        responses={200: CaseOut, 204: OpenApiResponse(description="Nothing waits for you.")},
        tags=["reviewing"],
    )
    def post(self, request: Request, slug: str) -> Response:
        """Lease a case; 204 when none waits."""
        case = lease_next_case(self.actor, self.campaign(slug))
        return Response(status=204) if case is None else Response(CaseOut(case).data)


class VotesView(ActorView):
    """Votes on a case."""

    @extend_schema(
        operation_id="cast_vote",
        summary="Judge a clip that is leased to you",
        request=VoteIn,
        responses={200: VoteOut, 201: VoteOut},
        tags=["reviewing"],
    )
    def post(self, request: Request, case_id: uuid.UUID) -> Response:
        """Vote; 201 when new, 200 when the same vote was cast before."""
        body = VoteIn(data=request.data)
        body.is_valid(raise_exception=True)
        verdict = Verdict(body.validated_data["verdict"])
        case, is_new = cast_vote(self.actor, case_id, verdict)
        return Response(VoteOut(case).data, status=201 if is_new else 200)
