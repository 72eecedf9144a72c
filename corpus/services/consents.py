"""Agreeing to less, and what follows for the clips that were lent before."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet

from collector.access import Actor, own_participation
from collector.licences import allows_commercial_use
from collector.models import Clip, ConsentEvent, Participation, Purpose
from collector.models.clip import GONE
from collector.services import withdraw_purposes
from corpus.models import ReleaseEntry
from corpus.services.revising import leave_releases
from corpus.services.withdrawals import withdraw

WITHOUT_CONSENT = "The consent was withdrawn."


@transaction.atomic
def withdraw_consent(
    actor: Actor, participation_id: int, purposes: Collection[str]
) -> ConsentEvent | None:
    """Take purposes back, for every clip of the speaker in the campaign; None when none stood.

    Commercial use: its clips leave all releases under a licence that allows it, which get a new
    revision. The original: erased where the master stands. The base, research release: nothing
    is left to keep the clips for, so all of them are taken back and erased. Raises NotFound for
    what is not the actor's.
    """
    participation = own_participation(actor, participation_id)
    clips = _locked_clips(participation)
    event = withdraw_purposes(participation, purposes)
    if event is None:
        return None
    if Purpose.RESEARCH_RELEASE in event.purposes:
        for clip_id in clips:
            withdraw(actor, clip_id, WITHOUT_CONSENT)
    elif Purpose.COMMERCIAL_USE in event.purposes:
        leave_releases(_commercial_entries(participation))
    return event


def _locked_clips(participation: Participation) -> list[uuid.UUID]:
    """Locked in one order for all: a release that is cut meanwhile waits, or is waited for."""
    clips = Clip.objects.filter(participation=participation).exclude(status__in=GONE)
    locked = clips.order_by("pk").select_for_update(of=("self",))
    return list(locked.values_list("pk", flat=True))


def _commercial_entries(participation: Participation) -> QuerySet[ReleaseEntry]:
    entries = ReleaseEntry.objects.filter(clip__participation=participation)
    licences = set(entries.values_list("release__licence", flat=True))
    commercial = [licence for licence in licences if allows_commercial_use(licence)]
    return entries.filter(release__licence__in=commercial)
