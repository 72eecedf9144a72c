"""What the views of releases share."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.settings import api_settings

from collector.api.base import ActorView
from corpus.authentication import TokenAuthentication


class ReleaseReader(ActorView):
    """A view that can be read with a personal token as well as with a session."""

    authentication_classes: Any = [
        TokenAuthentication,
        *api_settings.DEFAULT_AUTHENTICATION_CLASSES,
    ]


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the documentation calls it."""

    target_class = TokenAuthentication
    match_subclasses = True
    name = "personalToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A bearer token."""
        return {"type": "http", "scheme": "bearer"}
