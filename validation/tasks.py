"""The validation's background work."""

from __future__ import annotations

import uuid

from celery import shared_task

from validation import selectors, services

SWEEP_BATCH = 500


@shared_task(name="validation.prescore")
def prescore(clip_id: str) -> None:
    """Open the case of a transcoded clip and let the model hear it."""
    case = services.open_case(uuid.UUID(clip_id))
    if case is not None:
        services.score_case(case.pk)


@shared_task(name="validation.sweep")
def sweep() -> None:
    """Nudge again whatever a lost message or a dead worker left behind."""
    for pk in selectors.clips_without_case().values_list("pk", flat=True)[:SWEEP_BATCH]:
        prescore.delay(str(pk))
    for pk in selectors.cases_to_score().values_list("clip_id", flat=True)[:SWEEP_BATCH]:
        prescore.delay(str(pk))
