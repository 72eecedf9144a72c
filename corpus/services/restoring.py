"""What people took back, kept beside the backups; and all of it done again after a restore."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from collector.access import Actor
from collector.models import (
    Clip,
    ConsentEvent,
    ConsentKind,
    LinkedDevice,
    Participation,
    Purpose,
    Speaker,
)
from collector.services import revoke_device, withdraw_consent
from corpus.models import Withdrawal
from corpus.scopes import Scope
from corpus.services.consents import take_back_purposes
from corpus.services.pausing import pause
from corpus.services.withdrawals import erase_answers, withdraw_again


@dataclass(frozen=True)
class TakenBack:
    """One line of the record: what it is of, whose id, and of a consent the voice and purposes."""

    kind: str
    id: uuid.UUID
    pseudonym: str = ""
    purposes: tuple[str, ...] = ()

    def __str__(self) -> str:
        words = (self.kind, str(self.id), self.pseudonym, ",".join(self.purposes))
        return " ".join(filter(None, words))

    @classmethod
    def parse(cls, line: str) -> TakenBack:
        """What ``str`` wrote; a bare id is a clip's, as in the public list. Raises ValueError."""
        words = line.split()
        if len(words) == 1:
            return cls("clip", uuid.UUID(words[0]))
        kind, id_, *more = words
        if kind not in _AGAIN or len(more) != (2 if kind == "consent" else 0):
            raise ValueError(f"“{line}” is no line of what was taken back")
        pseudonym, purposes = more or ("", "")
        return cls(kind, uuid.UUID(id_), pseudonym, tuple(filter(None, purposes.split(","))))


def taken_back() -> Iterator[TakenBack]:
    """All that stands taken back today, each kind in the order of its ids and without a time.

    Clips, pauses, devices that were let go, speakers who deleted their answers (or gave none), and
    of the ledger the withdrawals.
    """
    withdrawn = Withdrawal.objects.order_by("clip").values_list("clip", flat=True)
    yield from _lines("clip", withdrawn)
    yield from _lines("pause", _ids(Clip.objects.filter(paused_at__isnull=False)))
    yield from _lines("device", _ids(LinkedDevice.objects.filter(revoked_at__isnull=False)))
    silent = Speaker.objects.filter(asked_about_at__isnull=False, snapshots=None)
    yield from _lines("answers", _ids(silent))
    ended = ConsentEvent.objects.filter(kind=ConsentKind.WITHDRAWN).order_by("pk")
    for pk, pseudonym, purposes in ended.values_list(
        "pk", "participation__pseudonym", "purposes"
    ).iterator():
        yield TakenBack("consent", pk, pseudonym, tuple(purposes))


def take_back_again(lines: Iterable[TakenBack]) -> Counter[str]:
    """Do again what the restored database does not know of; how much of each kind it was.

    What its people agreed to anew after the backup is unknown here, so they are asked once more:
    where the two differ, the narrower holds.
    """
    lines = list(lines)
    done = Counter(clip=withdraw_again(each.id for each in lines if each.kind == "clip"))
    for each in lines:
        done[each.kind] += _AGAIN[each.kind](each)
    return done


def _ids(rows: QuerySet[Clip] | QuerySet[LinkedDevice] | QuerySet[Speaker]) -> Iterable[uuid.UUID]:
    return rows.order_by("pk").values_list("pk", flat=True).iterator()


def _lines(kind: str, ids: Iterable[uuid.UUID]) -> Iterator[TakenBack]:
    return (TakenBack(kind, each) for each in ids)


def _pause(line: TakenBack) -> int:
    clip = Clip.objects.filter(pk=line.id, participation__isnull=False).first()
    if clip is None:
        return 0
    return pause(Actor(speaker=clip.participation.speaker), Scope(clip_ids=(clip.pk,)))


def _let_go(line: TakenBack) -> int:
    device = LinkedDevice.objects.filter(pk=line.id, revoked_at=None).first()
    if device is None:
        return 0
    revoke_device(Actor(speaker=device.participation.speaker), device.pk)
    return 1


def _erase(line: TakenBack) -> int:
    speaker = Speaker.objects.filter(pk=line.id, snapshots__isnull=False).first()
    if speaker is None:
        return 0
    erase_answers(speaker)
    return 1


@transaction.atomic
def _end_consent(line: TakenBack) -> int:
    part = Participation.objects.filter(pseudonym=line.pseudonym).first()
    if part is None or ConsentEvent.objects.filter(pk=line.id).exists():
        return 0
    if Purpose.RESEARCH_RELEASE not in line.purposes:
        event = take_back_purposes(Actor(speaker=part.speaker), part.pk, line.purposes)
        return int(event is not None)
    ended = withdraw_consent(Participation.objects.filter(pk=part.pk))
    withdraw_again(part.clips.values_list("pk", flat=True))
    return ended


_AGAIN: dict[str, Callable[[TakenBack], int]] = {
    "clip": lambda _line: 0,  # all at once, before the others
    "pause": _pause,
    "device": _let_go,
    "answers": _erase,
    "consent": _end_consent,
}
