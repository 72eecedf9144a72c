"""What a curator does with single cases: settles reports, decides, sends back, pins gold."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from collector.access import Actor
from collector.errors import ClipWithdrawn
from collector.events import announce
from collector.locks import lock_live_clip
from collector.models import EventKind, LegalHold, User
from validation.access import case_to_curate, case_to_judge
from validation.errors import CaseDecided
from validation.models import (
    CaseStatus,
    ClipReason,
    ClipReport,
    GoldClip,
    ReportOutcome,
    ReviewCase,
    SpeakerQuarantine,
)
from validation.models.cases import VOTED
from validation.services.deciding import CURATOR, move_case


@transaction.atomic
def report_clip(actor: Actor, case_id: uuid.UUID, reason: ClipReason, note: str = "") -> bool:
    """Take a clip out of circulation until a curator has looked; False when told before.

    One word each: a clip that was found right cannot be taken out by the same person for ever.
    Raises NotFound, OwnClip, RoleMissing or ClipWithdrawn.
    """
    case, reporter = case_to_judge(actor, case_id)
    case = _locked(case)
    report, is_new = ClipReport.objects.get_or_create(
        case=case, reporter=reporter, defaults={"reason": reason, "note": note}
    )
    if is_new:
        hold_or_release(ReviewCase.objects.filter(pk=case.pk))
        announce(EventKind.CLIP_REPORTED, case.clip_id, reason=report.reason)
    return is_new


@transaction.atomic
def settle_clip_reports(actor: Actor, case_id: uuid.UUID, outcome: ReportOutcome) -> bool:
    """A curator has looked: reject the clip (UPHELD) or put it back (DISMISSED).

    Settles all reports of the clip that wait; False when somebody else just did.
    """
    case, curator = case_to_curate(actor, case_id)
    case = _locked(case)
    waiting = ClipReport.objects.filter(case=case, status=ReportOutcome.WAITING)
    if not waiting.update(status=outcome, settled_at=Now()):
        return False
    if outcome == ReportOutcome.UPHELD:
        _decide(case, CaseStatus.REJECTED, curator, "report upheld")
    hold_or_release(ReviewCase.objects.filter(pk=case.pk))
    announce(EventKind.CLIP_SETTLED, case.clip_id, outcome=outcome)
    return True


@transaction.atomic
def decide_as_curator(
    actor: Actor, case_id: uuid.UUID, status: CaseStatus, text: str = "", note: str = ""
) -> ReviewCase:
    """A curator accepts or rejects, whatever the votes say; it stands until they send it back.

    ``text`` is what is said, where that is not the prompt.
    """
    case, curator = case_to_curate(actor, case_id)
    case = _locked(case)
    _decide(case, status, curator, note, text)
    return case


@transaction.atomic
def send_back(actor: Actor, case_id: uuid.UUID, note: str = "") -> ReviewCase:
    """Ask people anew: votes so far stay written down, but count no more."""
    case, curator = case_to_curate(actor, case_id)
    case = _locked(case)
    ReviewCase.objects.filter(pk=case.pk).update(reopened_at=timezone.now(), rank=0)
    GoldClip.objects.filter(case=case).delete()
    _decide(case, CaseStatus.OPEN, curator, note)
    return case


@transaction.atomic
def pin_gold(
    actor: Actor,
    case_id: uuid.UUID,
    *,
    is_right: bool,
    is_training: bool = False,
    explanation: str = "",
) -> GoldClip:
    """Make a clip one whose verdict is known; it is decided by that. Again changes what it says."""
    case, curator = case_to_curate(actor, case_id)
    case = _locked(case)
    _decide(case, CaseStatus.ACCEPTED if is_right else CaseStatus.REJECTED, curator, "gold")
    gold, _ = GoldClip.objects.update_or_create(
        case=case,
        defaults={
            "campaign_id": case.campaign_id,
            "is_right": is_right,
            "is_training": is_training,
            "explanation": explanation,
            "pinned_by": curator,
        },
    )
    announce(EventKind.GOLD_PINNED, case.clip_id, is_right=is_right, is_training=is_training)
    return gold


@transaction.atomic
def unpin_gold(actor: Actor, case_id: uuid.UUID) -> bool:
    """It is no gold clip any more; the curator's verdict on it stands. False when it was none."""
    case, _curator = case_to_curate(actor, case_id)
    unpinned, _ = GoldClip.objects.filter(case=case).delete()
    if unpinned:
        announce(EventKind.GOLD_UNPINNED, case.clip_id)
    return unpinned > 0


def hold_or_release(cases: QuerySet[ReviewCase]) -> int:
    """Bring ``is_held`` to what reports, quarantines, pauses and the law say; how many changed."""
    reported = ClipReport.objects.filter(case=OuterRef("pk"), status=ReportOutcome.WAITING)
    apart = SpeakerQuarantine.objects.filter(participation=OuterRef("clip__participation"))
    by_law = LegalHold.objects.filter(clip=OuterRef("clip"), lifted_at=None)
    paused = Q(clip__paused_at__isnull=False)
    held = Exists(reported) | Exists(apart) | Exists(by_law) | paused
    wrong = cases.filter(Q(is_held=True) & ~Q(held) | Q(is_held=False) & Q(held))
    changed = 0
    for is_held in (True, False):
        # Locked in one order for all: two at once shall wait for each other, and not for ever.
        found = wrong.filter(is_held=not is_held).order_by("pk").select_for_update(of=("self",))
        keys = list(found.values_list("pk", flat=True))
        freed = {"leased_by": None, "leased_until": None} if is_held else {}
        changed += ReviewCase.objects.filter(pk__in=keys).update(is_held=is_held, **freed)
    return changed


def _locked(case: ReviewCase) -> ReviewCase:
    if lock_live_clip(case.clip_id) is None:
        raise ClipWithdrawn
    return ReviewCase.objects.select_for_update(of=("self",)).get(pk=case.pk)


def _decide(case: ReviewCase, status: CaseStatus, curator: User, note: str, text: str = "") -> None:
    if case.status not in VOTED:
        raise CaseDecided
    move_case(case, status, text=text, inputs=CURATOR, curator=curator, note=note)
