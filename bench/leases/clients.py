"""Sixty-four clients, each asking again and again, as another reviewer each time."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.leases.world import FIRST_REVIEWER

if TYPE_CHECKING:
    from collector.models import Campaign

PROCESSES, THREADS = 4, 16
NUM_CLIENTS = PROCESSES * THREADS
WANTED = 20_000
PER_CALL = 3
CALLS_PER_CLIENT = WANTED // PER_CALL // NUM_CLIENTS + 1
NUM_REVIEWERS = CALLS_PER_CLIENT * NUM_CLIENTS
#: What a queue would cost that knows no rank's end, no own voice, no vote and no turns of voices.
_BARE = """
UPDATE validation_reviewcase
SET leased_by_id = %s, leased_until = now() + interval '300 seconds'
WHERE id IN (SELECT id FROM validation_reviewcase
             WHERE campaign_id = %s AND rank = %s AND place >= random()
               AND status = 'open' AND NOT is_held AND leased_until IS NULL
             ORDER BY place LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id
"""
#: One call for a reviewer; returns the cases that it got.
Call = Callable[["Campaign", int], list[uuid.UUID]]


def by_service(campaign: Campaign, reviewer: int) -> list[uuid.UUID]:
    """What the site does."""
    from collector.access import Actor
    from collector.models import User
    from validation.services import lease_cases

    return lease_cases(Actor(user=User(pk=reviewer)), campaign, PER_CALL)


def by_service_and_read(campaign: Campaign, reviewer: int) -> list[uuid.UUID]:
    """The same, and all that a desk shows of the cases is read."""
    from collector.models import User
    from validation.showing import cases_shown

    return [case.id for case in cases_shown(by_service(campaign, reviewer), User(pk=reviewer))]


def by_bare_statement(campaign: Campaign, reviewer: int) -> list[uuid.UUID]:
    """The floor: one statement that skips what is locked, and none of the queue's rules."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_BARE, [reviewer, campaign.pk, reviewer % 6, PER_CALL])
        return [row[0] for row in cursor.fetchall()]


@dataclass(frozen=True)
class Taken:
    """What the clients got: the cases, and the seconds of each call."""

    ids: list[uuid.UUID]
    calls_s: list[float]

    @property
    def num_twice(self) -> int:
        """How many cases two of them got."""
        return sum(count > 1 for count in Counter(self.ids).values())


def ask(call: Call, campaign: Campaign, reviewers: Sequence[int]) -> Taken:
    """One client: a call for each of these reviewers, one after the other."""
    from django.db import connection

    taken = Taken([], [])
    for reviewer in reviewers:
        began = time.perf_counter()
        got = call(campaign, reviewer)
        taken.calls_s.append(time.perf_counter() - began)
        taken.ids.extend(got)
    connection.close()
    return taken


def _process(call: Call, campaign_id: int, process: int) -> Taken:
    from collector.models import Campaign

    campaign = Campaign.objects.get(pk=campaign_id)

    def client(number: int) -> Taken:
        first = FIRST_REVIEWER + (process * THREADS + number) * CALLS_PER_CLIENT
        return ask(call, campaign, range(first, first + CALLS_PER_CLIENT))

    with ThreadPoolExecutor(THREADS) as pool:
        return joined(pool.map(client, range(THREADS)))


def joined(parts: Iterator[Taken] | list[Taken]) -> Taken:
    """All of them together."""
    whole = Taken([], [])
    for part in parts:
        whole.ids.extend(part.ids)
        whole.calls_s.extend(part.calls_s)
    return whole


def all_at_once(call: Call, campaign_id: int) -> tuple[Taken, float]:
    """What 64 clients in four processes got, and the seconds that it took."""
    from django.db import connections

    connections.close_all()  # a connection must not be in two processes
    arguments: list[Any] = [(call, campaign_id, number) for number in range(PROCESSES)]
    began = time.perf_counter()
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        parts = pool.starmap(_process, arguments)
    return joined(parts), time.perf_counter() - began


def killed_in_the_middle(campaign_id: int, after_s: float = 1.0) -> None:
    """A process of clients that is killed while it asks."""
    from django.db import connections

    connections.close_all()
    child = multiprocessing.get_context("fork").Process(
        target=_process, args=(by_service, campaign_id, 0)
    )
    child.start()
    time.sleep(after_s)
    if child.pid is not None:
        os.kill(child.pid, signal.SIGKILL)
    child.join()
