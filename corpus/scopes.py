"""How much of what a person lent they mean."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import QuerySet

from collector.access import Actor, own_clips
from collector.errors import NotFound
from collector.models import Campaign, Clip, Participation
from corpus.models import WithdrawalScope


@dataclass(frozen=True)
class Scope:
    """A part of somebody's clips: those that fit all that is given; everything if nothing is."""

    clip_ids: tuple[uuid.UUID, ...] | None = None
    campaign: Campaign | None = None
    speaker_id: uuid.UUID | None = None

    @property
    def kind(self) -> WithdrawalScope:
        """What a receipt calls it."""
        if self.clip_ids is not None:
            return WithdrawalScope.CLIP if len(self.clip_ids) == 1 else WithdrawalScope.CLIPS
        return WithdrawalScope.EVERYTHING if self.campaign is None else WithdrawalScope.CAMPAIGN


EVERYTHING = Scope()


def clips_in(actor: Actor, scope: Scope) -> QuerySet[Clip]:
    """The actor's own clips in the scope; NotFound when it names clips and none of them is theirs.

    What else it names and is not theirs is left out: it may have been erased a moment ago.
    """
    clips = own_clips(actor)
    if scope.campaign is not None:
        clips = clips.filter(participation__campaign=scope.campaign)
    if scope.speaker_id is not None:
        clips = clips.filter(participation__speaker=scope.speaker_id)
    if scope.clip_ids is not None:
        clips = clips.filter(pk__in=scope.clip_ids)
        if not clips.exists():
            raise NotFound
    return clips


def parts_in(actor: Actor, scope: Scope) -> QuerySet[Participation]:
    """The parts in campaigns that the scope takes back as a whole; none where it names clips."""
    if scope.clip_ids is not None:
        return Participation.objects.none()
    parts = Participation.objects.filter(speaker__in=actor.speaker_ids())
    if scope.campaign is not None:
        parts = parts.filter(campaign=scope.campaign)
    return parts.filter(speaker=scope.speaker_id) if scope.speaker_id else parts


def own_campaign(actor: Actor, slug: str) -> Campaign:
    """A campaign that the actor has a part in, also when it is not shown any more; NotFound."""
    mine = Campaign.objects.filter(participations__speaker__in=actor.speaker_ids())
    campaign = mine.filter(slug=slug).first()
    if campaign is None:
        raise NotFound
    return campaign
