"""Who speaks: the session's speaker, coming back by phrase, and the speakers of an account."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db.models import Count, Q
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from collector.access import (
    Actor,
    account_speaker,
    account_speakers,
    actor_of,
    forget_speaker,
    own_clips,
    remember_speaker,
)
from collector.api.base import ActorView
from collector.models import ClipStatus, Speaker
from collector.models.clip import GONE
from collector.services import (
    adopt_speaker,
    join_as_speaker,
    let_go_of_speaker,
    name_speaker,
    recover_speaker,
    renew_phrase,
)

_TAGS = ["speaking"]
_PHRASE_HELP = "Twelve words, told once."


class SpeakerStateOut(serializers.Serializer[Any]):
    """What a recorder needs to know of whoever speaks."""

    id = serializers.UUIDField(help_text="To be sent with each take: it stays its maker's.")
    asked_about_themselves = serializers.BooleanField()
    label = serializers.CharField(  # type: ignore[assignment] # DRF fields have a label too
        help_text="The account's name for them; empty for everybody else."
    )


def speaker_state(actor: Actor) -> dict[str, Any] | None:
    """The state of the actor's speaker, or None where there is none yet."""
    speaker = actor.speaker
    if speaker is None:
        return None
    return {
        "id": str(speaker.pk),
        "asked_about_themselves": speaker.asked_about_at is not None,
        "label": _label_for(actor, speaker),
    }


def _label_for(actor: Actor, speaker: Speaker) -> str:
    is_mine = actor.user is not None and speaker.user_id == actor.user.pk
    return speaker.label if is_mine else ""


class MeOut(serializers.Serializer[Any]):
    clips = serializers.IntegerField()
    campaigns = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment] # DRF fields have a label too
    adoptable = serializers.BooleanField(
        help_text="Somebody is signed in, and the speaker is in no account yet."
    )


class RecoverIn(serializers.Serializer[Any]):
    recovery_phrase = serializers.CharField(max_length=300, trim_whitespace=True)


class LabelIn(serializers.Serializer[Any]):
    label = serializers.CharField(  # type: ignore[assignment] # DRF fields have a label too
        max_length=60, required=False, allow_blank=True, default=""
    )


class AdoptIn(LabelIn):
    recovery_phrase = serializers.CharField(max_length=300, required=False)


class SpeakerOut(serializers.ModelSerializer[Speaker]):
    """One speaker of an account; give it speakers from ``_counted``, and the actor as context."""

    clips = serializers.IntegerField()
    selected = serializers.SerializerMethodField()

    class Meta:
        model = Speaker
        fields = ("id", "label", "created_at", "clips", "selected")

    def get_selected(self, speaker: Speaker) -> bool:
        """Whether this is who speaks now."""
        actor: Actor = self.context["actor"]
        return speaker == actor.speaker


class NewSpeakerOut(serializers.Serializer[Any]):
    speaker = SpeakerOut()
    recovery_phrase = serializers.CharField(help_text=_PHRASE_HELP)


class PhraseOut(serializers.Serializer[Any]):
    recovery_phrase = serializers.CharField(help_text=_PHRASE_HELP)


def _described(actor: Actor) -> Response:
    speaker = actor.require_speaker()
    answer = {
        "clips": own_clips(actor).count(),
        "campaigns": speaker.participations.count(),
        "label": _label_for(actor, speaker),
        "adoptable": actor.may_adopt,
    }
    return Response(MeOut(answer).data)


class MeView(ActorView):
    """The speaker of this session."""

    @extend_schema(operation_id="me", summary="Who you are", responses=MeOut, tags=_TAGS)
    def get(self, request: Request) -> Response:
        """How much this speaker has lent; 403 ``speaker_unknown`` when there is none."""
        return _described(self.actor)


class RecoverView(ActorView):
    """Back by the recovery phrase, on any device."""

    throttle_scope: ClassVar[str] = "recoveries"

    @extend_schema(
        operation_id="recover",
        summary="Come back by your recovery phrase",
        request=RecoverIn,
        responses=MeOut,
        tags=_TAGS,
    )
    def post(self, request: Request) -> Response:
        """Bind this session to the phrase's speaker; 422 when nobody has this phrase."""
        body = RecoverIn(data=request.data)
        body.is_valid(raise_exception=True)
        speaker = recover_speaker(body.validated_data["recovery_phrase"])
        remember_speaker(request._request, speaker)
        return _described(actor_of(request._request))


class AccountView(ActorView):
    """A view of an account's speakers."""

    def told(self, request: Request, speaker: Speaker) -> dict[str, Any]:
        """One speaker as the account sees them, after what this request has changed."""
        actor = actor_of(request._request)
        counted = _counted(actor).get(pk=speaker.pk)
        return dict(SpeakerOut(counted, context={"actor": actor}).data)


def _counted(actor: Actor) -> Any:
    lent = Q(participations__clips__status__in=set(ClipStatus) - set(GONE))
    return account_speakers(actor).annotate(clips=Count("participations__clips", filter=lent))


class SpeakersView(AccountView):
    """The speakers of an account: one person's voices, or a family's."""

    throttle_scope: ClassVar[str] = "consents"

    def get_throttles(self) -> list[BaseThrottle]:
        """Only making a speaker is limited; looking is not."""
        return super().get_throttles() if self.request.method == "POST" else []

    @extend_schema(
        operation_id="list_speakers",
        summary="The speakers of your account",
        responses=SpeakerOut(many=True),
        tags=_TAGS,
    )
    def get(self, request: Request) -> Response:
        """All of them, the first one first; 403 ``account_missing`` when nobody is signed in."""
        speakers = _counted(self.actor)
        return Response(SpeakerOut(speakers, many=True, context={"actor": self.actor}).data)

    @extend_schema(
        operation_id="add_speaker",
        summary="Add another speaker to your account",
        request=LabelIn,
        responses={201: NewSpeakerOut},
        tags=_TAGS,
    )
    def post(self, request: Request) -> Response:
        """Add one, with a name that only this account sees; select them to speak as them."""
        user = self.actor.require_account()
        body = LabelIn(data=request.data)
        body.is_valid(raise_exception=True)
        speaker, phrase = join_as_speaker(user, body.validated_data["label"])
        answer = {"speaker": self.told(request, speaker), "recovery_phrase": phrase}
        return Response(answer, status=201)


class AccountSpeakerView(AccountView):
    """One speaker of an account."""

    @extend_schema(
        operation_id="name_speaker",
        summary="Give a speaker of your account a name that only you see",
        request=LabelIn,
        responses=SpeakerOut,
        tags=_TAGS,
    )
    def patch(self, request: Request, speaker_id: uuid.UUID) -> Response:
        """Name them; 404 when they are not in the account."""
        speaker = account_speaker(self.actor, speaker_id)
        body = LabelIn(data=request.data)
        body.is_valid(raise_exception=True)
        name_speaker(speaker, body.validated_data["label"])
        return Response(self.told(request, speaker))

    @extend_schema(
        operation_id="remove_speaker",
        summary="Take a speaker out of your account",
        description="Their clips stay theirs; from then on only their phrase leads back to them.",
        responses={204: None},
        tags=_TAGS,
    )
    def delete(self, request: Request, speaker_id: uuid.UUID) -> Response:
        """Let them go; 404 when they are not in the account."""
        speaker = account_speaker(self.actor, speaker_id)
        let_go_of_speaker(self.actor.require_account(), speaker)
        if self.actor.speaker == speaker:
            forget_speaker(request._request)
        return Response(status=204)


class SelectView(AccountView):
    """Who speaks now."""

    @extend_schema(
        operation_id="select_speaker",
        summary="Speak as this speaker of your account from now on",
        request=None,
        responses=SpeakerOut,
        tags=_TAGS,
    )
    def post(self, request: Request, speaker_id: uuid.UUID) -> Response:
        """Bind this session to the speaker; 404 when they are not in the account."""
        speaker = account_speaker(self.actor, speaker_id)
        remember_speaker(request._request, speaker)
        return Response(self.told(request, speaker))


class PhraseView(AccountView):
    """A speaker's way back without the account."""

    throttle_scope: ClassVar[str] = "recoveries"

    @extend_schema(
        operation_id="renew_phrase",
        summary="A new recovery phrase for a speaker of your account",
        description="The one before leads nowhere from then on.",
        request=None,
        responses={201: PhraseOut},
        tags=_TAGS,
    )
    def post(self, request: Request, speaker_id: uuid.UUID) -> Response:
        """Make one, and tell it once; 404 when they are not in the account."""
        phrase = renew_phrase(account_speaker(self.actor, speaker_id))
        return Response({"recovery_phrase": phrase}, status=201)


class AdoptView(AccountView):
    """An account takes in a speaker who had none."""

    throttle_scope: ClassVar[str] = "recoveries"

    @extend_schema(
        operation_id="adopt_speaker",
        summary="Make a speaker without account your account's own",
        description="The speaker of this session or, with a recovery phrase, the phrase's.",
        request=AdoptIn,
        responses=SpeakerOut,
        tags=_TAGS,
    )
    def post(self, request: Request) -> Response:
        """Adopt; 409 when another account has them, 422 when nobody has this phrase."""
        user = self.actor.require_account()
        body = AdoptIn(data=request.data)
        body.is_valid(raise_exception=True)
        phrase = body.validated_data.get("recovery_phrase")
        speaker = recover_speaker(phrase) if phrase else self.actor.require_speaker()
        adopt_speaker(user, speaker, body.validated_data["label"])
        return Response(self.told(request, speaker))
