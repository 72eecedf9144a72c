"""The validation's background work."""

from __future__ import annotations

import uuid
from pathlib import Path

from celery import shared_task

from collector.models import Campaign, Clip, ClipStatus
from validation import services
from validation.models import CaseStatus, ReviewCase

SWEEP_BATCH = 500


@shared_task(name="validation.prescore")
def prescore(clip_id: str) -> None:
    """Open the case of a transcoded clip and let the model hear it."""
    case = services.open_case(uuid.UUID(clip_id))
    if case is not None:
        services.score_case(case.pk)


@shared_task(name="validation.rescore", reject_on_worker_lost=False)
def rescore(clip_ids: list[str], model_folder: str | None = None) -> None:
    """Hear clips again for a slice of time, and put off the rest behind what else waits.

    Acknowledged late: an early one would let the worker take its next message, of the back-fill
    too, before a speaker's can come. And acknowledged even if its process dies: a clip that kills
    it must not come back for ever. What is lost so stays without a score of the model, and
    ``manage.py rescore`` asks for it again.
    """
    folder = None if model_folder is None else Path(model_folder)
    left = services.rescore_some([uuid.UUID(clip_id) for clip_id in clip_ids], folder)
    if left:
        rescore.delay([str(clip_id) for clip_id in left], model_folder)


@shared_task(name="validation.recalibrate")
def recalibrate(campaign_id: int) -> None:
    """Learn from one campaign's verdicts, where there are enough new ones."""
    services.learn_from_verdicts(campaign_id)


@shared_task(name="validation.recalibrate_all")
def recalibrate_all() -> None:
    """Nightly: one message for each campaign, so that one which fails costs no other."""
    for campaign_id in Campaign.objects.values_list("pk", flat=True):
        recalibrate.delay(campaign_id)


@shared_task(name="validation.rate")
def rate(campaign_id: int) -> None:
    """Rate one campaign's reviewers, and look whether the machine still means what it says."""
    campaign = Campaign.objects.get(pk=campaign_id)
    services.estimate_standings(campaign)
    services.watch_drift(campaign)


@shared_task(name="validation.rate_all")
def rate_all() -> None:
    """Nightly: one message for each campaign, so that one which fails costs no other."""
    for campaign_id in Campaign.objects.values_list("pk", flat=True):
        rate.delay(campaign_id)


@shared_task(name="validation.redecide")
def redecide() -> None:
    """Decide some earlier cases anew, and put off the rest behind what else waits."""
    if services.redecide_some():
        redecide.delay()


@shared_task(name="validation.sweep")
def sweep() -> None:
    """Nudge again whatever a lost message or a dead worker left behind, reviewers included."""
    services.give_back_expired()
    for clip_id in Clip.overdue(ClipStatus.TRANSCODED, SWEEP_BATCH):
        prescore.delay(str(clip_id))
    for case_id in ReviewCase.overdue(CaseStatus.SCORING, SWEEP_BATCH):
        prescore.delay(str(ReviewCase.objects.get(pk=case_id).clip_id))
    if services.overdue_redecision():
        redecide.delay()
