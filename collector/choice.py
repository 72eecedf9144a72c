"""Which prompts a speaker is offered next. docs/prompts.md says why, and what it costs."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import connection

from collector.models import Campaign, Participation, Prompt
from collector.models.clip import LIVE
from collector.models.prompt import LEVELS
from collector.rules import Offer, in_order, ring_place

CHOICE = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
_ANY_NUMBER = 2_000_000_000


def next_prompts(
    campaign: Campaign,
    participation: Participation | None,
    limit: int,
    first: Prompt | None = None,
    without: Sequence[str] = (),
) -> list[Offer]:
    """The speaker's next set: what the campaign needs most and this speaker has said least.

    ``first`` comes at the head, as for a take that is made again; ``without`` are ids of prompts
    that the speaker's device has in hand already. Empty when there is nothing left to say.
    """
    head = [] if first is None else [Offer(first.pk, first.kind, first.text, first.seconds)]
    in_hand = [*without, *(str(offer.id) for offer in head)]
    # Strangers have no place of their own yet: anywhere, so that they do not all read the same.
    seed = secrets.token_hex(8) if participation is None else participation.pseudonym
    with connection.cursor() as cursor:
        cursor.execute(
            CHOICE, choice_parameters(campaign, participation, seed, limit - len(head), in_hand)
        )
        found = [Offer(*row) for row in cursor.fetchall()]
    return head + in_order(found, seed)


def choice_parameters(
    campaign: Campaign,
    participation: Participation | None,
    seed: str,
    limit: int,
    without: Sequence[str] = (),
) -> dict[str, Any]:
    """What ``CHOICE`` is asked with."""
    return {
        "campaign": campaign.pk,
        "me": None if participation is None else participation.pk,
        "start": ring_place(seed),
        "top_level": LEVELS - 1,
        "limit": limit,
        "without": list(without),
        "live": tuple(LIVE),
        "keyword_takes": campaign.keyword_takes_per_speaker or _ANY_NUMBER,
        "other_takes": campaign.sentence_takes_per_speaker or _ANY_NUMBER,
    }
