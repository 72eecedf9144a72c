"""Who a request to the API comes from."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from rest_framework import authentication, exceptions
from rest_framework.request import Request


class SessionAuthentication(authentication.SessionAuthentication):
    """The session, with CSRF checked for everybody.

    DRF's own checks it for accounts only; our speakers have a session and no account, and a
    stranger's page must not be able to withdraw their clips.
    """

    def authenticate(self, request: Request) -> tuple[AbstractBaseUser, None] | None:
        """The account of the session, or none; PermissionDenied when the CSRF check fails."""
        self.enforce_csrf(request)
        user: AbstractBaseUser | None = getattr(request._request, "user", None)
        return (user, None) if user is not None and user.is_active else None

    def enforce_csrf(self, request: Request) -> None:
        """As DRF's, under a code of its own: a device whose cookies were cleared can mend this."""
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as refusal:
            raise exceptions.PermissionDenied(str(refusal.detail), code="csrf_failed") from None
