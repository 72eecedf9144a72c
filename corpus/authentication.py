"""Personal tokens as a way to read releases: ``Authorization: Bearer choir_…`` (RFC 6750)."""

from __future__ import annotations

from collections.abc import Sequence

from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from collector.models import User
from corpus.errors import TokenInvalid, TokenOnlyReads
from corpus.models import AccessToken
from corpus.services import use_token

SCHEME = "bearer"


class TokenAuthentication(BaseAuthentication):
    """For the views of releases, and in front of the session's: a token that is sent must hold."""

    methods: Sequence[str] = SAFE_METHODS

    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        """None where none is sent; TokenInvalid, or TokenOnlyReads for what would write."""
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME:
            return None
        if request.method not in self.methods:
            raise TokenOnlyReads
        token = use_token(text.strip())
        if token is None:
            raise TokenInvalid
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="releases"'


class TokenThatAttests(TokenAuthentication):
    """For the one thing that a token may write: that a copy follows the withdrawals."""

    methods = (*SAFE_METHODS, "POST")
