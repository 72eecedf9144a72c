"""What a curator sees of the machine: what it said against what people found."""

from __future__ import annotations

from typing import Any

from collector.models import Campaign
from validation.hearing import Ear, ear_of
from validation.models import CampaignCalibration, CaseStatus, PreScore
from validation.reliability import dots
from validation.scoring.models import Method, ModelFolderError
from validation.scoring.recalibrate import MIN_EXAMPLES, Bin, calibration_error, reliability
from validation.services.learning import DECIDED, num_decided, num_shown_last


def trust_in_machine(campaign: Campaign) -> dict[str, Any]:
    """Everything that the page shows; only ``ear`` (None) where no model knows the language."""
    try:
        ear = ear_of(campaign)
    except ModelFolderError:
        ear = None  # the worker's log says what is wrong with it
    if ear is None:
        return {"ear": None}
    bins = _bins(campaign, ear)
    num_reviewed = num_decided(campaign, ear.listener.sha256)
    since = num_reviewed - num_shown_last(campaign, ear.listener.sha256)
    return {
        "ear": ear,
        "dots": dots(bins),
        "num_reviewed": num_reviewed,
        "error_percent": 100 * calibration_error(bins) if bins else None,
        "learned": ear.learned,
        "latest": CampaignCalibration.objects.filter(campaign=campaign)
        .order_by("-made_at")
        .first(),
        "can_learn": ear.listener.method == Method.FORCED_LIKELIHOOD,
        "num_missing": max(0, MIN_EXAMPLES - since),
    }


def _bins(campaign: Campaign, ear: Ear) -> tuple[Bin, ...]:
    """Of clips that the learning had not seen; before it has learnt, of all that were judged."""
    if ear.learned is not None and ear.learned.recalibration is not None:
        return ear.learned.recalibration.reliability
    scores = PreScore.objects.filter(
        clip__participation__campaign=campaign,
        clip__review_case__status__in=DECIDED,
        model_sha256=ear.listener.sha256,
        match__isnull=False,
    ).values_list("match", "clip__review_case__status")
    judged = [(match or 0.0, status == CaseStatus.ACCEPTED) for match, status in scores]
    if not judged:
        return ()
    return reliability([right for _, right in judged], [match for match, _ in judged])
