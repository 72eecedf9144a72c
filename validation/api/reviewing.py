"""The review desk: clips to judge, votes, and what else a reviewer does with them."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from collector.api.base import ActorView
from validation.api.cases import (
    CaseOut,
    QueueOut,
    described_case,
    described_policy,
    described_sitting,
)
from validation.models import CaseStatus, ClipReason, ReviewPolicy, Verdict
from validation.services import (
    Ballot,
    Cast,
    cast_vote,
    lease_cases,
    report_clip,
    skip_case,
    take_back_vote,
)
from validation.services.leasing import MAX_CASES
from validation.showing import cases_shown, sitting_of

_TAGS = ["reviewing"]
MAX_TAGS = 30
MAX_TRANSCRIPT = 2_000


class NextIn(serializers.Serializer[Any]):
    count = serializers.IntegerField(min_value=1, max_value=MAX_CASES, default=1)


class VoteIn(serializers.Serializer[Any]):
    verdict = serializers.ChoiceField(Verdict.choices)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=MAX_TAGS, default=list
    )
    transcript = serializers.CharField(max_length=MAX_TRANSCRIPT, allow_blank=True, default="")
    heard_s = serializers.FloatField(min_value=0, max_value=1e6, allow_null=True, default=None)
    played_to_end = serializers.BooleanField(default=False)


class FeedbackOut(serializers.Serializer[Any]):
    right = serializers.BooleanField()
    explanation = serializers.CharField()


class VoteOut(serializers.Serializer[Any]):
    status = serializers.ChoiceField(CaseStatus.choices)
    feedback = FeedbackOut(allow_null=True)
    can_undo_until = serializers.DateTimeField()


class ClipReportIn(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(ClipReason.choices)
    note = serializers.CharField(max_length=500, allow_blank=True, default="")


class NextCaseView(ActorView):
    """The review queue."""

    @extend_schema(
        operation_id="next_cases",
        summary="Take the next clips to judge",
        description="They are yours alone until the lease ends. Those that you hold come first. "
        "Never your own voice.",
        parameters=[OpenApiParameter("count", int, description=f"1 to {MAX_CASES}, 1 if absent")],
        request=None,
        responses=QueueOut,
        tags=_TAGS,
    )
    def post(self, request: Request, slug: str) -> Response:
        """Lease cases; an empty list when none waits."""
        asked = NextIn(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        campaign = self.campaign(slug)
        ids = lease_cases(self.actor, campaign, asked.validated_data["count"])
        user, policy = self.actor.require_account(), ReviewPolicy.of(campaign.pk)
        cases = cases_shown(ids, user)
        return Response(
            {
                "cases": [described_case(case, campaign, policy) for case in cases],
                "policy": described_policy(policy),
                "session": described_sitting(sitting_of(user, campaign)),
            }
        )


class VotesView(ActorView):
    """Votes on a case."""

    @extend_schema(
        operation_id="cast_vote",
        summary="Judge a clip that is leased to you",
        request=VoteIn,
        responses={200: VoteOut, 201: VoteOut},
        tags=_TAGS,
    )
    def post(self, request: Request, case_id: uuid.UUID) -> Response:
        """Vote; 201 when new, 200 when the same vote was cast before."""
        body = VoteIn(data=request.data)
        body.is_valid(raise_exception=True)
        fields = body.validated_data
        ballot = Ballot(**{**fields, "verdict": Verdict(fields["verdict"])})
        cast = cast_vote(self.actor, case_id, ballot)
        answer = {
            "status": cast.case.status,
            "feedback": _feedback(cast, ballot.verdict),
            "can_undo_until": cast.can_undo_until,
        }
        return Response(VoteOut(answer).data, status=201 if cast.is_new else 200)

    @extend_schema(
        operation_id="take_back_vote",
        summary="Take your last vote on a clip back: it is yours to judge again",
        responses=CaseOut,
        tags=_TAGS,
    )
    def delete(self, request: Request, case_id: uuid.UUID) -> Response:
        """Undo, within a minute."""
        case = take_back_vote(self.actor, case_id)
        (shown,) = cases_shown([case.pk], self.actor.require_account())
        policy = ReviewPolicy.of(case.campaign_id)
        return Response(described_case(shown, case.campaign, policy))


class SkipCaseView(ActorView):
    """Passing a clip by."""

    @extend_schema(
        operation_id="skip_case",
        summary="Give a clip back: you are not offered it for a day",
        request=None,
        responses={204: None},
        tags=_TAGS,
    )
    def post(self, request: Request, case_id: uuid.UUID) -> Response:
        """Skip; again is harmless."""
        skip_case(self.actor, case_id)
        return Response(status=204)


class ReportCaseView(ActorView):
    """Saying that a clip must not be heard by others."""

    @extend_schema(
        operation_id="report_clip",
        summary="Report a clip: nobody is given it until a curator has looked",
        request=ClipReportIn,
        responses={204: None},
        tags=_TAGS,
    )
    def post(self, request: Request, case_id: uuid.UUID) -> Response:
        """Report; again is harmless."""
        body = ClipReportIn(data=request.data)
        body.is_valid(raise_exception=True)
        fields = body.validated_data
        report_clip(self.actor, case_id, ClipReason(fields["reason"]), fields["note"])
        return Response(status=204)


def _feedback(cast: Cast, verdict: Verdict) -> dict[str, Any] | None:
    if cast.training is None:
        return None
    wanted = Verdict.ACCEPT if cast.training.is_right else Verdict.REJECT
    said = cast.training.explanation or (
        _("This recording is right: accept it.")
        if cast.training.is_right
        else _("This recording is wrong: reject it.")
    )
    return {"right": verdict == wanted, "explanation": said}
