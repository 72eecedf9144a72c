"""Counting what a release's page shows, beside the web server where it takes long."""

from __future__ import annotations

import uuid
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from corpus.datasheet.counts import Counts, count, read_counts
from corpus.models import Release, ReleaseFigures

#: Up to so many clips are counted while somebody waits for the page: that takes half a second.
COUNTED_AT_ONCE = 20_000


class Figures(NamedTuple):
    """What is known of a release: its counts, and the revision that they are of.

    None where nothing has been counted yet. ``is_counting`` is whether newer ones are on the way.
    """

    counts: Counts
    revision: int | None
    is_counting: bool


def figures_of_release(release: Release) -> Figures:
    """The counts of the release's present revision, or the last ones while they are counted anew.

    A small release is counted here and now, and of a large one it is written down that somebody
    asks. Whoever is answered ``is_counting`` wakes a worker (``corpus.tasks.count_figures``).
    """
    kept = ReleaseFigures.objects.filter(release=release).first()
    if kept is None:
        kept, _is_new = ReleaseFigures.objects.get_or_create(release=release)
    if kept.revision == release.revision:
        return Figures(read_counts(kept.counts), kept.revision, False)
    if release.sheet.get("clips", 0) <= COUNTED_AT_ONCE:
        return _keep(release)
    ReleaseFigures.objects.filter(pk=kept.pk, asked_at=None).update(asked_at=Now())
    return Figures(read_counts(kept.counts), kept.revision, True)


def count_figures() -> int:
    """Count all that somebody waits for; how many releases that were."""
    waiting = ReleaseFigures.objects.exclude(asked_at=None).order_by("asked_at")
    return sum(map(_count_asked, waiting.values_list("pk", flat=True)))


@transaction.atomic
def _count_asked(release_id: uuid.UUID) -> bool:
    """One release, by one worker: to others it is locked meanwhile."""
    locked = ReleaseFigures.objects.select_for_update(skip_locked=True, of=("self",))
    asked = locked.filter(pk=release_id).exclude(asked_at=None).first()
    if asked is None:
        return False
    # Read before it is counted: what is taken back on the way asks for another count.
    _keep(Release.objects.get(pk=asked.pk))
    return True


def _keep(release: Release) -> Figures:
    counts = count(release)
    older = Q(revision=None) | Q(revision__lte=release.revision)
    ReleaseFigures.objects.filter(older, release=release).update(
        revision=release.revision, counts=counts, asked_at=None
    )
    return Figures(counts, release.revision, False)
