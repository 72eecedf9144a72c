"""Who may fetch a release: everybody, researchers, or nobody any more."""

from __future__ import annotations

from django.db import transaction

from collector.access import Actor, require_answerable
from collector.events import announce
from collector.models import EventKind, Role
from corpus.models import Release, ReleaseStatus


@transaction.atomic
def open_release(actor: Actor, release: Release, *, is_public: bool) -> bool:
    """Let everybody fetch a release without an account, or only researchers again.

    False when it was so already. RoleMissing but for a curator.
    """
    by = require_answerable(actor, release.campaign, Role.CURATOR)
    others = Release.objects.filter(pk=release.pk, is_public=not is_public)
    moved = others.update(is_public=is_public)
    release.is_public = is_public
    if moved:
        kind = EventKind.RELEASE_OPENED if is_public else EventKind.RELEASE_CLOSED
        announce(kind, release=str(release.pk), by=by)
    return moved == 1


def retire_release(actor: Actor, release: Release) -> bool:
    """Nobody finds or fetches it any more, but for the campaign's curators.

    For one that was cut by mistake. Its clips can be taken back as before, and the lists of what
    was taken back go on naming it. False when it was so already. RoleMissing but for a curator.
    """
    return _move(actor, release, ReleaseStatus.PUBLISHED, ReleaseStatus.RETIRED)


def restore_release(actor: Actor, release: Release) -> bool:
    """Who could fetch it before it was retired can again. Otherwise as ``retire_release``."""
    return _move(actor, release, ReleaseStatus.RETIRED, ReleaseStatus.PUBLISHED)


_MOVES = {
    ReleaseStatus.RETIRED: EventKind.RELEASE_RETIRED,
    ReleaseStatus.PUBLISHED: EventKind.RELEASE_RESTORED,
}


@transaction.atomic
def _move(actor: Actor, release: Release, source: ReleaseStatus, target: ReleaseStatus) -> bool:
    by = require_answerable(actor, release.campaign, Role.CURATOR)
    moved = Release.objects.filter(pk=release.pk, status=source).update(status=target)
    release.status = target
    if moved:
        announce(_MOVES[target], release=str(release.pk), by=by)
    return moved == 1
