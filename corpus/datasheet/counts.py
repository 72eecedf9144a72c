"""The counts behind a release's figures: made by the database, kept with their revision."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection

from corpus.models import Release

_SQL = (Path(__file__).parent / "figures.sql").read_text(encoding="utf-8")


class Count(NamedTuple):
    """One group of clips; ``speakers`` and ``hours`` only where a figure needs them."""

    bin: str
    clips: int
    speakers: int | None
    hours: float | None


Counts = dict[str, list[Count]]


def count(release: Release) -> Counts:
    """All counts of the release as it is now, by figure; a pass over its entries."""
    counts: Counts = {}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"release": release.pk})
        for figure, *group in cursor.fetchall():
            counts.setdefault(figure, []).append(Count(*group))
    return counts


def read_counts(kept: dict[str, Any]) -> Counts:
    """Counts as they are kept in JSON."""
    return {figure: [Count(*group) for group in groups] for figure, groups in kept.items()}
