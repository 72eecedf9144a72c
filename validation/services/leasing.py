"""Handing out cases: to one reviewer at a time, in constant time however many there are.

Whoever asks begins at a random place of the first rank and looks at a small window of the index
``case_in_queue``, which holds all that may be handed out and nothing else. What is not for this
reviewer (own voice, judged, skipped) is left out by look-ups of the window's rows alone; where all
of it is left out, the window grows. The rest is locked with ``SKIP LOCKED``: who asks at the same
moment gets other clips and waits for nobody.
"""

from __future__ import annotations

import random
import uuid
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from collector.access import Actor, require_role
from collector.models import Campaign, ClipStatus, Role, User
from validation.errors import SetApart
from validation.models import (
    CaseStatus,
    GoldClip,
    GoldVote,
    ReviewCase,
    ReviewerStanding,
    ReviewPolicy,
)

WINDOWS: Final = (32, 512, 8192)
GOLD_WINDOW: Final = 32
MAX_CASES: Final = 20
EXPIRED_AT_ONCE: Final = 500

_NEXT_RANK = """
SELECT rank FROM validation_reviewcase
WHERE campaign_id = %(campaign)s AND rank > %(rank)s
  AND status = 'open' AND NOT is_held AND leased_until IS NULL
ORDER BY rank LIMIT 1
"""
# The voices of a window take turns: the first clip of each, then the second of each.
_LEASE = """
WITH near AS MATERIALIZED (
  (SELECT id, clip_id, place, 0 AS lap FROM validation_reviewcase
   WHERE campaign_id = %(campaign)s AND rank = %(rank)s AND place >= %(from)s
     AND status = 'open' AND NOT is_held AND leased_until IS NULL
   ORDER BY place LIMIT %(window)s)
  UNION ALL
  (SELECT id, clip_id, place, 1 AS lap FROM validation_reviewcase
   WHERE campaign_id = %(campaign)s AND rank = %(rank)s AND place < %(from)s
     AND status = 'open' AND NOT is_held AND leased_until IS NULL
   ORDER BY place LIMIT %(window)s)
  LIMIT %(window)s
), fit AS MATERIALIZED (
  SELECT near.id, near.lap, near.place,
         row_number() OVER (PARTITION BY clip.participation_id ORDER BY lap, place) AS turn
  FROM near
  JOIN collector_clip clip ON clip.id = near.clip_id
  JOIN collector_participation part ON part.id = clip.participation_id
  WHERE clip.status = 'transcoded' AND NOT part.speaker_id = ANY(%(own)s)
    AND NOT EXISTS (SELECT FROM validation_review vote
                    WHERE vote.case_id = near.id AND vote.reviewer_id = %(user)s)
    AND NOT EXISTS (SELECT FROM validation_skip skip
                    WHERE skip.case_id = near.id AND skip.reviewer_id = %(user)s
                      AND skip.until > now())
), taken AS (
  SELECT item.id, fit.turn, fit.lap, fit.place
  FROM fit JOIN validation_reviewcase item ON item.id = fit.id
  WHERE item.status = 'open' AND NOT item.is_held AND item.leased_until IS NULL
  ORDER BY fit.turn, fit.lap, fit.place
  LIMIT %(count)s FOR UPDATE OF item SKIP LOCKED
), leased AS (
  UPDATE validation_reviewcase item
  SET leased_by_id = %(user)s, leased_until = now() + %(lease_s)s * interval '1 second'
  FROM taken WHERE item.id = taken.id
  RETURNING item.id, taken.turn, taken.lap, taken.place
)
SELECT coalesce(array_agg(id ORDER BY turn, lap, place), ARRAY[]::uuid[]) FROM leased
"""
_GIVE_BACK = """
UPDATE validation_reviewcase SET leased_by_id = NULL, leased_until = NULL
WHERE id IN (SELECT id FROM validation_reviewcase WHERE leased_until < now()
             ORDER BY leased_until LIMIT %s FOR UPDATE SKIP LOCKED)
"""


@transaction.atomic
def lease_cases(actor: Actor, campaign: Campaign, count: int = 1) -> list[ReviewCase]:
    """Up to ``count`` cases for this reviewer, theirs alone for a while.

    Those that are leased to them already come first, with their lease renewed. As long as there
    are training clips that they have not judged, they are given those. Raises RoleMissing unless
    the actor reviews here, SetApart when a curator has paused them.
    """
    user = require_role(actor, campaign, Role.REVIEWER, Role.CURATOR)
    require_standing(user, campaign)
    count = max(1, min(count, MAX_CASES))
    own = actor.speaker_ids()
    training = training_left(user, campaign, own)
    if training:
        return _cases(_lease_gold(user, training[:count]))
    held = _renewed(user, campaign)[:count]
    wanted = count - len(held)
    gold = _some_gold(user, campaign, own, wanted) if wanted else []
    taken = _take(user, campaign, own, wanted - len(gold))
    fresh = gold + taken
    if gold:
        random.shuffle(fresh)  # so that its place does not give a gold clip away
    return _cases(held + fresh)


def lease_next_case(actor: Actor, campaign: Campaign) -> ReviewCase | None:
    """One case; None when nothing waits for this reviewer."""
    return next(iter(lease_cases(actor, campaign)), None)


def give_back_expired() -> int:
    """Put cases whose reviewer has gone back into the queue; how many they were."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [EXPIRED_AT_ONCE])
        return int(cursor.rowcount)


def require_standing(user: User, campaign: Campaign) -> None:
    """SetApart when a curator has paused this reviewer."""
    apart = ReviewerStanding.objects.filter(
        reviewer=user, campaign=campaign, quarantined_at__isnull=False
    )
    if apart.exists():
        raise SetApart


def training_left(user: User, campaign: Campaign, own: list[uuid.UUID]) -> list[GoldClip]:
    """The training clips that this person has not judged yet, in the order of pinning."""
    gold = _gold_for(user, campaign, own).filter(is_training=True)
    return list(gold.order_by("pinned_at", "id")[:MAX_CASES])


def _gold_for(user: User, campaign: Campaign, own: list[uuid.UUID]) -> QuerySet[GoldClip]:
    judged = GoldVote.objects.filter(gold=OuterRef("pk"), reviewer=user).exclude(verdict="")
    gold = GoldClip.objects.filter(
        ~Exists(judged),
        campaign=campaign,
        case__is_held=False,
        case__clip__status=ClipStatus.TRANSCODED,
    )
    return gold.exclude(case__clip__participation__speaker__in=own)


def _some_gold(
    user: User, campaign: Campaign, own: list[uuid.UUID], wanted: int
) -> list[uuid.UUID]:
    """Now and then one gold clip, where there is one that this person has not judged."""
    share = ReviewPolicy.of(campaign.pk).gold_share
    if random.random() >= share * wanted:  # noqa: S311 - what is heard next is no secret
        return []
    gold = list(_gold_for(user, campaign, own).filter(is_training=False)[:GOLD_WINDOW])
    return _lease_gold(user, [random.choice(gold)]) if gold else []  # noqa: S311


def _lease_gold(user: User, gold: list[GoldClip]) -> list[uuid.UUID]:
    until = timezone.now() + timedelta(seconds=settings.REVIEW_LEASE_S)
    for clip in gold:
        GoldVote.objects.update_or_create(
            gold=clip, reviewer=user, defaults={"leased_until": until}
        )
    return [clip.case_id for clip in gold]


def _renewed(user: User, campaign: Campaign) -> list[uuid.UUID]:
    """What this reviewer holds already, gold clips among it, for longer from now on."""
    now = timezone.now()
    until = now + timedelta(seconds=settings.REVIEW_LEASE_S)
    mine = ReviewCase.objects.filter(
        leased_by=user, leased_until__gte=now, status=CaseStatus.OPEN, campaign=campaign
    )
    gold = GoldVote.objects.filter(
        reviewer=user, verdict="", leased_until__gte=now, gold__campaign=campaign
    )
    held = list(mine.order_by("leased_until", "rank", "pk").values_list("pk", flat=True))
    held += list(gold.values_list("gold__case", flat=True))
    if held:
        mine.update(leased_until=until)
        gold.update(leased_until=until)
    return held


def _take(user: User, campaign: Campaign, own: list[uuid.UUID], wanted: int) -> list[uuid.UUID]:
    """Rank by rank with a small window; only where that is not enough with larger ones.

    So a rank in which this person has judged everything costs one look, not a search through it.
    """
    taken: list[uuid.UUID] = []
    for window in WINDOWS:
        if len(taken) < wanted:
            taken += _take_by_rank(user, campaign, own, wanted - len(taken), window)
        if len(taken) < wanted and give_back_expired():
            taken += _take_by_rank(user, campaign, own, wanted - len(taken), window)
    return taken


def _take_by_rank(
    user: User, campaign: Campaign, own: list[uuid.UUID], wanted: int, window: int
) -> list[uuid.UUID]:
    taken: list[uuid.UUID] = []
    asked: dict[str, Any] = {
        "campaign": campaign.pk,
        "own": own,
        "user": user.pk,
        "lease_s": settings.REVIEW_LEASE_S,
        "window": window,
        "rank": -1,
    }
    with connection.cursor() as cursor:
        while len(taken) < wanted:
            cursor.execute(_NEXT_RANK, asked)
            row = cursor.fetchone()
            if row is None:
                break
            start = random.random()  # noqa: S311 - what is heard next is no secret
            asked |= {"rank": row[0], "from": start, "count": wanted - len(taken)}
            cursor.execute(_LEASE, asked)
            taken += cursor.fetchone()[0]
    return taken


def _cases(ids: list[uuid.UUID]) -> list[ReviewCase]:
    """The cases with all that a desk shows, in this order."""
    cases = ReviewCase.objects.select_related(
        "clip__prompt", "clip__participation__campaign", "gold"
    )
    found = cases.in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]
