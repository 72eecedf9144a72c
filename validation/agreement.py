"""How far a campaign's reviewers agree: of all, each one, and tag by tag."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass

from collector.models import Campaign
from validation.models import Review, ReviewerStanding, Verdict
from validation.verdicts.agreement import (
    Answer,
    agreeing_pairs,
    cohens_kappa,
    krippendorffs_alpha,
    percent,
)

#: The newest votes that the figures are made of.
MAX_VOTES = 50_000


@dataclass(frozen=True)
class Agreement:
    """Over clips that two people or more have judged; None where there are none."""

    num_votes: int
    percent: float | None
    kappa: float | None
    """Over all pairs of votes on the same clip, in the order they came."""
    alpha: float | None


def agreement_of(answers: list[Answer]) -> Agreement:
    """The three figures."""
    pairs = agreeing_pairs(answers)
    return Agreement(
        len(answers), percent(pairs), cohens_kappa(pairs), krippendorffs_alpha(answers)
    )


def campaign_agreement(campaign: Campaign, reviewer_id: int | None = None) -> dict[str, object]:
    """Of the campaign, of each tag, and of each reviewer (or of ``reviewer_id`` alone)."""
    cast = Review.objects.filter(case__campaign=campaign, reviewer__isnull=False).order_by("-at")
    rows = list(cast.values_list("case", "reviewer", "verdict", "tags")[:MAX_VOTES])
    told = [Answer(case, who, verdict) for case, who, verdict, _ in rows
            if verdict != Verdict.UNSURE]  # fmt: skip
    used = Counter(tag for *_, tags in rows for tag in tags)
    tags = {
        tag: asdict(agreement_of([Answer(case, who, tag in tags) for case, who, _, tags in rows]))
        for tag in sorted(used)
    }
    standings = ReviewerStanding.objects.filter(campaign=campaign).order_by("pk")
    if reviewer_id is not None:
        standings = standings.filter(reviewer=reviewer_id)
    return {
        "campaign": asdict(agreement_of(told)),
        "tags": tags,
        "reviewers": [
            {
                "reviewer": standing.reviewer_id,
                "votes": standing.num_judged,
                "gold": standing.num_gold,
                "percent": None if standing.agreement is None else 100 * standing.agreement,
                "kappa": standing.kappa,
                "sensitivity": standing.sensitivity,
                "specificity": standing.specificity,
                "is_quarantined": standing.quarantined_at is not None,
            }
            for standing in standings
        ],
    }
