"""The machine hears a clip: for the first time, and again with another model."""

from __future__ import annotations

import logging
import time
import uuid
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from collector.events import announce
from collector.locks import lock_live_clip
from collector.models import Clip, ClipStatus, EventKind
from collector.storage import audio_store, master_key
from validation import rules
from validation.hearing import Ear, Opinion, ear_of
from validation.models import CaseStatus, PreScore, ReviewCase, ReviewPolicy
from validation.selectors import is_take_waiting, latest_pre_score
from validation.services.cases import close_case
from validation.services.deciding import decide_case, rank_of

log = logging.getLogger(__name__)
_WITH_CLIP = "campaign", "clip__prompt", "clip__participation"


def score_case(case_id: uuid.UUID) -> bool:
    """Let the model hear a clip and send it on to people; True when this call did.

    A clip that the model cannot hear, however often it is tried, and one in a language that no
    model knows, goes to people unscored.
    """
    if not ReviewCase.claim(case_id, CaseStatus.SCORING):
        return False
    case = ReviewCase.objects.select_related(*_WITH_CLIP).get(pk=case_id)
    if case.attempts > settings.MAX_WORK_ATTEMPTS:
        log.warning("Clip %s goes to people unscored: every worker died on it.", case.clip_id)
        return _to_people(case, None)
    ear = ear_of(case.campaign)
    if ear is None:
        return _to_people(case, None)
    try:
        flac = _master_of(case.clip)
    except Exception:
        if not Clip.objects.filter(pk=case.clip_id, status=ClipStatus.TRANSCODED).exists():
            return _to_people(case, None)  # taken back and erased meanwhile: it finds that out
        # The storage failed, not the clip: that must not use up its attempts.
        ReviewCase.give_back(case_id, CaseStatus.SCORING)
        raise
    return _to_people(case, ear.hear(case.clip, flac))


def rescore_clip(clip_id: uuid.UUID, model_folder: Path | None = None) -> bool:
    """Let the model of today hear a clip again; True when its opinion was not the newest, and is.

    Earlier opinions stay. A case that people still have to decide moves in the queue; one
    that they decided stays decided. Raises what the storage or the model raises.
    """
    clips = Clip.objects.select_related("prompt", "participation__campaign")
    clip = clips.filter(pk=clip_id, status=ClipStatus.TRANSCODED).first()
    ear = None if clip is None else ear_of(clip.participation.campaign, model_folder)
    if clip is None or ear is None or _has_heard(ear, clip):
        return False
    return _keep_again(clip, ear.hear(clip, _master_of(clip)))


def rescore_some(clip_ids: list[uuid.UUID], model_folder: Path | None = None) -> list[uuid.UUID]:
    """Hear clips again, one after the other, for ``BACKFILL_SLICE_S``; those that are left.

    It makes room earlier where somebody's new take waits, though never before one clip was heard.
    A clip that cannot be heard is logged and left without a score, and costs no other.
    """
    until_s = time.monotonic() + settings.BACKFILL_SLICE_S
    for done, clip_id in enumerate(clip_ids):
        if done and (time.monotonic() >= until_s or is_take_waiting()):
            return clip_ids[done:]
        try:
            rescore_clip(clip_id, model_folder)
        except Exception:
            log.exception("Clip %s could not be heard again.", clip_id)
    return []


def _has_heard(ear: Ear, clip: Clip) -> bool:
    newest = latest_pre_score(clip)
    heard_by = None if newest is None else (newest.model_sha256, newest.calibration)
    return heard_by == (ear.listener.sha256, ear.calibration)


def _master_of(clip: Clip) -> bytes:
    return audio_store().get(master_key(clip.pk, clip.master_sha256))


@transaction.atomic
def _to_people(case: ReviewCase, opinion: Opinion | None) -> bool:
    match = None if opinion is None else opinion.score.match
    if lock_live_clip(case.clip_id) is None:
        close_case(case.clip)
        return False
    policy = ReviewPolicy.of(case.campaign_id)
    case.is_blind = rules.is_plain(match, policy.error_bound) and rules.is_drawn(
        case.clip_id, policy.blind_share
    )
    fields = {"rank": rank_of(case, 0, match), "is_blind": case.is_blind}
    if not ReviewCase.move(case.pk, CaseStatus.SCORING, CaseStatus.OPEN, **fields):
        return False
    if opinion is not None:
        _keep(case.clip, opinion)
    announce(EventKind.CLIP_SCORED, case.clip_id)
    case.refresh_from_db()
    decide_case(case)  # what is plainly wrong needs nobody, where the policy says so
    return True


@transaction.atomic
def _keep_again(clip: Clip, opinion: Opinion) -> bool:
    if lock_live_clip(clip.pk) is None:
        return False
    _keep(clip, opinion)
    match = opinion.score.match
    undecided = ReviewCase.objects.filter(clip=clip, status=CaseStatus.OPEN)
    for case in undecided.select_related("clip"):
        rank = rank_of(case, case.reviews.count(), match)
        undecided.filter(pk=case.pk).update(rank=rank)
    announce(EventKind.CLIP_SCORED, clip.pk, again=True)
    return True


def _keep(clip: Clip, opinion: Opinion) -> None:
    score = opinion.score
    fields = {
        "match": score.match,
        "heard": score.heard,
        "log_likelihood": score.log_likelihood,
        "features": score.features | _weighed(opinion),
        "layer": opinion.layer,
        "model": score.model,
        "method": opinion.method,
        "at": timezone.now(),  # a score that is made anew is the newest again
    }
    PreScore.objects.update_or_create(
        clip=clip,
        model_sha256=score.model_sha256,
        calibration=opinion.calibration,
        defaults=fields,
    )


def _weighed(opinion: Opinion) -> dict[str, float]:
    """What the clip alone says, in log-odds, and the share of right clips that was expected."""
    score = opinion.score
    if score.evidence is None:
        return {}
    return {"evidence": score.evidence, "prior": score.prior}
