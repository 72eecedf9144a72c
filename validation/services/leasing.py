"""Handing out cases: to one reviewer at a time, in constant time however many there are.

The work is done by functions in the database (``migrations/lease_cases.sql``), in one round trip.
Whoever asks begins at a random place of the first rank and looks at a small window of the index
``case_in_queue``, which holds all that may be handed out and nothing else. What is not for this
reviewer (own voice, judged, skipped) is left out by look-ups of the window's rows alone; where all
of it is left out, the window grows. The rest is locked with ``SKIP LOCKED``: who asks at the same
moment gets other clips and waits for nobody.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from collector.access import Actor
from collector.errors import ChoirError, RoleMissing
from collector.models import Campaign, ClipStatus, User
from validation.errors import LanguageUnknown, SetApart
from validation.models import (
    GoldClip,
    GoldVote,
    ReviewCase,
    ReviewerStanding,
    ReviewPolicy,
)

GOLD_WINDOW: Final = 32
MAX_CASES: Final = 20
EXPIRED_AT_ONCE: Final = 500
_REFUSALS: Final[dict[str, type[ChoirError]]] = {
    "role": RoleMissing,
    "apart": SetApart,
    "language": LanguageUnknown,
}


def lease_cases(actor: Actor, campaign: Campaign, count: int = 1) -> list[uuid.UUID]:
    """Up to ``count`` cases for this reviewer, theirs alone for a while; in the order to be heard.

    Those that are leased to them already come first, with their lease renewed. As long as there
    are training clips that they have not judged, they are given those. Raises RoleMissing unless
    the actor reviews here, SetApart when a curator has paused them, LanguageUnknown when they have
    said which languages they know, and the campaign's is none.
    """
    count = max(1, min(count, MAX_CASES))
    asker, fresh = _lease(actor, campaign, count)
    return _with_gold(asker, campaign, count) if asker.may_have_gold else asker.held + fresh


@dataclass(frozen=True)
class Asker:
    """Who asks: their own parts as a speaker, and the cases that they hold."""

    user: User
    own: list[int]
    held: list[uuid.UUID]
    may_have_gold: bool


def _lease(actor: Actor, campaign: Campaign, count: int) -> tuple[Asker, list[uuid.UUID]]:
    if actor.user is None:
        raise RoleMissing
    speaker_id = None if actor.speaker is None else actor.speaker.pk
    asked: Sequence[Any] = (
        actor.user.pk, campaign.pk, speaker_id, count, settings.REVIEW_LEASE_S,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM validation_lease(%s, %s, %s::uuid, %s, %s)", asked)
        refused, own, held, has_gold, fresh = cursor.fetchone()
    if refused:
        raise _REFUSALS[refused]
    return Asker(actor.user, own, held, has_gold), fresh


@transaction.atomic
def _with_gold(asker: Asker, campaign: Campaign, count: int) -> list[uuid.UUID]:
    """Training clips while there are any; else what they hold, and new ones with gold among."""
    training = training_left(asker, campaign)
    if training:
        return _lease_gold(asker.user, training[:count])
    held = (asker.held + _held_gold(asker.user, campaign))[:count]
    _renew(asker.user, held)
    return held + (_fresh(asker, campaign, count - len(held)) if len(held) < count else [])


def _fresh(asker: Asker, campaign: Campaign, wanted: int) -> list[uuid.UUID]:
    """New ones, now and then a gold clip among them."""
    gold = _some_gold(asker, campaign, wanted)
    fresh = gold + _take(asker, campaign, wanted - len(gold))
    if gold:
        random.shuffle(fresh)  # so that its place does not give a gold clip away
    return fresh


def _take(asker: Asker, campaign: Campaign, wanted: int) -> list[uuid.UUID]:
    asked: Sequence[Any] = (
        campaign.pk, asker.user.pk, asker.own, wanted, settings.REVIEW_LEASE_S,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT validation_take(%s, %s, %s::bigint[], %s, %s)", asked)
        taken: list[uuid.UUID] = cursor.fetchone()[0]
    return taken


def lease_next_case(actor: Actor, campaign: Campaign) -> ReviewCase | None:
    """One case; None when nothing waits for this reviewer."""
    ids = lease_cases(actor, campaign)
    return ReviewCase.objects.get(pk=ids[0]) if ids else None


def give_back_expired() -> int:
    """Put cases whose reviewer has gone back into the queue; how many they were."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT validation_give_back(%s)", [EXPIRED_AT_ONCE])
        return int(cursor.fetchone()[0])


def require_standing(user: User, campaign: Campaign) -> None:
    """SetApart when a curator has paused this reviewer."""
    apart = ReviewerStanding.objects.filter(
        reviewer=user, campaign=campaign, quarantined_at__isnull=False
    )
    if apart.exists():
        raise SetApart


def training_left(asker: Asker, campaign: Campaign) -> list[GoldClip]:
    """The training clips that this person has not judged yet, in the order of pinning."""
    gold = _gold_for(asker, campaign).filter(is_training=True)
    return list(gold.order_by("pinned_at", "id")[:MAX_CASES])


def _gold_for(asker: Asker, campaign: Campaign) -> QuerySet[GoldClip]:
    judged = GoldVote.objects.filter(gold=OuterRef("pk"), reviewer=asker.user).exclude(verdict="")
    gold = GoldClip.objects.filter(
        ~Exists(judged),
        campaign=campaign,
        case__is_held=False,
        case__clip__status=ClipStatus.TRANSCODED,
    )
    return gold.exclude(case__clip__participation__in=asker.own)


def _some_gold(asker: Asker, campaign: Campaign, wanted: int) -> list[uuid.UUID]:
    """Now and then one gold clip, where there is one that this person has not judged."""
    share = ReviewPolicy.of(campaign.pk).gold_share
    if random.random() >= share * wanted:  # noqa: S311 - what is heard next is no secret
        return []
    gold = list(_gold_for(asker, campaign).filter(is_training=False)[:GOLD_WINDOW])
    return _lease_gold(asker.user, [random.choice(gold)]) if gold else []  # noqa: S311


def _lease_gold(user: User, gold: list[GoldClip]) -> list[uuid.UUID]:
    until = timezone.now() + timedelta(seconds=settings.REVIEW_LEASE_S)
    for clip in gold:
        GoldVote.objects.update_or_create(
            gold=clip, reviewer=user, defaults={"leased_until": until}
        )
    return [clip.case_id for clip in gold]


def _held_gold(user: User, campaign: Campaign) -> list[uuid.UUID]:
    held = GoldVote.objects.filter(
        reviewer=user, verdict="", leased_until__gte=timezone.now(), gold__campaign=campaign
    )
    return list(held.values_list("gold__case", flat=True))


def _renew(user: User, held: list[uuid.UUID]) -> None:
    """What this reviewer holds is theirs for longer from now on."""
    if held:
        until = timezone.now() + timedelta(seconds=settings.REVIEW_LEASE_S)
        ReviewCase.objects.filter(pk__in=held, leased_by=user).update(leased_until=until)
        GoldVote.objects.filter(gold__case__in=held, reviewer=user, verdict="").update(
            leased_until=until
        )
