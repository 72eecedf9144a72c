"""What a release's datasheet is made of, read once, when the release is frozen."""

from __future__ import annotations

from typing import Any

from django.db.models import Max, Min
from django.db.models.functions import TruncMonth

from corpus.drawing import read
from corpus.models import Release
from corpus.selectors import current_terms, release_counts
from validation.models import ReviewPolicy


def sheet_of(release: Release) -> dict[str, Any]:
    """The campaign as it is today, and what the release's clips have in common.

    To be called in the transaction that has drawn them.
    """
    campaign, terms = release.campaign, current_terms(release.campaign)
    policy = ReviewPolicy.of(campaign.pk)
    return {
        "title": campaign.name,
        "description": " ".join(campaign.description.split()),
        "language": campaign.language,
        "licence": release.licence,
        **release_counts(release),
        **_period(release),
        "consent_texts": _consent_texts(release),
        "models": _models(),
        "review": {"policy": policy.name, "max_votes": policy.max_votes},
        "terms": None if terms is None else {"version": terms.version, "sha256": terms.sha256},
    }


def _period(release: Release) -> dict[str, str]:
    ends = release.entries.aggregate(
        first=TruncMonth(Min("clip__received_at")), last=TruncMonth(Max("clip__received_at"))
    )
    # Months, and not days: who recorded on which day is nobody's business.
    return {f"{end}_month": f"{day:%Y-%m}" for end, day in ends.items() if day}


def _consent_texts(release: Release) -> list[dict[str, Any]]:
    text = "clip__consent__text__version", "clip__consent__text__sha256"
    texts = release.entries.values_list(*text).distinct().order_by(*text)
    return [{"version": version, "sha256": sha256} for version, sha256 in texts]


def _models() -> list[str]:
    drawn = read("SELECT DISTINCT model FROM drawn WHERE model IS NOT NULL ORDER BY model")
    return [row["model"] for row in drawn]
