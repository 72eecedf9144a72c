"""Taking clips back, at every size, and the receipt of it; pausing them, and resuming."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from collector.access import Actor
from collector.api.base import ActorView
from corpus.models import ReasonCode, WithdrawalBy, WithdrawalScope
from corpus.scopes import Scope, clips_in, own_campaign
from corpus.services import pause, resume, withdraw_all
from corpus.tombstones import foreseen, num_files_erased, receipt_of, request_by_id, tombstones

_TAGS = ["speaking"]
MAX_CLIPS = 10_000


class ScopeIn(serializers.Serializer[Any]):
    """Which of your clips: these, those of a campaign, those of one speaker, or everything."""

    clips = serializers.ListField(
        child=serializers.UUIDField(), required=False, min_length=1, max_length=MAX_CLIPS
    )
    campaign = serializers.SlugField(required=False, help_text="Slug")
    speaker = serializers.UUIDField(required=False, help_text="One of your account's speakers")
    everything = serializers.BooleanField(default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Whoever means everything says so: an empty request must never mean that."""
        if not attrs["everything"] and not {"clips", "campaign", "speaker"} & set(attrs):
            raise serializers.ValidationError("Say which clips, or that you mean everything.")
        return attrs

    def scope(self, actor: Actor) -> Scope:
        """What was asked for; NotFound for a campaign that the actor has no part in."""
        said = self.validated_data
        return Scope(
            clip_ids=tuple(said["clips"]) if "clips" in said else None,
            campaign=own_campaign(actor, said["campaign"]) if "campaign" in said else None,
            speaker_id=said.get("speaker"),
        )


class WithdrawalIn(ScopeIn):
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class HeldOut(serializers.Serializer[Any]):
    release = serializers.UUIDField()
    name = serializers.CharField()
    num_clips = serializers.IntegerField()


class ForeseenOut(serializers.Serializer[Any]):
    num_clips = serializers.IntegerField()
    num_held = serializers.IntegerField(help_text="On how many of them a legal hold stands.")
    releases = HeldOut(many=True)


class FetchedOut(serializers.Serializer[Any]):
    num_people = serializers.IntegerField(help_text="Accounts that may have a copy, each once.")
    num_anonymous = serializers.IntegerField(help_text="Fetches without an account.")
    num_pruned = serializers.IntegerField(help_text="Accounts that said their copy is pruned.")


class TombstoneOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    original_sha256 = serializers.CharField()
    master_sha256 = serializers.CharField(help_text="Blank if it was never measured.")
    received_at = serializers.DateField()
    withdrawn_at = serializers.DateField()
    erased_at = serializers.DateField(allow_null=True)


class ReceiptOut(serializers.Serializer[Any]):
    """It names nobody."""

    id = serializers.UUIDField()
    url = serializers.CharField(help_text="The receipt as a page.")
    scope = serializers.ChoiceField(WithdrawalScope.choices)
    by = serializers.ChoiceField(WithdrawalBy.choices)
    campaign = serializers.CharField(allow_null=True)
    reason_code = serializers.ChoiceField(ReasonCode.choices)
    requested_at = serializers.DateField(help_text="The day, in UTC: no more is kept.")
    completed_at = serializers.DateField(allow_null=True)
    num_clips = serializers.IntegerField()
    num_erased = serializers.IntegerField(help_text="Of how many clips the audio is gone by now.")
    num_held = serializers.IntegerField(
        help_text="Of how many a legal hold keeps the audio until it is lifted."
    )
    held_since = serializers.DateTimeField(allow_null=True, help_text="The first of these holds.")
    releases = HeldOut(many=True, help_text="Those that held the clips until they were taken back.")
    fetched = FetchedOut()


class WholeReceiptOut(ReceiptOut):
    num_files = serializers.IntegerField(help_text="Files erased from the storage.")
    clips = TombstoneOut(many=True)


class CirculationOut(serializers.Serializer[Any]):
    num_clips = serializers.IntegerField(help_text="Of how many clips that changed something.")


class WithdrawalView(ActorView):
    """One act of taking back, under an id that the device made."""

    @extend_schema(
        operation_id="get_withdrawal",
        summary="The receipt of a withdrawal",
        description=(
            "Needs no sign-in: the id is the key. `completed_at` is empty while audio is still "
            "being erased."
        ),
        responses=WholeReceiptOut,
        tags=_TAGS,
    )
    def get(self, request: Request, request_id: uuid.UUID) -> Response:
        """The receipt with what is left of each clip."""
        found = request_by_id(request_id)
        told = {
            **receipt_of(found),
            "num_files": num_files_erased(found),
            "clips": tombstones(found),
        }
        return Response(WholeReceiptOut(told).data, headers={"Cache-Control": "no-store"})

    @extend_schema(
        operation_id="withdraw_clips",
        summary="Take clips back: some, a campaign's, one speaker's, or everything",
        description=(
            "From this moment on nobody hears them and no download holds them; their audio is "
            "erased at once. The id is made by you, and secret: it opens the receipt. The same "
            "again is answered with the receipt."
        ),
        request=WithdrawalIn,
        responses={200: ReceiptOut, 202: ReceiptOut},
        tags=_TAGS,
    )
    def put(self, request: Request, request_id: uuid.UUID) -> Response:
        """Withdraw; 202 while the erasure follows, 200 when all of it is done."""
        body = WithdrawalIn(data=request.data)
        body.is_valid(raise_exception=True)
        scope = body.scope(self.actor)
        made = withdraw_all(self.actor, scope, body.validated_data["reason"], request_id)
        status = 200 if made.completed_at else 202
        return Response(ReceiptOut(receipt_of(made)).data, status=status)


class ForeseeView(ActorView):
    """What a withdrawal would do."""

    @extend_schema(
        operation_id="foresee_withdrawal",
        summary="What taking clips back would do: how many they are, which releases hold them",
        description="Nothing is changed.",
        request=ScopeIn,
        responses=ForeseenOut,
        tags=_TAGS,
    )
    def post(self, request: Request) -> Response:
        """Count them."""
        self.actor.require_someone()
        body = ScopeIn(data=request.data)
        body.is_valid(raise_exception=True)
        clips = clips_in(self.actor, body.scope(self.actor))
        return Response(ForeseenOut(foreseen(clips)).data)


class PauseView(ActorView):
    """Out of circulation, but not erased."""

    @extend_schema(
        operation_id="pause_clips",
        summary="Take clips out of review and downloads for a while, without erasing them",
        request=ScopeIn,
        responses=CirculationOut,
        tags=_TAGS,
    )
    def post(self, request: Request) -> Response:
        """Pause; again is harmless."""
        body = ScopeIn(data=request.data)
        body.is_valid(raise_exception=True)
        return Response({"num_clips": pause(self.actor, body.scope(self.actor))})


class ResumeView(ActorView):
    """Back in circulation."""

    @extend_schema(
        operation_id="resume_clips",
        summary="Let paused clips circulate again",
        request=ScopeIn,
        responses=CirculationOut,
        tags=_TAGS,
    )
    def post(self, request: Request) -> Response:
        """Resume; again is harmless."""
        body = ScopeIn(data=request.data)
        body.is_valid(raise_exception=True)
        return Response({"num_clips": resume(self.actor, body.scope(self.actor))})
