"""The validation's background work."""

from __future__ import annotations

import uuid

from celery import shared_task

from collector.models import Clip, ClipStatus
from validation import services
from validation.models import CaseStatus, ReviewCase

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
    for clip_id in Clip.overdue(ClipStatus.TRANSCODED, SWEEP_BATCH):
        prescore.delay(str(clip_id))
    for case_id in ReviewCase.overdue(CaseStatus.SCORING, SWEEP_BATCH):
        prescore.delay(str(ReviewCase.objects.get(pk=case_id).clip_id))
