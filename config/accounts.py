"""What signing in leads to."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from collector.access import actor_of


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """Allauth's, except that whoever recorded here before they signed in is asked about it."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To the offer of adopting the session's speaker, where there is one; home otherwise."""
        if actor_of(request).may_adopt:
            return reverse("me")
        address: str = super().get_login_redirect_url(request)
        return address
