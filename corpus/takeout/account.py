"""What an account has besides its speakers: itself, its roles, and what it judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import orjson
from django.utils.timezone import localtime

from collector.models import User
from corpus.takeout.rows import FrozenRows
from validation.models import ClipReport, OwnVoice, ReviewerProfile, ReviewerStanding, Verdict

_PRETTY: Final = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS
_STANDING: Final = (
    "campaign__slug", "sensitivity", "specificity", "num_judged", "num_gold", "agreement", "kappa",
    "estimated_at", "quarantined_at",
)  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """How somebody judged in a campaign."""

    campaign: str
    accepted: int
    rejected: int
    unsure: int


@dataclass(frozen=True)
class Account:
    """Somebody's account as it is at one moment."""

    text: bytes
    votes: FrozenRows

    @staticmethod
    def of(user: User) -> Account:
        """The account as it is now."""
        return Account(account_json(user), FrozenRows("votes.sql", user=user.pk))

    def lines(self) -> Iterator[dict[str, Any]]:
        """Each vote, the first one first."""
        for batch in self.votes.batches():
            yield from batch

    @cached_property
    def judged(self) -> list[Judged]:
        """What was judged, campaign by campaign."""
        counts = Counter((vote["campaign"], vote["verdict"]) for vote in self.lines())
        slugs = sorted({slug for slug, _verdict in counts})
        verdicts = (Verdict.ACCEPT, Verdict.REJECT, Verdict.UNSURE)
        return [Judged(slug, *(counts[slug, verdict] for verdict in verdicts)) for slug in slugs]


def account_json(user: User) -> bytes:
    """The account that the speakers are in, and what is known of its owner as a reviewer."""
    roles = user.memberships.select_related("campaign").order_by("campaign__slug", "role")
    profile = ReviewerProfile.objects.filter(user=user).first()
    standings = ReviewerStanding.objects.filter(reviewer=user).order_by("campaign__slug")
    reports = ClipReport.objects.filter(reporter=user).order_by("at", "pk")
    voices = OwnVoice.objects.filter(user=user).order_by("pk")
    known = {
        "email": user.email,
        "since": localtime(user.date_joined),
        "roles": [{"campaign": each.campaign.slug, "role": each.role} for each in roles],
        "languages": profile.languages if profile else [],
        # Voices that were heard in its browser: it is given none of their clips to judge.
        "own_voices": [str(pk) for pk in voices.values_list("speaker", flat=True)],
        "standings": [_standing(each) for each in standings.values(*_STANDING)],
        "reported_clips": list(
            reports.values("case__campaign__slug", "reason", "note", "status", "at")
        ),
    }
    return orjson.dumps(known, option=_PRETTY)


def _standing(row: dict[str, Any]) -> dict[str, Any]:
    return {name.removesuffix("__slug"): value for name, value in row.items()}
