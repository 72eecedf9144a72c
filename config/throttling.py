"""Rate limits that do not fall over with the cache."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import ScopedRateThrottle

if TYPE_CHECKING:  # rest_framework.views imports this module
    from rest_framework.views import APIView

log = logging.getLogger(__name__)


class PatientScopedThrottle(ScopedRateThrottle):
    """A limit for each view's ``throttle_scope``; with Redis down it lets requests through.

    Losing takes because nobody can be counted would be the greater harm.
    """

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Whether the request is within the limit."""
        try:
            return bool(super().allow_request(request, view))
        except RedisError as error:
            log.warning("Redis does not answer, so no request is limited: %s", error)
            return True

    def get_ident(self, request: Request) -> str:
        """By token or session where there is one: a class behind one address is many people."""
        if request.auth is not None:
            return f"token-{request.auth.pk}"
        return request._request.session.session_key or super().get_ident(request)
