"""Coming back as the speaker one was."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from collector.access import own_clips, remember_speaker
from collector.api.base import ActorView
from collector.models import Speaker
from collector.services import recover_speaker


class SpeakerOut(serializers.Serializer[Any]):
    clips = serializers.IntegerField()
    campaigns = serializers.IntegerField()


class RecoverIn(serializers.Serializer[Any]):
    recovery_phrase = serializers.CharField(max_length=300, trim_whitespace=True)


def _described(speaker: Speaker, clips: int) -> Response:
    answer = {"clips": clips, "campaigns": speaker.participations.count()}
    return Response(SpeakerOut(answer).data)


class MeView(ActorView):
    """The speaker of this session."""

    @extend_schema(
        operation_id="me", summary="Who you are", responses=SpeakerOut, tags=["speaking"]
    )
    def get(self, request: Request) -> Response:
        """How much this speaker has lent; 403 ``speaker_unknown`` when there is none."""
        return _described(self.actor.require_speaker(), own_clips(self.actor).count())


class RecoverView(ActorView):
    """Back by the recovery phrase, on any device."""

    throttle_scope: ClassVar[str] = "recoveries"

    @extend_schema(
        operation_id="recover",
        summary="Come back by your recovery phrase",
        request=RecoverIn,
        responses=SpeakerOut,
        tags=["speaking"],
    )
    def post(self, request: Request) -> Response:
        """Bind this session to the phrase's speaker; 422 when nobody has this phrase."""
        body = RecoverIn(data=request.data)
        body.is_valid(raise_exception=True)
        speaker = recover_speaker(body.validated_data["recovery_phrase"])
        remember_speaker(request._request, speaker)
        clips = sum(p.clips.count() for p in speaker.participations.all())
        return _described(speaker, clips)
