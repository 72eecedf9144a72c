"""Earlier cases brought to the policy and the reviewers of today."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from collector.access import Actor, require_role
from collector.events import announce
from collector.models import Campaign, EventKind, Role
from collector.models.work import next_nudge
from validation.models import Redecision, ReviewCase
from validation.models.cases import VOTED
from validation.models.redecisions import NONE_YET
from validation.services.deciding import decide_case

#: Cases between two looks at what else waits: some tenths of a second.
CHUNK = 20


def redecide(campaign: Campaign, cases: QuerySet[ReviewCase] | None = None) -> int:
    """Decide the campaign's cases anew, here and now; how many moved.

    Each in its own transaction, so that it can be stopped and run again; a second run moves none.
    """
    if cases is None:
        cases = ReviewCase.objects.filter(campaign=campaign)
    keys = cases.filter(status__in=VOTED).order_by("pk").values_list("pk", flat=True)
    return sum(_redecide_one(pk) for pk in list(keys))


@transaction.atomic
def ask_redecision(actor: Actor, campaign: Campaign) -> Redecision:
    """Have workers decide the campaign's cases anew; one that is under way begins again.

    For the rules may have changed once more since. Raises RoleMissing unless for a curator.
    """
    require_role(actor, campaign, Role.CURATOR)
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    asked = {
        "asked_by": actor.user,
        "asked_at": timezone.now(),
        "num_cases": _cases(campaign.pk).count(),
        "num_done": 0,
        "num_moved": 0,
        "last_case": NONE_YET,
        "nudge_at": next_nudge(),
    }
    found, _ = Redecision.objects.update_or_create(asked, campaign=campaign, completed_at=None)
    announce(EventKind.REDECISION_ASKED, campaign=campaign.slug, num_cases=found.num_cases)
    return found


def redecide_some() -> bool:
    """Decide some cases of what was asked for first; whether whoever calls shall go on.

    Two at once do the same work, and only one of them goes on.
    """
    asked = Redecision.objects.filter(completed_at=None).order_by("asked_at").first()
    if asked is None:
        return False
    ahead = _cases(asked.campaign_id).filter(pk__gt=asked.last_case).order_by("pk")
    keys = list(ahead.values_list("pk", flat=True)[:CHUNK])
    num_moved = sum(_redecide_one(pk) for pk in keys)
    return _advance(asked, keys, num_moved) if keys else _complete(asked)


def overdue_redecision() -> bool:
    """Whether somebody has asked for one with which nobody goes on."""
    return Redecision.objects.filter(completed_at=None, nudge_at__lt=Now()).exists()


def _advance(asked: Redecision, keys: list[uuid.UUID], num_moved: int) -> bool:
    return bool(
        _as_it_was(asked).update(
            last_case=keys[-1],
            num_done=F("num_done") + len(keys),
            num_moved=F("num_moved") + num_moved,
            nudge_at=next_nudge(),
        )
    )


@transaction.atomic
def _complete(asked: Redecision) -> bool:
    if not _as_it_was(asked).update(completed_at=Now()):
        return False
    announce(EventKind.REDECISION_DONE, campaign=asked.campaign.slug, num_moved=asked.num_moved)
    return True  # another campaign may wait


def _as_it_was(asked: Redecision) -> QuerySet[Redecision]:
    """It, unless somebody has gone on with it meanwhile, or asked anew."""
    same = Redecision.objects.filter(pk=asked.pk, completed_at=None)
    return same.filter(asked_at=asked.asked_at, last_case=asked.last_case)


def _cases(campaign_id: int) -> QuerySet[ReviewCase]:
    return ReviewCase.objects.filter(campaign=campaign_id, status__in=VOTED)


@transaction.atomic
def _redecide_one(pk: Any) -> bool:
    cases = ReviewCase.objects.select_for_update(of=("self",)).select_related("clip__prompt")
    case = cases.filter(pk=pk).first()
    # Whoever holds a lease is judging it at this moment: their vote decides it anew anyway.
    if case is None or case.leased_by_id is not None:
        return False
    return decide_case(case)
