"""The counts behind a release's figures: made by the database, kept for each revision."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import NamedTuple

from django.core.cache import cache
from django.db import connection
from redis.exceptions import RedisError

from corpus.models import Release

log = logging.getLogger(__name__)
_SQL = (Path(__file__).parent / "figures.sql").read_text(encoding="utf-8")
_KEPT_S = 90 * 24 * 3600


class Count(NamedTuple):
    """One group of clips; ``speakers`` and ``hours`` only where a figure needs them."""

    bin: str
    clips: int
    speakers: int | None
    hours: float | None


Counts = dict[str, list[Count]]


def counts_of(release: Release) -> Counts:
    """All counts of the release's present revision, by figure.

    A cache that is down costs a pass over the entries, and no more.
    """
    key = f"release-figures:1:{release.pk}:{release.revision}"
    try:
        kept = cache.get(key)
    except RedisError as error:
        log.warning("Redis does not answer, so the figures are counted anew: %s", error)
        return _count(release)
    if kept is None:
        kept = _count(release)
        _keep(key, kept)
    return {figure: [Count(*count) for count in counts] for figure, counts in kept.items()}


def _count(release: Release) -> Counts:
    counts: Counts = {}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"release": release.pk})
        for figure, *count in cursor.fetchall():
            counts.setdefault(figure, []).append(Count(*count))
    return counts


def _keep(key: str, counts: Counts) -> None:
    plain = {figure: [tuple(count) for count in each] for figure, each in counts.items()}
    try:
        cache.set(key, plain, _KEPT_S)
    except RedisError as error:
        log.warning("Redis does not answer, so the figures will be counted again: %s", error)
