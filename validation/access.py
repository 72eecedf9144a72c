"""Which cases a person may reach."""

from __future__ import annotations

import uuid

from django.utils import timezone

from collector.access import Actor, require_role, roles
from collector.errors import NotFound
from collector.models import Clip, ClipStatus, Participation, Role, User
from validation.errors import OwnClip
from validation.models import GoldVote, OwnVoice, Review, ReviewCase
from validation.models.cases import DECIDED


def case_to_judge(actor: Actor, case_id: uuid.UUID) -> tuple[ReviewCase, User]:
    """The case and the account that judges it.

    NotFound where there is none, RoleMissing for who does not review there, OwnClip for one's own
    voice, as any of one's speakers, also one of an earlier session.
    """
    case = _case(case_id)
    user = require_role(actor, case.campaign, Role.REVIEWER, Role.CURATOR)
    # What is left of an erased clip is nobody's.
    part: Participation | None = case.clip.participation
    if part is not None and _is_own_voice(actor, user, part.speaker_id):
        raise OwnClip
    return case, user


def _is_own_voice(actor: Actor, user: User, speaker_id: uuid.UUID) -> bool:
    """Whether they are the speaker, or were on this account's device before."""
    earlier = OwnVoice.objects.filter(user=user, speaker=speaker_id)
    return speaker_id in actor.speaker_ids() or earlier.exists()


def case_to_see(actor: Actor, case_id: uuid.UUID) -> ReviewCase:
    """A case with its reasons: for curators, and for whoever has judged it once it is decided.

    NotFound for everybody else: what others said would lead those who still have to judge, and a
    gold clip would show itself.
    """
    case = _case(case_id)
    mine = roles(actor, case.campaign)
    has_judged = Review.objects.filter(case=case, reviewer=actor.user).exists()
    may_know = case.status in DECIDED and has_judged and not hasattr(case, "gold")
    if Role.CURATOR in mine or (Role.REVIEWER in mine and may_know):
        return case
    raise NotFound


def case_to_curate(actor: Actor, case_id: uuid.UUID) -> tuple[ReviewCase, User]:
    """The case and its curator; NotFound where there is none, RoleMissing for everybody else."""
    case = _case(case_id)
    return case, require_role(actor, case.campaign, Role.CURATOR)


def _case(case_id: uuid.UUID) -> ReviewCase:
    cases = ReviewCase.objects.select_related("campaign", "clip__participation", "clip__prompt")
    case = cases.filter(pk=case_id).first()
    if case is None:
        raise NotFound
    return case


def clip_under_review(actor: Actor, clip_id: uuid.UUID) -> Clip:
    """A clip that is leased to the actor at this moment, or in the curator's hands.

    NotFound otherwise.
    """
    cases = ReviewCase.objects.filter(
        clip_id=clip_id, clip__status=ClipStatus.TRANSCODED, clip__paused_at__isnull=True
    )
    case = cases.select_related("clip", "campaign").first() if actor.user else None
    if case is None or not (_holds(actor, case) or Role.CURATOR in roles(actor, case.campaign)):
        raise NotFound
    return case.clip


def _holds(actor: Actor, case: ReviewCase) -> bool:
    now = timezone.now()
    if case.leased_by_id is not None and case.leased_by_id == getattr(actor.user, "pk", None):
        return case.leased_until is not None and case.leased_until >= now
    gold = GoldVote.objects.filter(gold__case=case, reviewer=actor.user, leased_until__gte=now)
    return gold.exists()
