"""What speakers say of themselves."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from collector.api.base import ActorView
from collector.errors import Unprocessable
from collector.models import AgeBand, Clip, Device, Environment, Gender, SpeakerSnapshot
from collector.models.about import MAX_LANGUAGES
from collector.rules import language_tag, normalised_text
from collector.services import tell_about

_CHOICES = {"age_band": AgeBand, "gender": Gender, "environment": Environment, "device": Device}
_TAGS = ["speaking"]


class AboutIn(serializers.Serializer[Any]):
    """Each is optional, and blank where absent."""

    age_band = serializers.ChoiceField(AgeBand.choices, required=False, allow_blank=True)
    gender = serializers.ChoiceField(Gender.choices, required=False, allow_blank=True)
    accent = serializers.CharField(max_length=80, required=False, allow_blank=True)
    first_languages = serializers.ListField(
        child=serializers.CharField(max_length=35), required=False, max_length=MAX_LANGUAGES
    )
    environment = serializers.ChoiceField(Environment.choices, required=False, allow_blank=True)
    device = serializers.ChoiceField(Device.choices, required=False, allow_blank=True)

    def validate_accent(self, accent: str) -> str:
        """One line, composed, without doubled spaces."""
        return normalised_text(accent) if accent else ""

    def validate_first_languages(self, tags: list[str]) -> list[str]:
        """Each once, in the case that its RFC recommends."""
        try:
            return list(dict.fromkeys(map(language_tag, tags)))
        except Unprocessable as error:
            raise serializers.ValidationError(str(error)) from error


class ChoiceOut(serializers.Serializer[Any]):
    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # DRF fields have a label too


class ChoicesOut(serializers.Serializer[Any]):
    age_band = ChoiceOut(many=True)
    gender = ChoiceOut(many=True)
    environment = ChoiceOut(many=True)
    device = ChoiceOut(many=True)


class AboutOut(serializers.Serializer[Any]):
    age_band = serializers.CharField()
    gender = serializers.CharField()
    accent = serializers.CharField()
    first_languages = serializers.ListField(child=serializers.CharField())
    environment = serializers.CharField()
    device = serializers.CharField()
    clips = serializers.IntegerField(help_text="How many of the speaker's clips carry an answer.")
    choices = ChoicesOut()


class AboutView(ActorView):
    """What the speaker of this session says of themselves; deleting it is ``corpus.api.about``."""

    @extend_schema(
        operation_id="get_about",
        summary="What you said about your voice, and what may be said",
        responses=AboutOut,
        tags=_TAGS,
    )
    def get(self, request: Request) -> Response:
        """Blank where nothing was said; 403 ``speaker_unknown`` when there is no speaker."""
        return Response(self._said())

    @extend_schema(
        operation_id="put_about",
        summary="Say something about your voice",
        description="Whatever is absent is blank; nothing at all is an answer, too.",
        request=AboutIn,
        responses=AboutOut,
        tags=_TAGS,
    )
    def put(self, request: Request) -> Response:
        """Replace what was said; it holds for clips from now on, and for today's sitting."""
        speaker = self.actor.require_speaker()
        body = AboutIn(data=request.data)
        body.is_valid(raise_exception=True)
        tell_about(speaker, body.validated_data)
        return Response(self._said())

    def _said(self) -> dict[str, Any]:
        speaker = self.actor.require_speaker()
        speaker.refresh_from_db()
        snapshot = speaker.about or SpeakerSnapshot(speaker=speaker)
        said = {name: getattr(snapshot, name) for name in SpeakerSnapshot.ASKED}
        clips = Clip.objects.filter(about__speaker=speaker).count()
        choices = {
            name: [{"value": value, "label": label} for value, label in values.choices]
            for name, values in _CHOICES.items()
        }
        return dict(AboutOut({**said, "clips": clips, "choices": choices}).data)
