"""Letting go: clips taken back, answers erased, and both once more after a backup."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.db.models import F, Func, JSONField, QuerySet, Value

from collector.access import Actor, own_clip, own_clips, require_role
from collector.errors import NotFound
from collector.events import announce, tell
from collector.locks import lock_present_clips, lock_speaker
from collector.models import (
    Campaign,
    Clip,
    ClipStatus,
    EventKind,
    Participation,
    Role,
    Speaker,
)
from collector.models.clip import GONE
from collector.services import forget_about, withdraw_clips, withdraw_consent
from collector.storage import audio_store, clip_folder
from corpus.errors import WithdrawalDiffers
from corpus.models import (
    ReasonCode,
    Release,
    ReleaseEntry,
    Withdrawal,
    WithdrawalBy,
    WithdrawalRequest,
    WithdrawalScope,
)
from corpus.scopes import Scope, clips_in, parts_in
from validation.services import close_cases, forget_voices

#: What an entry may tell of its speaker, as ``details`` names it.
TOLD = ("age", "gender", "accent")
BATCH = 2000


@transaction.atomic
def withdraw(actor: Actor, clip_id: uuid.UUID, reason: str = "") -> tuple[Clip, bool]:
    """Take a clip back, everywhere, in one transaction; whether this call did it.

    From the commit on no review hears it and no download holds it, old releases included (their
    revision goes up). The erasure of its audio follows on the event. Again is harmless.
    """
    clip = own_clip(actor, clip_id)
    if not lock_present_clips(Clip.objects.filter(pk=clip.pk)):
        return clip, False
    withdraw_all(actor, Scope(clip_ids=(clip_id,)), reason)
    clip.refresh_from_db()
    return clip, True


@transaction.atomic
def withdraw_all(
    actor: Actor, scope: Scope, reason: str = "", request_id: uuid.UUID | None = None
) -> WithdrawalRequest:
    """Take back all of the actor's clips in the scope, in one transaction; the act's receipt.

    A campaign or everything also ends the consent there, so that nothing that is still on its way
    arrives afterwards; everything erases what the speakers said of themselves as well. The same
    ``request_id`` again is answered with the receipt that there is. Raises NotFound, and
    WithdrawalDiffers where something else was taken back under that id.
    """
    actor.require_someone()
    request, is_new = WithdrawalRequest.objects.get_or_create(
        pk=request_id or uuid.uuid4(),
        defaults={
            "scope": scope.kind,
            "by": WithdrawalBy.ACCOUNT if actor.user else WithdrawalBy.SPEAKER,
            "campaign": scope.campaign,
            "reason": reason,
        },
    )
    if not is_new:
        _require_same(request, actor, scope)
        return request
    parts = parts_in(actor, scope)
    speakers = _lock_speakers(parts)
    withdraw_consent(parts)
    _take_back(request, clips_in(actor, scope))
    if scope.kind == WithdrawalScope.EVERYTHING:
        _forget(speakers)
    return request


def _require_same(request: WithdrawalRequest, actor: Actor, scope: Scope) -> None:
    """WithdrawalDiffers if the scope is another one, or names clips that were not taken back."""
    campaign_id = scope.campaign.pk if scope.campaign else None
    named = own_clips(actor).filter(pk__in=scope.clip_ids or ())
    differs = (request.scope, request.campaign_id) != (scope.kind, campaign_id)
    if differs or named.exclude(status__in=GONE).exists():
        raise WithdrawalDiffers


@transaction.atomic
def withdraw_by_letter(
    actor: Actor,
    campaign: Campaign,
    clips: QuerySet[Clip],
    *,
    letter: str,
    voices: QuerySet[Participation] | None = None,
    reason_code: ReasonCode = ReasonCode.WITHDRAWN,
    reason: str = "",
) -> WithdrawalRequest:
    """A curator takes clips of their campaign back, as a letter asks; NotFound if there are none.

    ``letter`` is where it is filed. ``voices`` are those that the letter takes back as a whole,
    with their clips among ``clips``: their consent ends, their devices are let go, and what they
    said of themselves is erased, unless they lend elsewhere: that is no matter of this campaign.
    The journal says who acted. Raises RoleMissing.
    """
    curator = require_role(actor, campaign, Role.CURATOR)
    clips = clips.filter(participation__campaign=campaign)
    parts = (voices or Participation.objects.none()).filter(campaign=campaign)
    speakers = _lock_speakers(parts)
    count = clips.exclude(status__in=GONE).count()
    if not count and not speakers:
        raise NotFound
    some = WithdrawalScope.CLIP if count == 1 else WithdrawalScope.CLIPS
    request = WithdrawalRequest.objects.create(
        scope=WithdrawalScope.CAMPAIGN if speakers else some,
        by=WithdrawalBy.CURATOR,
        campaign=campaign,
        reason=reason,
        reason_code=reason_code,
        letter=letter,
        acted_by=curator,
    )
    withdraw_consent(parts)
    _take_back(request, clips)
    _forget([speaker for speaker in speakers if not _lends(speaker)])
    return request


def _lock_speakers(parts: QuerySet[Participation]) -> list[Speaker]:
    return [lock_speaker(pk) for pk in sorted(set(parts.values_list("speaker", flat=True)))]


def _lends(speaker: Speaker) -> bool:
    clips = Clip.objects.filter(participation__speaker=speaker)
    return clips.exclude(status__in=GONE).exists()


def _forget(speakers: Collection[Speaker]) -> None:
    forget_voices(speakers)
    for speaker in speakers:
        erase_answers(speaker)


@transaction.atomic
def withdraw_again(clip_ids: Iterable[uuid.UUID]) -> int:
    """After a backup was restored: take back the clips that it does not know to be withdrawn.

    In their speakers' names, who asked for it before; returns how many it were.
    """
    clips = Clip.objects.filter(pk__in=list(clip_ids))
    if not clips.exclude(status__in=GONE).exists():
        return 0
    request = WithdrawalRequest.objects.create(scope=WithdrawalScope.CLIPS, by=WithdrawalBy.RESTORE)
    _take_back(request, clips)
    return request.num_clips


def _take_back(request: WithdrawalRequest, clips: QuerySet[Clip]) -> None:
    """All that a withdrawal writes: the same few statements for one clip and for ten thousand."""
    gone = lock_present_clips(clips)
    rows = [
        Withdrawal(clip_id=clip_id, request=request, reason_code=request.reason_code)
        for clip_id in gone
    ]
    Withdrawal.objects.bulk_create(rows, batch_size=BATCH)
    # By their ids: of a request that is seconds old the database's statistics know nothing, and it
    # would plan for any number of clips.
    mine = Clip.objects.filter(pk__in=gone)
    close_cases(mine)
    one = gone[0] if len(gone) == 1 else None
    leave_releases(ReleaseEntry.objects.filter(clip__in=mine), one, is_listed=True)
    request.num_clips = len(gone)
    request.save(update_fields=["num_clips"])
    # Neither which request nor of how many clips: beside it stands the end of a person's consent.
    who: dict[str, Any] = {"curator": request.acted_by_id} if request.acted_by_id else {}
    announce(EventKind.WITHDRAWAL_REQUESTED, by=request.by, **who)
    withdraw_clips(mine)  # last: it locks the tallies of prompts, for which uploads wait


def erase_again() -> int:
    """After a backup was restored: erase the audio of erased clips; how many files it were."""
    erased = Clip.objects.filter(status=ClipStatus.ERASED).values_list("pk", flat=True)
    return sum(audio_store().delete_folder(clip_folder(pk)) for pk in erased)


@transaction.atomic
def erase_answers(speaker: Speaker) -> None:
    """Delete all that a speaker ever said of themselves, out of every release too.

    What a release tells is frozen with it, or it would not be the same bytes for ever. So the
    answers are taken out of the entries in this same transaction, under a new revision.
    """
    forget_about(speaker)
    entries = ReleaseEntry.objects.filter(
        clip__participation__speaker=speaker, details__has_any_keys=TOLD
    )
    revise(entries, None, details=_Without(F("details"), Value(list(TOLD))))


class _Without(Func):
    """A JSON object without some of its names (PostgreSQL's ``jsonb - text[]``)."""

    template = "(%(expressions)s::text[])"
    arg_joiner = " - "
    output_field = JSONField()


def leave_releases(
    entries: QuerySet[ReleaseEntry], clip_id: uuid.UUID | None = None, *, is_listed: bool = False
) -> None:
    """Take entries out of their releases for good; each stays as a tombstone.

    ``is_listed``: the public list tells of it, so that copies can be pruned of it.
    """
    # Without the person and without what they said, and without the gap that it leaves among the
    # numbers of their other clips.
    nothing = {"pseudonym": "", "text": "", "details": {}, "take": 0, "speaker_number": 0}
    entries = entries.filter(is_withdrawn=False)
    gone = {"is_withdrawn": True, "is_paused": False, **nothing}
    revise(entries, clip_id, is_listed=is_listed, **gone)


def revise(
    entries: QuerySet[ReleaseEntry],
    clip_id: uuid.UUID | None,
    *,
    is_listed: bool = False,
    **fields: Any,
) -> None:
    """Change entries of releases, each under a new revision of its release."""
    new = {"revision": F("revision") + 1}
    # What is set is what was there, and one more: the same number as the revision's.
    new |= {} if is_listed else {"changed_otherwise_in": F("revision") + 1}
    # In one order for all: two at once shall wait for each other, and not for ever.
    for release_id in sorted(set(entries.values_list("release_id", flat=True))):
        Release.objects.filter(pk=release_id).update(**new)
        revision = Release.objects.values_list("revision", flat=True).get(pk=release_id)
        entries.filter(release_id=release_id).update(revised_in=revision, **fields)
        # The release says so itself; a line would say when, and so by whose act.
        tell(EventKind.RELEASE_REVISED, clip_id)
