"""Releases: listed and cut."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from collector.api.base import ActorView
from collector.models import PromptKind
from corpus.access import release_by_id, visible_releases
from corpus.api.base import ReleaseReader
from corpus.api.exports import ExportOut, exports_of
from corpus.models import Release
from corpus.recipe import LISTS, Recipe, ReleasePurpose, SplitRule
from corpus.selectors import counts_of_releases, delta
from corpus.services import cut_release, open_release, preview_release

_TAGS = ["releases"]


class SplitsOut(serializers.Serializer[Any]):
    training = serializers.IntegerField()
    validation = serializers.IntegerField()
    testing = serializers.IntegerField()


class ReleaseOut(serializers.ModelSerializer[Release]):
    campaign = serializers.CharField(source="campaign.slug")
    clips = serializers.SerializerMethodField()
    speakers = serializers.SerializerMethodField()
    hours = serializers.SerializerMethodField()
    splits = serializers.SerializerMethodField()
    exports = serializers.SerializerMethodField()

    class Meta:
        model = Release
        fields = (
            "id",
            "campaign",
            "version",
            "revision",
            "status",
            "licence",
            "is_public",
            "recipe",
            "frozen_at",
            "clips",
            "speakers",
            "hours",
            "splits",
            "exports",
        )

    def to_representation(self, release: Release) -> dict[str, Any]:
        """The counts are read once for all the fields, and all releases, that show them."""
        counted = self.context.get("counts") or counts_of_releases([release])
        self._counts = counted[release.pk]
        return super().to_representation(release)

    def get_clips(self, release: Release) -> int:
        """Clips that it holds today."""
        return self._counts["clips"]

    def get_speakers(self, release: Release) -> int:
        """Speakers behind them."""
        return self._counts["speakers"]

    def get_hours(self, release: Release) -> float:
        """Hours of audio."""
        return self._counts["hours"]

    @extend_schema_field(SplitsOut)
    def get_splits(self, release: Release) -> dict[str, int]:
        """Clips in each split."""
        return self._counts["splits"]

    @extend_schema_field(ExportOut(many=True))
    def get_exports(self, release: Release) -> list[dict[str, str]]:
        """The formats that it can be downloaded in."""
        return exports_of(release)


def _words(name: str, **said: Any) -> serializers.ListField:
    most, length = LISTS[name]
    child = serializers.CharField(max_length=length)
    return serializers.ListField(child=child, required=False, max_length=most, **said)


class RecipeIn(serializers.Serializer[Any]):
    """All optional: without any, all accepted clips are drawn."""

    purpose = serializers.ChoiceField(ReleasePurpose.choices, required=False)
    kinds = serializers.ListField(
        child=serializers.ChoiceField(PromptKind.choices),
        required=False,
        max_length=LISTS["kinds"].most,
    )
    tags = _words("tags", help_text="Clips with all of these.")
    tags_excluded = _words("tags_excluded", help_text="No clip with any of these.")
    snr_db_min = serializers.FloatField(required=False, allow_null=True)
    duration_s_min = serializers.FloatField(required=False, allow_null=True)
    duration_s_max = serializers.FloatField(required=False, allow_null=True)
    match_min = serializers.FloatField(required=False, allow_null=True)
    match_max = serializers.FloatField(required=False, allow_null=True)
    agreement_min = serializers.FloatField(required=False, allow_null=True)
    hours_max = serializers.FloatField(required=False, allow_null=True)
    clips_per_speaker_max = serializers.IntegerField(required=False, allow_null=True)
    clips_per_prompt_max = serializers.IntegerField(required=False, allow_null=True)
    split_rule = serializers.ChoiceField(SplitRule.choices, required=False)
    validation_percent = serializers.FloatField(required=False)
    testing_percent = serializers.FloatField(required=False)
    validation_speakers = _words("validation_speakers")
    testing_speakers = _words("testing_speakers")
    shard_num_bytes = serializers.IntegerField(required=False)


def recipe_in(data: Any) -> Recipe:
    """The recipe of a request; RecipeInvalid, or DRF's ValidationError for what is no number."""
    body = RecipeIn(data=data)
    body.is_valid(raise_exception=True)
    return Recipe.of(body.validated_data)


class ReleaseFindingOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()
    remedy = serializers.CharField()
    is_failure = serializers.BooleanField(help_text="Whether it stands against freezing.")


class AmountsOut(serializers.Serializer[Any]):
    clips = serializers.IntegerField()
    speakers = serializers.IntegerField()
    hours = serializers.FloatField()


class PromptCountOut(serializers.Serializer[Any]):
    kind = serializers.CharField()
    text = serializers.CharField()
    clips = serializers.IntegerField()


class PromptsOut(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    fewest = serializers.IntegerField(allow_null=True)
    median = serializers.IntegerField(allow_null=True)
    most = serializers.IntegerField(allow_null=True)
    rarest = PromptCountOut(many=True)
    commonest = PromptCountOut(many=True)


class PreviewOut(serializers.Serializer[Any]):
    total = AmountsOut()
    splits = serializers.DictField(child=AmountsOut())
    kinds = serializers.DictField(child=AmountsOut())
    prompts = PromptsOut()
    findings = ReleaseFindingOut(many=True)


class OpenIn(serializers.Serializer[Any]):
    is_public = serializers.BooleanField()


class DeltaIn(serializers.Serializer[Any]):
    release = serializers.UUIDField(required=False)
    revision = serializers.IntegerField(required=False, min_value=0)


class DeltaOut(serializers.Serializer[Any]):
    came = serializers.ListField(child=serializers.UUIDField())
    went = serializers.ListField(child=serializers.UUIDField())
    changed = serializers.ListField(child=serializers.UUIDField())


class ReleasesView(ReleaseReader):
    """The releases of a campaign."""

    @extend_schema(
        operation_id="list_releases",
        summary="The campaign's releases, newest first",
        responses=ReleaseOut(many=True),
        tags=_TAGS,
    )
    def get(self, request: Request, slug: str) -> Response:
        """All published releases."""
        releases = list(visible_releases(self.actor, self.campaign(slug)))
        context = {"counts": counts_of_releases(releases)}
        return Response(ReleaseOut(releases, many=True, context=context).data)

    @extend_schema(
        operation_id="cut_release",
        summary="Cut a release from the accepted clips that fit the recipe",
        request=RecipeIn,
        responses={201: ReleaseOut},
        tags=_TAGS,
    )
    def post(self, request: Request, slug: str) -> Response:
        """Freeze the next version; for curators."""
        release = cut_release(self.actor, self.campaign(slug), recipe_in(request.data))
        return Response(ReleaseOut(release).data, status=201)


class PreviewView(ActorView):
    """A release that is not there yet."""

    @extend_schema(
        operation_id="preview_release",
        summary="What a release by this recipe would hold, and all that stands against it",
        request=RecipeIn,
        responses=PreviewOut,
        tags=_TAGS,
    )
    def post(self, request: Request, slug: str) -> Response:
        """Counts, balance and checks; nothing is written. For curators."""
        preview = preview_release(self.actor, self.campaign(slug), recipe_in(request.data))
        return Response(PreviewOut(preview).data)


class ReleaseView(ReleaseReader):
    """One release."""

    @extend_schema(
        operation_id="get_release", summary="One release", responses=ReleaseOut, tags=_TAGS
    )
    def get(self, request: Request, release_id: uuid.UUID) -> Response:
        """What it holds today."""
        return Response(ReleaseOut(release_by_id(self.actor, release_id)).data)

    @extend_schema(
        operation_id="open_release",
        summary="Let everybody fetch a release without an account, or only researchers",
        request=OpenIn,
        responses=ReleaseOut,
        tags=_TAGS,
    )
    def patch(self, request: Request, release_id: uuid.UUID) -> Response:
        """For curators."""
        release = release_by_id(self.actor, release_id)
        body = OpenIn(data=request.data)
        body.is_valid(raise_exception=True)
        open_release(self.actor, release, **body.validated_data)
        return Response(ReleaseOut(release).data)


class DeltaView(ReleaseReader):
    """From one release, or revision, to another."""

    @extend_schema(
        operation_id="get_delta",
        summary="Which clips came, went or changed since another release or revision",
        parameters=[
            OpenApiParameter("release", str, description="The one you have (UUID)"),
            OpenApiParameter("revision", int, description="Its revision when you fetched it"),
        ],
        responses=DeltaOut,
        tags=_TAGS,
    )
    def get(self, request: Request, release_id: uuid.UUID) -> Response:
        """Ids of clips; to bring a copy up to date."""
        given = DeltaIn(data=request.query_params)
        given.is_valid(raise_exception=True)
        new = release_by_id(self.actor, release_id)
        asked = given.validated_data.get("release")
        old = release_by_id(self.actor, asked) if asked else new
        return Response(DeltaOut(delta(old, new, given.validated_data.get("revision"))).data)
