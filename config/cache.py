"""A cache that counts attempts while it can, and stands in nobody's way while it cannot."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


class PatientRedisCache(RedisCache):
    """Django's, but for what rate limits do with it: without Redis nobody is counted.

    To lose takes and to keep people from signing in, because nobody can be counted, would be the
    greater harm. ``delete_many`` and the rest still raise RedisError: who makes the cache forget
    a voice must know that it did not.
    """

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """The value; ``default`` without Redis."""
        get = super().get
        return _patiently(lambda: get(key, default, version), default)

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Keep the value; without Redis nothing is kept."""
        keep = super().set
        _patiently(lambda: keep(key, value, timeout, version), None)

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Whether there was none; without Redis there is none, so that no lock is waited for."""
        add = super().add
        return bool(_patiently(lambda: add(key, value, timeout, version), True))

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Whether there was one; without Redis there is none."""
        delete = super().delete
        return bool(_patiently(lambda: delete(key, version), False))


def _patiently(ask: Callable[[], Any], otherwise: Any) -> Any:
    try:
        return ask()
    except RedisError as error:
        log.warning("Redis does not answer, so nothing is counted or kept: %s", error)
        return otherwise
