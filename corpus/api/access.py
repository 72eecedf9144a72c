"""The terms of a campaign's releases, and personal tokens."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from collector.api.base import ActorView
from corpus.errors import TermsMissing
from corpus.models import AccessToken, ReleaseTerms
from corpus.selectors import current_terms, has_signed
from corpus.services import make_token, publish_terms, revoke_token, sign_terms

_TAGS = ["releases"]


class TermsIn(serializers.Serializer[Any]):
    body = serializers.CharField(max_length=50_000)


class SignIn(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    sha256 = serializers.CharField(max_length=64)


class TermsOut(serializers.ModelSerializer[ReleaseTerms]):
    signed = serializers.BooleanField(help_text="Whether you have signed this version.")

    class Meta:
        model = ReleaseTerms
        fields = ("version", "body", "sha256", "created_at", "signed")


class TermsView(ActorView):
    """What researchers promise for a campaign's releases."""

    @extend_schema(
        operation_id="get_terms", summary="The present terms", responses=TermsOut, tags=_TAGS
    )
    def get(self, request: Request, slug: str) -> Response:
        """404 ``terms_missing`` where the campaign asks for no signature."""
        return self._answer(current_terms(self.campaign(slug)))

    @extend_schema(
        operation_id="publish_terms",
        summary="Publish a new version, for all to sign",
        request=TermsIn,
        responses={201: TermsOut},
        tags=_TAGS,
    )
    def post(self, request: Request, slug: str) -> Response:
        """For curators."""
        body = TermsIn(data=request.data)
        body.is_valid(raise_exception=True)
        terms = publish_terms(self.actor, self.campaign(slug), **body.validated_data)
        return self._answer(terms, 201)

    def _answer(self, terms: ReleaseTerms | None, status: int = 200) -> Response:
        if terms is None:
            raise TermsMissing
        terms.signed = has_signed(self.actor.user, terms)  # type: ignore[attr-defined]
        return Response(TermsOut(terms).data, status=status)


class SignView(ActorView):
    """A researcher's signature."""

    @extend_schema(
        operation_id="sign_terms",
        summary="Sign the present terms, once for each version",
        request=SignIn,
        responses={200: SignIn, 201: SignIn},
        tags=_TAGS,
    )
    def post(self, request: Request, slug: str) -> Response:
        """Says which text was read; 409 ``terms_changed`` when it is another by now."""
        body = SignIn(data=request.data)
        body.is_valid(raise_exception=True)
        _, is_new = sign_terms(self.actor, self.campaign(slug), **body.validated_data)
        return Response(body.validated_data, status=201 if is_new else 200)


class TokenIn(serializers.Serializer[Any]):
    label = serializers.CharField(max_length=60)  # type: ignore[assignment] # DRF fields have one
    days = serializers.IntegerField(min_value=1, max_value=366, default=90)


class TokenOut(serializers.ModelSerializer[AccessToken]):
    class Meta:
        model = AccessToken
        fields = ("id", "label", "created_at", "expires_at", "revoked_at", "last_used_at")


class NewTokenOut(TokenOut):
    token = serializers.CharField(help_text="Told this once: only its hash is kept.")

    class Meta(TokenOut.Meta):
        fields = (*TokenOut.Meta.fields, "token")  # type: ignore[assignment]


class TokensView(ActorView):
    """One's own tokens, for scripts that read releases."""

    @extend_schema(
        operation_id="list_tokens",
        summary="Your tokens, newest first",
        responses=TokenOut(many=True),
        tags=_TAGS,
    )
    def get(self, request: Request) -> Response:
        """Also those that open nothing any more."""
        tokens = self.actor.require_account().access_tokens.order_by("-created_at")
        return Response(TokenOut(tokens, many=True).data)

    @extend_schema(
        operation_id="make_token",
        summary="Make a token that reads releases",
        request=TokenIn,
        responses={201: NewTokenOut},
        tags=_TAGS,
    )
    def post(self, request: Request) -> Response:
        """The answer holds its text, this once."""
        body = TokenIn(data=request.data)
        body.is_valid(raise_exception=True)
        token, text = make_token(self.actor, **body.validated_data)
        token.token = text  # type: ignore[attr-defined]
        answer = Response(NewTokenOut(token).data, status=201)
        answer["Cache-Control"] = "no-store"
        return answer


class TokenView(ActorView):
    """One of them."""

    @extend_schema(
        operation_id="revoke_token", summary="Revoke a token", responses={204: None}, tags=_TAGS
    )
    def delete(self, request: Request, token_id: uuid.UUID) -> Response:
        """It opens nothing from now on."""
        revoke_token(self.actor, token_id)
        return Response(status=204)
