"""Verdicts from elsewhere: clips of a corpus that its own people have accepted."""

from __future__ import annotations

from django.db import transaction

from collector.locks import lock_live_clip
from collector.models import Clip, User
from validation.models import CaseStatus, Review, ReviewCase, Verdict
from validation.services.cases import open_case
from validation.services.deciding import CURATOR, move_case

#: More votes than these say nothing more.
MOST_VOTES = 50


@transaction.atomic
def accept_imported(
    clip: Clip, curator: User, *, text: str = "", accepts: int = 0, rejects: int = 0, source: str
) -> bool:
    """Accept a clip on a curator's word that it was judged elsewhere; again is harmless.

    Votes that were told with it are kept as votes without a person. ``text`` is what is said,
    where that is not the prompt. False for a clip that is gone or already decided.
    """
    if lock_live_clip(clip.pk) is None or open_case(clip.pk) is None:
        return False
    case = ReviewCase.objects.select_for_update(of=("self",)).get(clip=clip)
    if case.status not in (CaseStatus.SCORING, CaseStatus.OPEN):
        return False
    given = ((Verdict.ACCEPT, accepts), (Verdict.REJECT, rejects))
    votes = [verdict for verdict, times in given for _ in range(min(times, MOST_VOTES))]
    Review.objects.bulk_create(Review(case=case, verdict=verdict) for verdict in votes)
    return move_case(
        case,
        CaseStatus.ACCEPTED,
        text=text,
        inputs=CURATOR,
        curator=curator,
        note=f"Accepted in {source}"[:500],
    )
