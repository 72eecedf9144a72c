"""What the transparency page shows: counts over time, the latest lists, the key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncMonth

from corpus.models import Revocation, RevocationKey, RevocationList
from corpus.revocations.keys import fingerprint

LATEST = 10
MONTHS = 24
#: The plot's size, in its own units.
WIDTH, HEIGHT = 600, 160


@dataclass(frozen=True)
class Bar:
    """One month of the plot: what was taken back in it, and where it is drawn."""

    month: datetime
    count: int
    x: float
    y: float
    width: float
    height: float


def shown() -> dict[str, Any]:
    """All that the page tells."""
    newest = RevocationKey.objects.order_by("-pk").first()
    return {
        "total": Revocation.objects.count(),
        "by_reason": Revocation.objects.values("reason").annotate(n=Count("pk")).order_by("reason"),
        "bars": bars(),
        "width": WIDTH,
        "height": HEIGHT,
        "lists": RevocationList.objects.order_by("-number")[:LATEST],
        "fingerprint": fingerprint(newest.public_key) if newest else "",
        "keys": RevocationKey.objects.count(),
    }


def bars() -> list[Bar]:
    """The last months, the earliest first, with those between in which nothing was taken back."""
    by_month = Revocation.objects.annotate(month=TruncMonth("revoked_at")).values("month")
    counted = {each["month"]: each["n"] for each in by_month.annotate(n=Count("pk"))}
    months = _months(min(counted), max(counted))[-MONTHS:] if counted else []
    most = max((counted.get(month, 0) for month in months), default=0)
    step = WIDTH / max(len(months), 6)
    return [
        _bar(month, counted.get(month, 0), most, number * step, step)
        for number, month in enumerate(months)
    ]


def _months(first: datetime, last: datetime) -> list[datetime]:
    ends = first.year * 12 + first.month - 1, last.year * 12 + last.month
    return [first.replace(year=n // 12, month=n % 12 + 1) for n in range(*ends)]


def _bar(month: datetime, count: int, most: int, left: float, step: float) -> Bar:
    height = round(HEIGHT * count / most, 1)
    x, width = round(left + step * 0.15, 1), round(step * 0.7, 1)
    return Bar(month, count, x, round(HEIGHT - height, 1), width, height)
