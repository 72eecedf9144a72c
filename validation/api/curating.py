"""What curators do: policy, single cases, lists, and people set apart."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from collector.access import require_role, roles
from collector.api.base import ActorView
from collector.errors import NotFound
from collector.models import Role
from validation import services
from validation.agreement import campaign_agreement
from validation.api.cases import CaseListed, as_listed
from validation.ballots import as_csv, as_json_lines, votes_as_rows
from validation.models import CaseStatus, Redecision, ReportOutcome, ReviewPolicy
from validation.selectors import cases_for_curator, hard_cases, latest_redecision

_TAGS = ["curating"]
LIST_LENGTH = 100
_BALLOTS = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "jsonl": ("application/jsonl; charset=utf-8", as_json_lines),
}


class PolicyFields(serializers.ModelSerializer[ReviewPolicy]):
    class Meta:
        model = ReviewPolicy
        exclude = ("id", "campaign")
        read_only_fields = ("trusted_since", "distrust")


class RedecisionOut(serializers.ModelSerializer[Redecision]):
    class Meta:
        model = Redecision
        fields = ("asked_at", "num_cases", "num_done", "num_moved", "completed_at")


class DecisionIn(serializers.Serializer[Any]):
    status = serializers.ChoiceField([CaseStatus.ACCEPTED.value, CaseStatus.REJECTED.value])
    text = serializers.CharField(max_length=2_000, allow_blank=True, default="")
    note = serializers.CharField(max_length=500, allow_blank=True, default="")


class NoteIn(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=500, allow_blank=True, default="")


class GoldIn(serializers.Serializer[Any]):
    is_right = serializers.BooleanField()
    is_training = serializers.BooleanField(default=False)
    explanation = serializers.CharField(max_length=500, allow_blank=True, default="")


class SettleIn(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField([ReportOutcome.UPHELD.value, ReportOutcome.DISMISSED.value])


class StatusOut(serializers.Serializer[Any]):
    status = serializers.ChoiceField(CaseStatus.choices)


class MovedOut(serializers.Serializer[Any]):
    cases = serializers.IntegerField(help_text="How many cases that moved")


def _read(form: type[serializers.BaseSerializer[Any]], request: Request) -> dict[str, Any]:
    body = form(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


class PolicyView(ActorView):
    """A campaign's review policy."""

    @extend_schema(
        operation_id="review_policy",
        summary="How the campaign judges its clips",
        responses=PolicyFields,
        tags=_TAGS,
    )
    def get(self, request: Request, slug: str) -> Response:
        """The policy in force; for the campaign's curators."""
        campaign = self.campaign(slug)
        require_role(self.actor, campaign, Role.CURATOR)
        return Response(PolicyFields(ReviewPolicy.of(campaign.pk)).data)

    @extend_schema(
        operation_id="set_review_policy",
        summary="Change what is named",
        request=PolicyFields(partial=True),
        responses=PolicyFields,
        tags=_TAGS,
    )
    def patch(self, request: Request, slug: str) -> Response:
        """It holds from now on; earlier cases follow with ``ask_redecision``."""
        body = PolicyFields(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        policy = services.set_policy(self.actor, self.campaign(slug), **body.validated_data)
        return Response(PolicyFields(policy).data)


class RedecisionView(ActorView):
    """Earlier cases on their way to the rules of today."""

    @extend_schema(
        operation_id="redecision",
        summary="How far earlier cases have been decided anew, the last time this was asked for",
        responses=RedecisionOut,
        tags=_TAGS,
    )
    def get(self, request: Request, slug: str) -> Response:
        """For the campaign's curators; 404 where nobody has ever asked."""
        campaign = self.campaign(slug)
        require_role(self.actor, campaign, Role.CURATOR)
        found = latest_redecision(campaign)
        if found is None:
            raise NotFound
        return Response(RedecisionOut(found).data)

    @extend_schema(
        operation_id="ask_redecision",
        summary="Decide earlier cases anew, by the rules and the reviewers of today",
        description="Workers do it. One that is under way begins again.",
        request=None,
        responses={202: RedecisionOut},
        tags=_TAGS,
    )
    def post(self, request: Request, slug: str) -> Response:
        """Asked for again, it only does no harm."""
        asked = services.ask_redecision(self.actor, self.campaign(slug))
        return Response(RedecisionOut(asked).data, 202)


class CasesView(ActorView):
    """Lists of cases for a curator."""

    @extend_schema(
        operation_id="review_cases",
        summary="hard: people and machine disagree; waiting: reported, or people cannot agree",
        parameters=[OpenApiParameter("list", str, enum=["hard", "waiting"], required=True)],
        responses=CaseListed(many=True),
        tags=_TAGS,
    )
    def get(self, request: Request, slug: str) -> Response:
        """The first hundred."""
        campaign = self.campaign(slug)
        require_role(self.actor, campaign, Role.CURATOR)
        if request.query_params.get("list") == "hard":
            cases = hard_cases(campaign)
        else:
            cases = cases_for_curator(campaign)
        return Response(CaseListed(as_listed(cases)[:LIST_LENGTH], many=True).data)


class AgreementView(ActorView):
    """How far the reviewers of a campaign agree."""

    @extend_schema(
        operation_id="agreement",
        summary="How far the reviewers of a campaign agree",
        responses=OpenApiTypes.OBJECT,
        tags=_TAGS,
    )
    def get(self, request: Request, slug: str) -> Response:
        """For all who review; of other people only the curator sees who is who."""
        campaign = self.campaign(slug)
        user = require_role(self.actor, campaign, Role.REVIEWER, Role.CURATOR)
        sees_all = Role.CURATOR in roles(self.actor, campaign)
        return Response(campaign_agreement(campaign, None if sees_all else user.pk))


class BallotsView(ActorView):
    """Every vote of a campaign, to calculate with."""

    @extend_schema(
        operation_id="all_votes",
        summary="Every vote with its clip, as csv or jsonl",
        description="For the campaign's curators. A copy does not learn of what is taken back "
        "later: delete it when you are done.",
        parameters=[OpenApiParameter("form", str, "path", enum=list(_BALLOTS))],
        responses={(200, form[0]): OpenApiTypes.STR for form in _BALLOTS.values()},
        tags=_TAGS,
    )
    def get(self, request: Request, slug: str, form: str) -> HttpResponseBase:
        """Streamed, the oldest first."""
        campaign = self.campaign(slug)
        require_role(self.actor, campaign, Role.CURATOR)
        if form not in _BALLOTS:
            raise NotFound
        content_type, written = _BALLOTS[form]
        response = StreamingHttpResponse(
            written(votes_as_rows(campaign)), content_type=content_type
        )
        response["Content-Disposition"] = f'attachment; filename="{slug}-votes.{form}"'
        response["Cache-Control"] = "private, no-store"
        return response


class DecisionView(ActorView):
    """A curator's own verdict."""

    @extend_schema(
        operation_id="decide_case",
        summary="Decide a clip on which people could not agree",
        request=DecisionIn,
        responses=StatusOut,
        tags=_TAGS,
    )
    def post(self, request: Request, case_id: uuid.UUID) -> Response:
        """Accept or reject, whatever the votes say."""
        fields = _read(DecisionIn, request)
        status = CaseStatus(fields.pop("status"))
        case = services.decide_as_curator(self.actor, case_id, status, **fields)
        return Response({"status": case.status})


class ReopenView(ActorView):
    """Sending a clip back to the reviewers."""

    @extend_schema(
        operation_id="send_back",
        summary="Send a decided clip back to the reviewers",
        request=NoteIn,
        responses=StatusOut,
        tags=_TAGS,
    )
    def post(self, request: Request, case_id: uuid.UUID) -> Response:
        """Votes so far count no more."""
        case = services.send_back(self.actor, case_id, _read(NoteIn, request)["note"])
        return Response({"status": case.status})


class GoldView(ActorView):
    """Gold clips."""

    @extend_schema(
        operation_id="pin_gold",
        summary="Make a clip a gold one, with its known verdict",
        request=GoldIn,
        responses={204: None},
        tags=_TAGS,
    )
    def put(self, request: Request, case_id: uuid.UUID) -> Response:
        """Make the clip one whose verdict is known."""
        services.pin_gold(self.actor, case_id, **_read(GoldIn, request))
        return Response(status=204)

    @extend_schema(
        operation_id="unpin_gold",
        summary="Make a gold clip an ordinary one again",
        responses={204: None},
        tags=_TAGS,
    )
    def delete(self, request: Request, case_id: uuid.UUID) -> Response:
        """It is no gold clip any more."""
        services.unpin_gold(self.actor, case_id)
        return Response(status=204)


class SettleView(ActorView):
    """Reports of a clip."""

    @extend_schema(
        operation_id="settle_clip_reports",
        summary="Settle the reports of a clip",
        request=SettleIn,
        responses={204: None},
        tags=_TAGS,
    )
    def post(self, request: Request, case_id: uuid.UUID) -> Response:
        """Reject the clip, or put it back into circulation."""
        outcome = ReportOutcome(_read(SettleIn, request)["outcome"])
        services.settle_clip_reports(self.actor, case_id, outcome)
        return Response(status=204)


class ReviewerQuarantineView(ActorView):
    """Setting a reviewer apart."""

    @extend_schema(
        operation_id="quarantine_reviewer",
        summary="Set a reviewer apart, and open again what they decided",
        request=None,
        responses=MovedOut,
        tags=_TAGS,
    )
    def post(self, request: Request, slug: str, reviewer_id: int) -> Response:
        """Their votes count no more; what they decided is open again."""
        moved = services.quarantine_reviewer(self.actor, self.campaign(slug), reviewer_id)
        return Response({"cases": moved})

    @extend_schema(
        operation_id="release_reviewer",
        summary="Let a reviewer who was set apart back in",
        responses=MovedOut,
        tags=_TAGS,
    )
    def delete(self, request: Request, slug: str, reviewer_id: int) -> Response:
        """Their votes count again."""
        moved = services.release_reviewer(self.actor, self.campaign(slug), reviewer_id)
        return Response({"cases": moved})


class SpeakerQuarantineView(ActorView):
    """Setting a speaker apart."""

    @extend_schema(
        operation_id="quarantine_speaker",
        summary="Set a speaker's clips apart",
        request=NoteIn,
        responses=MovedOut,
        tags=_TAGS,
    )
    def post(self, request: Request, slug: str, pseudonym: str) -> Response:
        """Their clips are out of circulation."""
        note = _read(NoteIn, request)["note"]
        moved = services.quarantine_speaker(self.actor, self.campaign(slug), pseudonym, note)
        return Response({"cases": moved})

    @extend_schema(
        operation_id="release_speaker",
        summary="Let a speaker's clips back in",
        responses=MovedOut,
        tags=_TAGS,
    )
    def delete(self, request: Request, slug: str, pseudonym: str) -> Response:
        """Their clips are in circulation again."""
        moved = services.release_speaker(self.actor, self.campaign(slug), pseudonym)
        return Response({"cases": moved})
