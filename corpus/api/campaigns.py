"""A campaign with its progress."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from collector.agreements import question_of
from collector.api.base import ActorView
from collector.api.campaigns import RecordingOut
from collector.api.consents import ConsentQuestionOut, question_out
from collector.api.speakers import SpeakerStateOut, speaker_state
from collector.selectors import has_consented
from corpus.selectors import progress


class ProgressOut(serializers.Serializer[Any]):
    clips = serializers.IntegerField()
    accepted = serializers.IntegerField()
    speakers = serializers.IntegerField()
    goal = serializers.IntegerField()


class CampaignOut(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    language = serializers.CharField()
    consent = ConsentQuestionOut()
    consented = serializers.BooleanField()
    recording = RecordingOut()
    speaker = SpeakerStateOut(allow_null=True)
    progress = ProgressOut()


class CampaignView(ActorView):
    """One campaign."""

    @extend_schema(
        operation_id="get_campaign",
        summary="A campaign: its consent text and its progress",
        responses=CampaignOut,
        tags=["speaking"],
    )
    def get(self, request: Request, slug: str) -> Response:
        """What a recorder needs to know before the first take."""
        campaign = self.campaign(slug)
        answer = {
            "slug": campaign.slug,
            "name": campaign.name,
            "description": campaign.description,
            "language": campaign.language,
            "consent": question_out(question_of(self.actor.speaker, campaign)),
            "consented": has_consented(self.actor.speaker, campaign),
            "recording": RecordingOut(campaign).data,
            "speaker": speaker_state(self.actor),
            "progress": progress(campaign),
        }
        return Response(answer)
