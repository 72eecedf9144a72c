"""Clips: sent in, followed, heard, and taken back by their speaker."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from collector.access import own_clips
from collector.api.base import ActorView
from collector.api.prompts import PromptOut
from collector.api.uploads import RawParser, read_body, read_capture
from collector.errors import NotFound
from collector.findings import FindingCode
from collector.models import Clip
from collector.models.clip import GONE
from collector.rules import announced_sha256
from collector.selectors import prompt_of_take
from collector.services import receive_clip
from collector.storage import audio_store, master_key, original_key
from collector.waiting import LONGEST_WAIT_S, preferred_wait_s, wait_until_measured
from corpus.http import ranged_response
from corpus.services import withdraw
from corpus.stories import State, own_stories, state_of
from validation.access import clip_under_review
from validation.api.cases import PreScoreOut

_TAGS = ["speaking"]
_SHOWN = ("duration_s", "peak_dbfs", "loudness_lufs", "snr_db")


class MeasurementsOut(serializers.Serializer[Any]):
    duration_s = serializers.FloatField()
    peak_dbfs = serializers.FloatField(allow_null=True)
    loudness_lufs = serializers.FloatField(allow_null=True)
    snr_db = serializers.FloatField(allow_null=True)


class FindingOut(serializers.Serializer[Any]):
    code = serializers.ChoiceField(FindingCode.choices)
    label = serializers.CharField()  # type: ignore[assignment] # DRF fields have a label too
    advice = serializers.CharField()


class ClipOut(serializers.ModelSerializer[Clip]):
    """A clip with what became of it; give it clips from ``corpus.stories``."""

    campaign = serializers.CharField(source="participation.campaign.slug")
    prompt = PromptOut(allow_null=True)
    state = serializers.SerializerMethodField()
    state_label = serializers.SerializerMethodField()
    held_since = serializers.SerializerMethodField()
    problem = serializers.SerializerMethodField()
    pre_score = serializers.SerializerMethodField()
    measurements = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()
    uploaded_at = serializers.DateTimeField(source="received_at")
    releases = serializers.SerializerMethodField()
    withdrawable = serializers.SerializerMethodField()

    class Meta:
        model = Clip
        fields = (
            "id",
            "campaign",
            "prompt",
            "state",
            "state_label",
            "held_since",
            "problem",
            "pre_score",
            "measurements",
            "findings",
            "uploaded_at",
            "releases",
            "withdrawable",
        )

    def _state(self, clip: Any) -> State:
        case = getattr(clip, "review_case", None)
        told = case and case.told_status
        return state_of(
            clip.status,
            told,
            bool(clip.live_entries),
            is_paused=clip.paused_at is not None,
            is_held=bool(clip.standing_holds),
        )

    @extend_schema_field(serializers.ChoiceField(State.choices))
    def get_state(self, clip: Clip) -> str:
        """One word for programs."""
        return self._state(clip).value

    def get_state_label(self, clip: Clip) -> str:
        """One sentence for people."""
        return str(self._state(clip).label)

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_held_since(self, clip: Any) -> datetime | None:
        """Since when a legal hold is on it; while it is, nobody is given it and it is kept."""
        return clip.standing_holds[0].placed_at if clip.standing_holds else None

    def get_problem(self, clip: Clip) -> str | None:
        """Why the clip could not be used, and what to do about it."""
        return clip.get_problem_display() if clip.problem else None

    @extend_schema_field(PreScoreOut(allow_null=True))
    def get_pre_score(self, clip: Any) -> dict[str, Any] | None:
        """What the newest model made of it; what it heard only where the campaign shows that."""
        if not clip.newest_scores:
            return None
        score = dict(PreScoreOut(clip.newest_scores[0]).data)
        return score if clip.participation.campaign.show_heard else {**score, "heard": ""}

    @extend_schema_field(MeasurementsOut(allow_null=True))
    def get_measurements(self, clip: Clip) -> dict[str, Any] | None:
        """What was measured of the original."""
        if not clip.measurements:
            return None
        return {name: clip.measurements.get(name) for name in _SHOWN}

    @extend_schema_field(FindingOut(many=True))
    def get_findings(self, clip: Clip) -> list[dict[str, Any]]:
        """What the next take could do better; empty until the clip is measured."""
        return list(FindingOut(clip.findings, many=True).data)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_releases(self, clip: Any) -> list[str]:
        """The releases that hold it today."""
        return sorted(str(entry.release) for entry in clip.live_entries)

    def get_withdrawable(self, clip: Clip) -> bool:
        """Whether there is something left to take back."""
        return clip.status not in GONE


class WithdrawnOut(ClipOut):
    """A clip that was just taken back, with where that is receipted."""

    receipt_url = serializers.SerializerMethodField()

    class Meta(ClipOut.Meta):
        fields = (*ClipOut.Meta.fields, "receipt_url")  # type: ignore[assignment] # a longer tuple

    def get_receipt_url(self, clip: Clip) -> str:
        """The page that says what became of it; needs no sign-in. Keep it."""
        request_id = clip.withdrawal.request_id
        return reverse("withdrawal", args=[request_id]) if request_id else ""


class WithdrawIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class ClipView(ActorView):
    """One clip, under the id that the speaker's device gave it."""

    parser_classes = (RawParser,)
    throttle_scope: ClassVar[str] = "uploads"

    def get_throttles(self) -> list[BaseThrottle]:
        """Only sending is limited; looking is not."""
        return super().get_throttles() if self.request.method == "PUT" else []

    @extend_schema(
        operation_id="get_clip",
        summary="One of your clips",
        responses=ClipOut,
        tags=_TAGS,
    )
    def get(self, request: Request, clip_id: uuid.UUID) -> Response:
        """The clip; 404 when it is not yours."""
        return Response(self._story(clip_id))

    @extend_schema(
        operation_id="put_clip",
        summary="Send a take",
        description=(
            "Raw bytes under an id made by you. The same again is answered 200, other bytes under "
            "the same id 409, bytes that do not have the announced hash 422. With "
            "`Prefer: wait=3` the answer comes as soon as the take is measured, or after 3 seconds."
        ),
        parameters=[
            OpenApiParameter("prompt", OpenApiTypes.UUID, required=True),
            OpenApiParameter(
                "speaker",
                OpenApiTypes.UUID,
                description="Who made the take; who speaks now if absent. 403 until they are here",
            ),
            OpenApiParameter(
                "Content-Digest",
                str,
                OpenApiParameter.HEADER,
                required=True,
                description="RFC 9530: sha-256=:BASE64:",
            ),
            OpenApiParameter(
                "Choir-Capture",
                str,
                OpenApiParameter.HEADER,
                description="JSON about the capture: path, sampling_rate_hz, channels, …",
            ),
            OpenApiParameter(
                "Prefer",
                str,
                OpenApiParameter.HEADER,
                description=f"RFC 7240: wait=N, in seconds, at most {LONGEST_WAIT_S}",
            ),
        ],
        request={"audio/*": OpenApiTypes.BINARY},
        responses={200: ClipOut, 201: ClipOut},
        tags=_TAGS,
    )
    def put(self, request: Request, clip_id: uuid.UUID) -> Response:
        """Store the take; 201 when it is new."""
        prompt = prompt_of_take(_uuid_or_none(request.query_params.get("prompt", "")))
        digest = announced_sha256(request.headers.get("Content-Digest", ""))
        capture = read_capture(request)
        maker_id = _uuid_or_none(request.query_params.get("speaker", ""))
        speaker = self.actor.require_speaker_of_take(maker_id)
        _, is_new = receive_clip(speaker, clip_id, prompt, read_body(request), digest, capture)
        waited = self._wait(clip_id, preferred_wait_s(request.headers.get("Prefer", "")))
        return Response(self._story(clip_id), status=201 if is_new else 200, headers=waited)

    def _wait(self, clip_id: uuid.UUID, wait_s: int) -> dict[str, str]:
        """The header that says how long the answer was held back for the measurements."""
        if wait_s == 0 or not wait_until_measured(clip_id, wait_s):
            return {}
        return {"Preference-Applied": f"wait={wait_s}"}

    def _story(self, clip_id: uuid.UUID) -> dict[str, Any]:
        clip = own_stories(self.actor).filter(pk=clip_id).first()
        if clip is None:
            raise NotFound
        return dict(ClipOut(clip).data)


class ClipAudioView(ActorView):
    """A clip's original, for its speaker and for the reviewer who has it in hand.

    Its master, where the original is not kept.
    """

    @extend_schema(
        operation_id="get_clip_audio",
        summary="Hear a clip",
        responses={(200, "audio/*"): OpenApiTypes.BINARY},
        tags=_TAGS,
    )
    def get(self, request: Request, clip_id: uuid.UUID) -> HttpResponse:
        """Its bytes, or a range of them."""
        clip = own_clips(self.actor).exclude(status__in=GONE).filter(pk=clip_id).first()
        clip = clip or clip_under_review(self.actor, clip_id)
        if clip.original_erased_at is None:
            key, num_bytes = original_key(clip.pk, clip.original_sha256), clip.original_num_bytes
            content_type = media_type(clip)
        else:
            key, num_bytes = master_key(clip.pk, clip.master_sha256), clip.master_num_bytes or 0
            content_type = "audio/flac"
        return ranged_response(
            request.headers.get("Range", ""),
            num_bytes,
            lambda start, length: audio_store().get_range(key, start, length),
            content_type=content_type,
        )


class WithdrawView(ActorView):
    """Taking a clip back."""

    @extend_schema(
        operation_id="withdraw_clip",
        summary="Take a clip back",
        description="From this moment on nobody hears it and no download holds it.",
        request=WithdrawIn,
        responses={200: WithdrawnOut, 202: WithdrawnOut},
        tags=_TAGS,
    )
    def post(self, request: Request, clip_id: uuid.UUID) -> Response:
        """Withdraw; 202 when this call did it (the erasure follows), 200 when done before."""
        body = WithdrawIn(data=request.data)
        body.is_valid(raise_exception=True)
        clip, is_new = withdraw(self.actor, clip_id, body.validated_data["reason"])
        told = own_stories(self.actor).get(pk=clip.pk)
        return Response(WithdrawnOut(told).data, status=202 if is_new else 200)


_MEDIA_TYPES = {"flac": "audio/flac", "wav": "audio/wav", "ogg": "audio/ogg", "mp3": "audio/mpeg"}


def media_type(clip: Clip) -> str:
    """The type of a clip's original, from what the decoder found and not from what was claimed."""
    container = str(clip.measurements.get("container", ""))
    for name, media in _MEDIA_TYPES.items():
        if name in container:
            return media
    if "webm" in container or "matroska" in container:
        return "audio/webm"
    return "audio/mp4" if "mp4" in container else "application/octet-stream"


def _uuid_or_none(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
