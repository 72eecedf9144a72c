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
    """The last months in which anything was taken back, the earliest first."""
    by_month = Revocation.objects.annotate(month=TruncMonth("revoked_at")).values("month")
    counts = list(by_month.annotate(n=Count("pk")).order_by("-month")[:MONTHS])[::-1]
    most = max((each["n"] for each in counts), default=0)
    step = WIDTH / max(len(counts), 6)
    return [
        Bar(
            month=each["month"],
            count=each["n"],
            x=round(number * step + step * 0.15, 1),
            y=round(HEIGHT * (1 - each["n"] / most), 1),
            width=round(step * 0.7, 1),
            height=round(HEIGHT * each["n"] / most, 1),
        )
        for number, each in enumerate(counts)
    ]
