"""Reads of the validation."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.utils import timezone
from django.utils.translation import ngettext

from collector.models import Campaign, Clip, ClipStatus, Prompt, PromptKind
from validation.models import (
    CaseStatus,
    ClipReport,
    PreScore,
    Redecision,
    ReportOutcome,
    ReviewCase,
)
from validation.models.cases import VOTED


def competing_keywords(prompt: Prompt) -> list[str]:
    """The other keywords of the prompt's campaign: what else the speaker may have said."""
    if prompt.kind != PromptKind.KEYWORD:
        return []
    others = Prompt.objects.filter(campaign=prompt.campaign_id, kind=PromptKind.KEYWORD)
    return list(others.exclude(pk=prompt.pk).order_by("text").values_list("text", flat=True))


def latest_pre_score(clip: Clip) -> PreScore | None:
    """The newest score of a clip; without a query where ``newest_scores`` were fetched with it."""
    fetched: list[PreScore] | None = getattr(clip, "newest_scores", None)
    if fetched is None:
        return clip.pre_scores.order_by("-at").first()
    return fetched[0] if fetched else None


def accepted_clips(campaign: Campaign) -> QuerySet[Clip]:
    """The clips of a campaign that people accepted and that their speakers still lend.

    None that was reported, or whose speaker is set apart, until a curator has settled it.
    """
    return accepted_in([campaign])


def accepted_in(campaigns: Collection[Campaign]) -> QuerySet[Clip]:
    """The same of several campaigns."""
    return Clip.objects.filter(
        participation__campaign__in=campaigns,
        status=ClipStatus.TRANSCODED,
        review_case__status=CaseStatus.ACCEPTED,
        review_case__is_held=False,
    )


def validated_text(clip: Clip) -> str:
    """What an accepted clip says: the transcript that was agreed on, else its prompt."""
    agreed = clip.review_case.accepted_text if hasattr(clip, "review_case") else ""
    return agreed or (clip.prompt.text if clip.prompt else "")


def hard_cases(campaign: Campaign, beyond: float = 0.8) -> QuerySet[ReviewCase]:
    """Cases in which people and the machine disagree, the most surprising ones first.

    The machine gave what people found a probability of 1 - ``beyond`` or less. Those that it set
    aside alone are none: nobody has heard them.
    """
    newest = PreScore.objects.filter(clip=OuterRef("clip")).order_by("-at").values("match")[:1]
    accepted = Q(status=CaseStatus.ACCEPTED)
    judged = ReviewCase.objects.filter(
        accepted | Q(status=CaseStatus.REJECTED),
        campaign=campaign,
        clip__status=ClipStatus.TRANSCODED,
    ).annotate(machine=Subquery(newest))
    surprise = Case(When(accepted, then=1.0 - F("machine")), default=F("machine"))
    found = judged.annotate(surprise=surprise).filter(surprise__gte=beyond)
    return found.order_by("-surprise", "pk")


def cases_for_curator(campaign: Campaign) -> QuerySet[ReviewCase]:
    """What waits for a curator: where people cannot agree, and what was reported."""
    reported = ClipReport.objects.filter(case=OuterRef("pk"), status=ReportOutcome.WAITING)
    waiting = Q(status=CaseStatus.ADJUDICATE) | Exists(reported)
    return ReviewCase.objects.filter(waiting, campaign=campaign).order_by("created_at")


def num_voted(campaign: Campaign) -> int:
    """How many cases a redecision looks at."""
    return ReviewCase.objects.filter(campaign=campaign, status__in=VOTED).count()


def latest_redecision(campaign: Campaign) -> Redecision | None:
    """The one under way, or the last that was."""
    return Redecision.objects.filter(campaign=campaign).order_by("-pk").first()


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


def is_take_waiting() -> bool:
    """Whether somebody's new take waits for a free worker."""
    return Clip.objects.filter(
        status=ClipStatus.RECEIVED, nudge_at__isnull=False, claimed_until__isnull=True
    ).exists()


def unheard_by(campaign: Campaign, model_sha256: str, calibration: str) -> QuerySet[Clip]:
    """A campaign's clips that went to people, and whose newest score is of something else."""
    newest = PreScore.objects.filter(clip=OuterRef("pk")).order_by("-at").values("pk")[:1]
    heard = PreScore.objects.filter(
        pk=OuterRef("newest"), model_sha256=model_sha256, calibration=calibration
    )
    cases = list(VOTED)
    return Clip.objects.alias(newest=Subquery(newest)).filter(
        ~Exists(heard),
        participation__campaign=campaign,
        status=ClipStatus.TRANSCODED,
        review_case__status__in=cases,
    )
