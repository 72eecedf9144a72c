"""Campaigns as the recorder sees them: the text to agree to, and how to record."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from collector.access import remember_speaker
from collector.api.base import ActorView
from collector.errors import CampaignClosed
from collector.models import Campaign, CampaignStatus, Purpose
from collector.selectors import room_tone_prompt
from collector.services import close_campaign, give_consent, join_as_speaker, reopen_campaign


class RecordingOut(serializers.ModelSerializer[Campaign]):
    """How the campaign wants to be recorded: what its recorder goes by."""

    room_tone_prompt = serializers.SerializerMethodField()

    class Meta:
        model = Campaign
        fields = (
            "room_tone_s",
            "room_tone_prompt",
            "silence_keyword_s",
            "silence_sentence_s",
            "longest_take_s",
            "prompts_per_set",
            "show_heard",
        )
        read_only_fields = fields  # so that the schema says that all are always there

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_room_tone_prompt(self, campaign: Campaign) -> str | None:
        """The noise prompt that the room tone is sent as; none where it is not kept."""
        prompt = room_tone_prompt(campaign)
        return None if prompt is None else str(prompt.pk)


class ConsentIn(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=1)
    sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")
    adult = serializers.BooleanField(default=False, help_text="I am of age, and I agree.")
    guardian = serializers.BooleanField(
        default=False, help_text="I am the speaker's guardian, and I agree for them."
    )
    purposes = serializers.ListField(
        child=serializers.ChoiceField(Purpose.choices),
        default=list,
        help_text="What is opted into besides the base, research-release.",
    )
    wordings_sha256 = serializers.RegexField(
        r"^[0-9a-f]{64}$",
        required=False,
        help_text="Of the wordings as they were shown: 409 if these are others by now.",
    )


class ConsentOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    given_at = serializers.DateTimeField()
    speaker_id = serializers.UUIDField(help_text="To be sent with each take.")
    recovery_phrase = serializers.CharField(
        allow_null=True, help_text="Twelve words, told once, when a speaker without account begins."
    )


class CampaignStateOut(serializers.Serializer[Any]):
    slug = serializers.CharField()
    status = serializers.ChoiceField(CampaignStatus.choices)


class CloseView(ActorView):
    """The end of a campaign's recording."""

    @extend_schema(
        operation_id="close_campaign",
        summary="Take no more recordings",
        description="What was lent stays its speakers' to follow, to change and to take back.",
        request=None,
        responses=CampaignStateOut,
        tags=["curating"],
    )
    def post(self, request: Request, slug: str) -> Response:
        """Close; again is harmless. 403 for whoever is no curator of it."""
        close_campaign(self.actor, self.campaign(slug))
        return Response(CampaignStateOut(self.campaign(slug)).data)


class ReopenView(ActorView):
    """A campaign that goes on."""

    @extend_schema(
        operation_id="reopen_campaign",
        summary="Take recordings again",
        request=None,
        responses=CampaignStateOut,
        tags=["curating"],
    )
    def post(self, request: Request, slug: str) -> Response:
        """Open again; harmless where it is open. 403 for whoever is no curator of it."""
        reopen_campaign(self.actor, self.campaign(slug))
        return Response(CampaignStateOut(self.campaign(slug)).data)


class ConsentView(ActorView):
    """Agreeing to a campaign's text."""

    throttle_scope: ClassVar[str] = "consents"

    @extend_schema(
        operation_id="give_consent",
        summary="Agree to the campaign's current text",
        description="Makes an anonymous speaker when the session has none, and tells its phrase.",
        request=ConsentIn,
        responses={200: ConsentOut, 201: ConsentOut},
        tags=["speaking"],
    )
    def post(self, request: Request, slug: str) -> Response:
        """Agree; 201 when this is new, 200 when it was agreed to before."""
        campaign = self.campaign(slug)
        if campaign.status != CampaignStatus.OPEN:
            raise CampaignClosed
        body = ConsentIn(data=request.data)
        body.is_valid(raise_exception=True)
        speaker, phrase = self.actor.speaker, None
        if speaker is None:
            speaker, phrase = join_as_speaker(self.actor.user)
        if speaker.user_id is not None:
            # The account leads back to them. A phrase kept on this device would, too: after
            # signing out, the next person at it would be this speaker.
            phrase = None
        consent, is_new = give_consent(speaker, campaign, **body.validated_data)
        remember_speaker(request._request, speaker)
        answer = {
            "id": consent.id,
            "given_at": consent.at,
            "speaker_id": speaker.pk,
            "recovery_phrase": phrase,
        }
        return Response(ConsentOut(answer).data, status=201 if is_new else 200)
