"""A pause: clips out of circulation, but not erased, for as long as their speaker wishes."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from collector.access import Actor
from collector.events import announce_each
from collector.locks import lock_present_clips
from collector.models import Clip, EventKind
from collector.models.clip import LIVE
from corpus.models import ReleaseEntry
from corpus.scopes import Scope, clips_in
from corpus.services.withdrawals import revise
from validation.models import ReviewCase
from validation.services import hold_or_release


@transaction.atomic
def pause(actor: Actor, scope: Scope) -> int:
    """Take the actor's clips in the scope out of circulation; how many were not out before.

    From the commit on nobody is given them to judge and no download holds them (their releases'
    revisions go up). They stay in the storage, and their speaker may hear them. Raises NotFound.
    """
    actor.require_someone()
    paused = _locked(clips_in(actor, scope).filter(paused_at=None, status__in=LIVE))
    Clip.objects.filter(pk__in=paused).update(paused_at=Now())
    _circulate(paused, is_paused=True)
    announce_each(EventKind.CLIP_PAUSED, {pk: {} for pk in paused})
    return len(paused)


@transaction.atomic
def resume(actor: Actor, scope: Scope) -> int:
    """Let paused clips circulate again, under another revision of each release; how many."""
    actor.require_someone()
    resumed = _locked(clips_in(actor, scope).filter(paused_at__isnull=False))
    Clip.objects.filter(pk__in=resumed).update(paused_at=None)
    _circulate(resumed, is_paused=False)
    announce_each(EventKind.CLIP_RESUMED, {pk: {} for pk in resumed})
    return len(resumed)


def _locked(clips: QuerySet[Clip]) -> list[uuid.UUID]:
    # Looked at once more under the lock: who paused them a moment earlier has announced it.
    locked = lock_present_clips(clips)
    return list(clips.filter(pk__in=locked).values_list("pk", flat=True))


def _circulate(clip_ids: list[uuid.UUID], *, is_paused: bool) -> None:
    hold_or_release(ReviewCase.objects.filter(clip__in=clip_ids))
    entries = ReleaseEntry.objects.filter(clip__in=clip_ids, is_withdrawn=False)
    one = clip_ids[0] if len(clip_ids) == 1 else None
    revise(entries.exclude(is_paused=is_paused), one, is_paused=is_paused)
