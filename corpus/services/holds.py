"""Legal holds: a clip out of circulation, and kept, because the law says so."""

from __future__ import annotations

import uuid

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from collector.access import Actor, require_role
from collector.errors import NotFound
from collector.events import announce
from collector.models import Clip, ClipStatus, EventKind, LegalHold, Role
from collector.models.clip import GONE
from collector.services import erase_clip
from collector.vault import destroy_keys
from corpus.errors import AlreadyHeld, NothingToHold
from corpus.models import ReleaseEntry
from corpus.services.withdrawals import leave_releases
from validation.models import ReviewCase
from validation.services import hold_or_release


@transaction.atomic
def place_hold(actor: Actor, clip_id: uuid.UUID, basis: str) -> LegalHold:
    """Take the clip out of review and every release, and keep its audio from erasure.

    ``basis`` names the law or the order. Raises NotFound, RoleMissing (it is a curator's act),
    AlreadyHeld, or NothingToHold: what was taken back before is noise at once.
    """
    clip = _clip(clip_id)
    if clip.status in GONE or clip.participation is None:
        raise NothingToHold
    curator = require_role(actor, clip.participation.campaign, Role.CURATOR)
    try:
        with transaction.atomic():
            hold = LegalHold.objects.create(clip=clip, basis=basis, placed_by=curator)
    except IntegrityError:
        raise AlreadyHeld from None
    hold_or_release(ReviewCase.objects.filter(clip=clip))
    leave_releases(ReleaseEntry.objects.filter(clip=clip), clip.pk)
    announce(EventKind.HOLD_PLACED, clip.pk, hold=str(hold.pk), basis=basis)
    return hold


@transaction.atomic
def lift_hold(actor: Actor, clip_id: uuid.UUID) -> bool:
    """End the hold on a clip; False when none stands.

    What was not taken back meanwhile is in circulation again, and in releases cut from now on;
    what was is erased now.
    """
    clip = _clip(clip_id)
    if clip.participation is None:
        return False
    curator = require_role(actor, clip.participation.campaign, Role.CURATOR)
    standing = LegalHold.objects.filter(clip=clip, lifted_at=None)
    if not standing.update(lifted_at=Now(), lifted_by=curator):
        return False
    hold_or_release(ReviewCase.objects.filter(clip=clip))
    announce(EventKind.HOLD_LIFTED, clip.pk)
    if clip.status == ClipStatus.WITHDRAWN:
        destroy_keys([clip.pk])
        transaction.on_commit(lambda: erase_clip(clip.pk), robust=True)
    return True


def _clip(clip_id: uuid.UUID) -> Clip:
    clips = Clip.objects.select_for_update(of=("self",)).select_related("participation__campaign")
    clip = clips.filter(pk=clip_id).first()
    if clip is None:
        raise NotFound
    return clip
