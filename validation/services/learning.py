"""What reviewers' verdicts teach the machine about one campaign."""

from __future__ import annotations

import logging

from django.db import transaction
from django.db.models import Q, QuerySet

from collector.models import Campaign, ClipStatus
from validation.hearing import ear_of
from validation.models import CampaignCalibration, CaseStatus, PreScore
from validation.scoring.models import Method
from validation.scoring.recalibrate import MIN_EXAMPLES, Example, Recalibration, recalibrate
from validation.scoring.score import calibration

log = logging.getLogger(__name__)
DECIDED = [CaseStatus.ACCEPTED, CaseStatus.REJECTED]


def learn_from_verdicts(campaign_id: int) -> CampaignCalibration | None:
    """Refit a campaign's coefficients to its verdicts; the attempt, or None where none was due.

    Due with 30 decided clips more than at the last attempt. What was learned is in force from then
    on for new scores, if it foretells held-out verdicts better; scores that were made stay until
    somebody asks for them anew (``manage.py rescore``).
    """
    campaign = Campaign.objects.get(pk=campaign_id)
    ear = ear_of(campaign)
    if ear is None or ear.listener.method != Method.FORCED_LIKELIHOOD:
        return None
    model_sha256 = ear.listener.sha256
    examples = examples_of(campaign, model_sha256)
    if len(examples) - num_shown_last(campaign, model_sha256) < MIN_EXAMPLES:
        return None
    learned = recalibrate(examples, calibration())
    return _keep(campaign, model_sha256, len(examples), learned)


def examples_of(campaign: Campaign, model_sha256: str) -> list[Example]:
    """The campaign's decided clips that this model has heard, with the features it stored."""
    scores = _judged(campaign, model_sha256).select_related(
        "clip__participation", "clip__review_case"
    )
    return [
        Example(
            layer=score.layer,
            features=score.features,
            right=score.clip.review_case.status == CaseStatus.ACCEPTED,
            prompt=str(score.clip.prompt_id or ""),
            group=str(score.clip.participation.speaker_id),
        )
        for score in scores.order_by("clip_id")
    ]


def num_decided(campaign: Campaign, model_sha256: str) -> int:
    """How many decided clips there are to learn from."""
    return _judged(campaign, model_sha256).count()


def _judged(campaign: Campaign, model_sha256: str) -> QuerySet[PreScore]:
    return PreScore.objects.filter(
        ~Q(layer=""),
        clip__participation__campaign=campaign,
        clip__status=ClipStatus.TRANSCODED,
        clip__review_case__status__in=DECIDED,
        model_sha256=model_sha256,
    )


def num_shown_last(campaign: Campaign, model_sha256: str) -> int:
    """How many decided clips the last attempt was shown; 0 before the first."""
    last = CampaignCalibration.objects.filter(campaign=campaign, model_sha256=model_sha256)
    found = last.order_by("-made_at").values_list("num_reviewed", flat=True).first()
    return found or 0


@transaction.atomic
def _keep(
    campaign: Campaign, model_sha256: str, num_reviewed: int, learned: Recalibration | None
) -> CampaignCalibration:
    # Two at the same time would both think that theirs is the only one in force.
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    made = CampaignCalibration(
        campaign=campaign, model_sha256=model_sha256, num_reviewed=num_reviewed
    )
    if learned is not None:
        made.learned = learned.as_dict()
        made.log_loss_before = learned.log_loss_before
        made.log_loss_after = learned.log_loss_after
        made.is_active = True
        earlier = CampaignCalibration.objects.filter(campaign=campaign, model_sha256=model_sha256)
        earlier.filter(is_active=True).update(is_active=False)
    made.save()
    log.info("%s: learned from verdicts: %s", made, "kept" if learned else "no gain, left as is")
    return made
