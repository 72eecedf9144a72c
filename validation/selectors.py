"""Reads of the validation."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import ngettext

from collector.models import Campaign, Clip, ClipStatus, Prompt, PromptKind
from validation.models import CaseStatus, PreScore, ReviewCase


def competing_keywords(prompt: Prompt) -> list[str]:
    """The other keywords of the prompt's campaign: what else the speaker may have said."""
    if prompt.kind != PromptKind.KEYWORD:
        return []
    others = Prompt.objects.filter(campaign=prompt.campaign_id, kind=PromptKind.KEYWORD)
    return list(others.exclude(pk=prompt.pk).order_by("text").values_list("text", flat=True))


def latest_pre_score(clip: Clip) -> PreScore | None:
    """The newest score of a clip."""
    return clip.pre_scores.order_by("-at").first()


def accepted_clips(campaign: Campaign) -> QuerySet[Clip]:
    """The clips of a campaign that people accepted and that their speakers still lend."""
    return Clip.objects.filter(
        participation__campaign=campaign,
        status=ClipStatus.TRANSCODED,
        review_case__status=CaseStatus.ACCEPTED,
    )


def num_waiting(campaign: Campaign) -> int:
    """How many clips of a campaign wait for people."""
    cases = ReviewCase.objects.filter(status=CaseStatus.OPEN)
    return cases.filter(clip__participation__campaign=campaign).count()


@dataclass(frozen=True)
class Waiting:
    """What the machine still has to hear."""

    clips: int
    oldest_s: float
    """How long the oldest has waited since it came in; 0 where none waits."""

    @property
    def age(self) -> str:
        """How long that is, for people: seconds, and minutes from two on."""
        if self.oldest_s < 120:
            return ngettext("%(num)d second", "%(num)d seconds", round(self.oldest_s)) % {
                "num": round(self.oldest_s)
            }
        minutes = round(self.oldest_s / 60)
        return ngettext("%(num)d minute", "%(num)d minutes", minutes) % {"num": minutes}


def waiting_for_machine(campaign: Campaign | None = None) -> Waiting:
    """Clips between their arrival and their score, of one campaign or of all.

    ``nudge_at`` is set for what waits and for nothing else, which keeps this to small indexes.
    """
    waits = Q(nudge_at__isnull=False)
    of_campaign = {} if campaign is None else {"participation__campaign": campaign}
    before = Clip.objects.filter(
        waits, status__in=[ClipStatus.RECEIVED, ClipStatus.TRANSCODED], **of_campaign
    )
    cases = ReviewCase.objects.filter(waits, status=CaseStatus.SCORING).values("clip_id")
    unheard = Clip.objects.filter(pk__in=cases, nudge_at__isnull=True, **of_campaign)
    found = [
        each.aggregate(clips=Count("pk"), oldest=Min("received_at")) for each in (before, unheard)
    ]
    since = [each["oldest"] for each in found if each["oldest"] is not None]
    oldest_s = (timezone.now() - min(since)).total_seconds() if since else 0.0
    return Waiting(sum(each["clips"] for each in found), max(0.0, oldest_s))


def unheard_by(campaign: Campaign, model_sha256: str, calibration: str) -> QuerySet[Clip]:
    """A campaign's clips that went to people without a score of this model and calibration."""
    scores = PreScore.objects.filter(
        clip=OuterRef("pk"), model_sha256=model_sha256, calibration=calibration
    )
    cases = [CaseStatus.OPEN, CaseStatus.ACCEPTED, CaseStatus.REJECTED]
    return Clip.objects.filter(
        ~Exists(scores),
        participation__campaign=campaign,
        status=ClipStatus.TRANSCODED,
        review_case__status__in=cases,
    )
