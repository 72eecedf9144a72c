"""Agreeing to less, and what follows for the clips that were lent before."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet

from collector.access import Actor, own_participation
from collector.licences import allows_commercial_use
from collector.locks import lock_present_clips
from collector.models import Clip, ConsentEvent, ConsentKind, Participation, Purpose
from collector.services import withdraw_purposes
from corpus.models import ReleaseEntry
from corpus.scopes import Scope
from corpus.services.withdrawals import leave_releases, withdraw_all

WITHOUT_CONSENT = "The consent was withdrawn."


@transaction.atomic
def take_back_purposes(
    actor: Actor, participation_id: int, purposes: Collection[str]
) -> ConsentEvent | None:
    """Take purposes back, for every clip of the speaker in the campaign; None when none stood.

    Commercial use: its clips leave all releases under a licence that allows it, which get a new
    revision. The original: erased where the master stands. The base, research release: nothing
    is left to keep the clips for, so all of them are taken back and erased. Raises NotFound for
    what is not the actor's.
    """
    part = own_participation(actor, participation_id)
    if Purpose.RESEARCH_RELEASE in purposes:
        return _withdraw_all(actor, part)
    event = withdraw_purposes(part, purposes)
    if event is not None and Purpose.COMMERCIAL_USE in event.purposes:
        # A release that is cut at this moment waits for these locks, or is waited for.
        lock_present_clips(Clip.objects.filter(participation=part))
        leave_releases(_commercial_entries(part))
    return event


def _withdraw_all(actor: Actor, part: Participation) -> ConsentEvent | None:
    before = part.consent_events.count()
    scope = Scope(campaign=part.campaign, speaker_id=part.speaker_id)
    withdraw_all(actor, scope, WITHOUT_CONSENT)
    ended = part.consent_events.filter(kind=ConsentKind.WITHDRAWN).order_by("at").last()
    return ended if part.consent_events.count() > before else None


def _commercial_entries(part: Participation) -> QuerySet[ReleaseEntry]:
    entries = ReleaseEntry.objects.filter(clip__participation=part)
    licences = set(entries.values_list("release__licence", flat=True))
    commercial = [licence for licence in licences if allows_commercial_use(licence)]
    return entries.filter(release__licence__in=commercial)
