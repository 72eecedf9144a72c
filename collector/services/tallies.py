"""Counting what there is of each prompt: in the transaction that changes it, and again at night."""

from __future__ import annotations

import logging
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest, NullIf

from collector.models import Campaign, Prompt, PromptKind, PromptReport, PromptTally, ReportStatus
from collector.models.clip import LIVE

log = logging.getLogger(__name__)
BATCH = 1000


def count_take(prompt_id: uuid.UUID | None, by: int) -> None:
    """One take more (``by`` 1) or less (-1) of the prompt.

    Call it last in its transaction: until the commit the row is locked, and all who send a take of
    the same prompt wait for it.
    """
    _count(PromptTally.objects.filter(pk=prompt_id), by)


def count_takes(changes: Mapping[uuid.UUID, int]) -> None:
    """So many takes more or less of each prompt. Call it last in its transaction, too.

    All are locked before the first is changed, in the order of their keys, so that two who change
    many at once wait for each other, and never both.
    """
    tallies = PromptTally.objects.filter(pk__in=list(changes)).order_by("pk").select_for_update()
    list(tallies.values_list("pk", flat=True))
    prompts_by_change: dict[int, list[uuid.UUID]] = defaultdict(list)
    for prompt_id, by in changes.items():
        prompts_by_change[by].append(prompt_id)
    for by, prompt_ids in prompts_by_change.items():
        _count(PromptTally.objects.filter(pk__in=prompt_ids), by)


def _count(tallies: QuerySet[PromptTally], by: int) -> None:
    # Never below nothing: a wrong count is mended at night, a withdrawal that fails is a broken
    # promise.
    tallies.update(takes=Greatest(F("takes") + by, 0))


def offer_prompts(prompts: Iterable[Prompt]) -> None:
    """Give prompts their place on the ring where they have none, and settle who is offered."""
    made = [PromptTally(prompt=prompt, campaign_id=prompt.campaign_id) for prompt in prompts]
    PromptTally.objects.bulk_create(made, batch_size=BATCH, ignore_conflicts=True)
    refresh_tallies(PromptTally.objects.filter(pk__in=[tally.pk for tally in made]))


def offer_again(campaign: Campaign) -> None:
    """After a change of the campaign, its topics or its quotas: settle anew what is offered."""
    refresh_tallies(PromptTally.objects.filter(campaign=campaign))


def refresh_tallies(tallies: QuerySet[PromptTally]) -> None:
    """Bring into the tallies what is wanted of their prompts, and whether they are offered.

    Only where that has changed: uploads wait for a row that is written, until all of them are.
    """
    prompt = Prompt.objects.filter(pk=OuterRef("pk"))
    wanted = Coalesce("wanted_takes", "topic__wanted_takes", "campaign__wanted_takes")
    reported = PromptReport.objects.filter(prompt=OuterRef("pk"), status=ReportStatus.WAITING)
    # Where the room's own sound is kept with each set, nobody need be asked for it besides.
    kept_anyway = Q(kind=PromptKind.NOISE, campaign__keeps_room_tone=True)
    offered = prompt.filter(~Exists(reported), ~kept_anyway, is_open=True)
    compared = tallies.annotate(
        is_now_offered=Exists(offered),
        was_wanted=Coalesce("wanted", 0),
        is_now_wanted=Coalesce(Subquery(prompt.annotate(w=wanted).values("w")), 0),
    )
    changed = compared.exclude(is_offered=F("is_now_offered"), was_wanted=F("is_now_wanted"))
    changed.update(wanted=NullIf(F("is_now_wanted"), 0), is_offered=F("is_now_offered"))


def recount() -> int:
    """Mend every tally that does not follow from the other tables; how many had a wrong count."""
    missing = Prompt.objects.filter(tally__isnull=True)
    offer_prompts(missing.iterator(BATCH))
    refresh_tallies(PromptTally.objects.all())
    wrong = _wrong_counts()
    for by, prompt_ids in wrong.items():
        # By the difference, as takes may have come and been counted since.
        for start in range(0, len(prompt_ids), BATCH):
            _count(PromptTally.objects.filter(pk__in=prompt_ids[start : start + BATCH]), by)
    mended = sum(map(len, wrong.values()))
    log.info("Counted the takes of all prompts: %d tallies were wrong.", mended)
    return mended


def _wrong_counts() -> dict[int, list[uuid.UUID]]:
    """By how much tallies are wrong, and which: counted and compared in one statement."""
    live = Count("prompt__clips", filter=Q(prompt__clips__status__in=LIVE))
    counted = PromptTally.objects.annotate(by=live - F("takes")).exclude(by=0)
    wrong: dict[int, list[uuid.UUID]] = defaultdict(list)
    for prompt_id, by in counted.values_list("pk", "by"):
        wrong[by].append(prompt_id)
    return wrong
