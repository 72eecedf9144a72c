"""Rate limits: for each person, and for all strangers of one address together.

Both count in the cache, which lets requests through while Redis is down (``config.cache``).
"""

from __future__ import annotations

from ipaddress import IPv6Network, ip_address
from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle, ScopedRateThrottle

if TYPE_CHECKING:  # rest_framework.views imports this module
    from rest_framework.views import APIView


class PersonThrottle(ScopedRateThrottle):
    """A limit for each view's ``throttle_scope``, counted for each account, token or session."""

    def get_ident(self, request: Request) -> str:
        """By token or session where there is one: a class behind one address is many people."""
        if request.auth is not None:
            return f"token-{request.auth.pk}"
        return request._request.session.session_key or super().get_ident(request)


class AddressThrottle(ScopedRateThrottle):
    """A coarser limit for all who come from one address and are known by no account or token.

    A session costs nothing: without this, whoever leaves theirs behind begins to count anew.
    """

    def get_rate(self) -> str | None:
        """The scope's rate for an address; None, for no limit, where there is none."""
        rate: str | None = self.THROTTLE_RATES.get(f"{self.scope}-address")
        return rate

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """The address, for strangers; None, for no limit, for those who are known."""
        if request.auth is not None or request.user.is_authenticated:
            return None
        return self.cache_format % {
            "scope": f"{self.scope}-address",
            "ident": _network(self.get_ident(request)),
        }


class PersonThenAddress(BaseThrottle):
    """Both, one after the other: who is over their own limit uses up none of their neighbours'."""

    refusing: ScopedRateThrottle | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Whether the request is within both limits."""
        limits = (PersonThrottle(), AddressThrottle())
        refused = (limit for limit in limits if not limit.allow_request(request, view))
        self.refusing = next(refused, None)
        return self.refusing is None

    def wait(self) -> float | None:
        """In how many seconds to come again."""
        return self.refusing.wait() if self.refusing else None


def _network(address: str) -> str:
    """One for all the addresses that a subscriber is given: of IPv6 that are 2^64."""
    try:
        is_v6 = ip_address(address).version == 6
    except ValueError:  # the proxy's business, and one address all the same
        return address
    return str(IPv6Network((address, 64), strict=False)) if is_v6 else address
