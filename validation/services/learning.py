"""What reviewers' verdicts teach the machine about one campaign."""

from __future__ import annotations

import logging
import uuid
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Final

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from collector.models import Campaign, ClipStatus
from validation import rules
from validation.hearing import ear_of, weighed_by
from validation.models import (
    CampaignCalibration,
    CaseStatus,
    Decision,
    PreScore,
    ReviewCase,
    ReviewPolicy,
    Verdict,
)
from validation.models.cases import VOTED
from validation.scoring.models import Listener, Method
from validation.scoring.recalibrate import (
    MIN_EXAMPLES,
    Example,
    Recalibration,
    has_failed,
    recalibrate,
)
from validation.scoring.score import EVEN_ODDS, calibration
from validation.services.deciding import CURATOR, counted_votes

log = logging.getLogger(__name__)
DECIDED = [CaseStatus.ACCEPTED, CaseStatus.REJECTED]
#: A sample of which people have told more than this share is taken for whole.
COVERED: Final = 0.9


def learn_from_verdicts(campaign_id: int) -> CampaignCalibration | None:
    """Refit a campaign's coefficients to its verdicts; the attempt, or None where none was due.

    Due with 30 decided clips more than at the last attempt with the same shipped coefficients.
    What was learned is in force from then on for new scores, if it foretells held-out verdicts
    better; scores that were made stay until somebody asks for them anew (``manage.py rescore``).
    What was in force ends where the shipped coefficients prove better.
    """
    campaign = Campaign.objects.get(pk=campaign_id)
    ear = ear_of(campaign)
    if ear is None or ear.listener.method != Method.FORCED_LIKELIHOOD:
        return None
    num_reviewed = num_decided(campaign, ear.listener)
    if num_reviewed - num_shown_last(campaign, ear.listener) < MIN_EXAMPLES:
        return None
    asked = examples_of(campaign, ear.listener), calibration(), EVEN_ODDS
    in_force = None if ear.learned is None else ear.learned.recalibration
    learned = recalibrate(*asked, in_force)
    made = CampaignCalibration(
        campaign=campaign,
        model_sha256=ear.listener.sha256,
        shipped=ear.listener.calibration,
        num_reviewed=num_reviewed,
    )
    ends = in_force is not None and learned is None and has_failed(in_force, *asked)
    return _keep(made, learned, ends)


def examples_of(campaign: Campaign, listener: Listener) -> list[Example]:
    """The decided clips with the features that these coefficients weigh, and what people said."""
    said = said_by_people(campaign)
    heard = _heard(campaign, listener).filter(clip__review_case__status__in=VOTED)
    statuses = dict(heard.values_list("clip_id", "clip__review_case__status"))
    fair = fair_sample(statuses, said, ReviewPolicy.of(campaign.pk).blind_share)
    scores = _judged(campaign, listener).select_related("clip__participation")
    return [
        Example(
            layer=score.layer,
            features=score.features,
            right=said[score.clip_id],
            prompt=str(score.clip.prompt_id or ""),
            group=str(score.clip.participation.speaker_id),
            is_fair=score.clip_id in fair,
        )
        for score in scores
        if score.clip_id in said
    ]


def said_by_people(campaign: Campaign) -> dict[uuid.UUID, bool]:
    """By decided clip, whether it says its prompt in the words of people alone.

    The verdict itself holds the machine's match, which must not teach itself: so a curator's own
    decision counts, and else which side has more votes. Clips with as many on either side, and
    those that were accepted with another text than the prompt, tell nothing.
    """
    newest = Decision.objects.filter(case=OuterRef("pk")).order_by("-id").values("inputs")[:1]
    cases = ReviewCase.objects.filter(campaign=campaign, status__in=DECIDED, accepted_text="")
    balance = _balance(campaign)
    said = {}
    for clip_id, status, how in cases.values_list("clip_id", "status", Subquery(newest)):
        if how == CURATOR:
            said[clip_id] = status == CaseStatus.ACCEPTED
        elif balance[clip_id]:
            said[clip_id] = balance[clip_id] > 0
    return said


def _balance(campaign: Campaign) -> Counter[uuid.UUID]:
    """By clip, how many more votes there are for it than against it."""
    votes = counted_votes(campaign.pk).exclude(verdict=Verdict.UNSURE)
    balance: Counter[uuid.UUID] = Counter()
    for clip_id, verdict in votes.values_list("case__clip_id", "verdict"):
        balance[clip_id] += 1 if verdict == Verdict.ACCEPT else -1
    return balance


def fair_sample(
    statuses: Mapping[uuid.UUID, str], said: Collection[uuid.UUID], blind_share: float
) -> set[uuid.UUID]:
    """The clips that tell the campaign's share of right ones, whatever the machine thought.

    All of them where people have told nearly all; else those that the hash draws (those of them
    that are plain to the machine are judged blind), where people have told nearly all of these;
    else none. ``statuses``: of the cases of all clips that the machine heard, and that may be
    judged. A sample with clips that the machine set aside is none, however few they are: all of
    them are on one side.
    """
    for share in (1.0, blind_share):
        drawn = {clip_id for clip_id in statuses if rules.is_drawn(clip_id, share)}
        is_told = sum(clip_id in said for clip_id in drawn) > COVERED * len(drawn)
        if is_told and not any(statuses[each] == CaseStatus.SET_ASIDE for each in drawn):
            return drawn
    return set()


def num_decided(campaign: Campaign, listener: Listener) -> int:
    """How many decided clips there are to learn from."""
    return _judged(campaign, listener).count()


def num_shown_last(campaign: Campaign, listener: Listener) -> int:
    """How many decided clips the last attempt was shown; 0 before the first."""
    tried = CampaignCalibration.attempts(campaign, listener.sha256, listener.calibration)
    return tried.values_list("num_reviewed", flat=True).first() or 0


def _judged(campaign: Campaign, listener: Listener) -> QuerySet[PreScore]:
    return _heard(campaign, listener).filter(clip__review_case__status__in=DECIDED)


def _heard(campaign: Campaign, listener: Listener) -> QuerySet[PreScore]:
    """The newest score of each clip that has the features; in the order of clips."""
    scores = PreScore.objects.filter(
        weighed_by(listener),
        clip__participation__campaign=campaign,
        clip__status=ClipStatus.TRANSCODED,
    )
    return scores.order_by("clip_id", "-at").distinct("clip_id")


@transaction.atomic
def _keep(
    made: CampaignCalibration, learned: Recalibration | None, ends: bool
) -> CampaignCalibration:
    # Two at the same time would both think that theirs is the only one in force.
    Campaign.objects.select_for_update().get(pk=made.campaign_id)
    if learned is not None:
        made.learned = learned.as_dict()
        made.log_loss_before = learned.log_loss_before
        made.log_loss_after = learned.log_loss_after
        made.is_active = True
    if learned is not None or ends:
        CampaignCalibration.objects.filter(
            campaign=made.campaign_id, model_sha256=made.model_sha256, is_active=True
        ).update(is_active=False)
    made.save()
    log.info("%s: learned from verdicts: %s", made, "kept" if learned else "no gain")
    return made
