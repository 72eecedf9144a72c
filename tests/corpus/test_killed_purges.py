"""Killed at each step: whatever write of a purge fails, it completes on the next start.

The faults are put in from outside: the store and the database's cursors are wrapped, and the
n-th write of all raises, for n from one on, until a run goes through without meeting a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from collector import tasks as collector_tasks
from collector.access import Actor
from collector.models import Campaign, Clip, ClipStatus, Event, EventKind
from collector.services import erase_waiting
from collector.storage import FolderStore, audio_store, clip_folder
from corpus import tasks as corpus_tasks
from corpus.models import Release, WithdrawalRequest
from corpus.scopes import EVERYTHING
from corpus.selectors import live_entries
from corpus.services import complete_withdrawals, cut_release, export_archive, withdraw_all
from tests.corpus.rows import accepted_row, join
from tests.people import Person
from validation.models import CaseStatus, ReviewCase

pytestmark = pytest.mark.django_db(transaction=True)
WRITES = ("INSERT", "UPDATE", "DELETE")


class Killed(BaseException):
    """As a killed process would end: nothing that handles errors handles this one."""


class Faults:
    """Lets a number of writes through, and kills at the one after."""

    def __init__(self, allowed: int) -> None:
        self.left = allowed
        self.met = False

    def step(self) -> None:
        if self.left == 0:
            self.met = True
            raise Killed
        self.left -= 1

    def database(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITES):
            self.step()
        return execute(sql, *rest)

    def around(self, write: Callable[..., Any]) -> Callable[..., Any]:
        """Killed before the write; and, at the next count, after it and before its answer."""

        def writes(*args: Any, **kwargs: Any) -> Any:
            self.step()
            answer = write(*args, **kwargs)
            self.step()
            return answer

        return writes

    @contextmanager
    def everywhere(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """At every write of the database, the storage and the cache."""
        with ExitStack() as stack, monkeypatch.context() as patch:
            stack.enter_context(connection.execute_wrapper(self.database))
            inner = audio_store().inner
            assert isinstance(inner, FolderStore)
            for name in ("delete_folder", "delete", "put"):
                patch.setattr(inner, name, self.around(getattr(inner, name)))
            patch.setattr(cache, "delete_many", self.around(cache.delete_many))
            yield


@dataclass
class World:
    """A speaker whose clips go, round after round, and one clip of somebody else that stays."""

    speaker: Person
    curator: Person
    campaign: Campaign
    clips: list[Clip] = field(default_factory=list)
    release: Release = field(default_factory=Release)

    def lend(self) -> None:
        """Two clips with bytes in the storage, in a release that somebody has fetched."""
        self.speaker.consent(self.campaign)
        part = self.speaker.speaker.participations.get()
        consent = part.consent_events.order_by("at").last()
        self.clips = [accepted_row(part, "yes", consent=consent) for _ in range(2)]
        for clip in self.clips:
            audio_store().put(f"{clip_folder(clip.pk)}/original-a", b"a voice")
        self.release = cut_release(Actor(user=self.curator.user), self.campaign)
        assert export_archive(self.release, "nemo").num_bytes

    def withdraw(self) -> WithdrawalRequest:
        return withdraw_all(Actor(speaker=self.speaker.speaker), EVERYTHING)


@pytest.fixture
def world(speaker: Person, curator: Person, campaign: Campaign) -> World:
    accepted_row(join(campaign, 1), "no")
    made = World(speaker, curator, campaign)
    made.lend()
    return made


def purge() -> None:
    """What the worker does on the messages of a withdrawal."""
    while erase_waiting():
        pass
    complete_withdrawals()


def next_start() -> None:
    """The sweeps, after the claims of the killed have run out."""
    Clip.objects.filter(nudge_at__isnull=False).update(
        nudge_at="2000-01-01T00:00Z", claimed_until=None
    )
    collector_tasks.sweep()
    erase_waiting()
    corpus_tasks.sweep()


def assert_all_gone(world: World) -> None:
    for clip in world.clips:
        stone = Clip.objects.get(pk=clip.pk)
        assert (stone.status, stone.participation_id) == (ClipStatus.ERASED, None)
        assert audio_store().keys(clip_folder(clip.pk)) == []
        assert not Event.objects.filter(clip_id=clip.pk).exists()
        assert stone.num_files == 1, "however often it was begun"
    requests = WithdrawalRequest.objects.all()
    assert not requests.filter(completed_at=None).exists()
    completed = Event.objects.filter(kind=EventKind.WITHDRAWAL_COMPLETED)
    assert completed.count() == requests.count()
    assert cache.get(f"export-sums:{world.release.pk}:nemo") is None
    assert Clip.objects.filter(status=ClipStatus.TRANSCODED).count() == 1, "the other one stays"


def killed_at(step: int, work: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> bool:
    """Do the work until it is killed at this write; whether it was."""
    faults = Faults(step)
    with faults.everywhere(monkeypatch):
        try:
            work()
        except Killed:
            connection.close()  # with the process, its transaction ends
    return faults.met


def test_a_purge_that_is_killed_completes_on_the_next_start(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    world.withdraw()
    step = 0
    while killed_at(step, purge, monkeypatch):
        next_start()
        assert_all_gone(world)
        world.lend()
        world.withdraw()
        step += 1
    assert_all_gone(world)
    assert step >= 2 * 2 + 7, "each write was met"


def test_a_withdrawal_that_is_killed_is_whole_or_has_not_happened(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    step = 0
    while killed_at(step, world.withdraw, monkeypatch):
        assert not WithdrawalRequest.objects.exists()
        assert Clip.objects.filter(status=ClipStatus.TRANSCODED).count() == 3
        assert ReviewCase.objects.filter(status=CaseStatus.ACCEPTED).count() == 3
        assert live_entries(world.release).count() == 3
        assert not Event.objects.filter(kind=EventKind.CLIP_WITHDRAWN).exists()
        audio = [audio_store().get(f"{clip_folder(clip.pk)}/original-a") for clip in world.clips]
        assert audio == [b"a voice"] * 2
        step += 1
    assert step > 12, "it writes a good deal"
    purge()
    assert_all_gone(world)
