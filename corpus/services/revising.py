"""Changing what releases hold: entries changed or gone, each under a new revision."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import F, QuerySet

from collector.events import announce
from collector.models import EventKind
from corpus.models import Release, ReleaseEntry


def leave_releases(entries: QuerySet[ReleaseEntry], clip_id: uuid.UUID | None = None) -> None:
    """Take entries out of their releases; each stays as a tombstone, without person and text."""
    standing = entries.filter(is_withdrawn=False)
    revise(standing, clip_id, is_withdrawn=True, pseudonym="", text="", details={})


def revise(entries: QuerySet[ReleaseEntry], clip_id: uuid.UUID | None, **fields: Any) -> None:
    """Change entries of releases, each under a new revision of its release."""
    # In one order for all: two at once shall wait for each other, and not for ever.
    for release_id in sorted(set(entries.values_list("release_id", flat=True))):
        Release.objects.filter(pk=release_id).update(revision=F("revision") + 1)
        revision = Release.objects.values_list("revision", flat=True).get(pk=release_id)
        entries.filter(release_id=release_id).update(revised_in=revision, **fields)
        announce(EventKind.RELEASE_REVISED, clip_id, release=str(release_id))
