"""What a curator sees of the machine: what it said against what people found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from collector.models import Campaign
from validation.hearing import Ear, ear_of, shipped_of
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
    listener, judged = ear.listener, _judged(campaign, ear)
    bins = _bins(ear, judged)
    since = num_decided(campaign, listener) - num_shown_last(campaign, listener)
    tried = CampaignCalibration.attempts(campaign, listener.sha256, listener.calibration)
    return {
        "ear": ear,
        "dots": dots(bins),
        "num_reviewed": len(judged),
        "num_outdated": sum(each.shipped != listener.calibration for each in judged),
        "error_percent": 100 * calibration_error(bins) if bins else None,
        "learned": ear.learned,
        "latest": tried.first(),
        "can_learn": listener.method == Method.FORCED_LIKELIHOOD,
        "num_missing": max(0, MIN_EXAMPLES - since),
    }


@dataclass(frozen=True)
class _Judged:
    """A decided clip and what the machine said of it last."""

    match: float
    is_right: bool
    shipped: str
    """Version of the shipped coefficients that made the match, or that it was refitted from."""


def _judged(campaign: Campaign, ear: Ear) -> list[_Judged]:
    scores = PreScore.objects.filter(
        clip__participation__campaign=campaign,
        clip__review_case__status__in=DECIDED,
        model_sha256=ear.listener.sha256,
        match__isnull=False,
    )
    newest = scores.order_by("clip_id", "-at").distinct("clip_id")
    return [
        _Judged(match or 0.0, status == CaseStatus.ACCEPTED, shipped_of(calibration))
        for match, status, calibration in newest.values_list(
            "match", "clip__review_case__status", "calibration"
        )
    ]


def _bins(ear: Ear, judged: list[_Judged]) -> tuple[Bin, ...]:
    """Of clips that the learning had not seen; before it has learnt, of all that were judged."""
    if ear.learned is not None and ear.learned.recalibration is not None:
        return ear.learned.recalibration.reliability
    if not judged:
        return ()
    return reliability([each.is_right for each in judged], [each.match for each in judged])
