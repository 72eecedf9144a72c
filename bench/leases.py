"""Handing out clips to 64 reviewers at once, at a hundred thousand waiting clips and at more.

    python -m bench.leases [CLIPS ...]

Fills a database of its own with generated rows. 64 clients (in four processes) then take 20,000
clips by service calls of three clips each, every call by another reviewer. Prints clips a second
and the time of a call; none may be leased twice.
"""

from __future__ import annotations

import multiprocessing
import statistics
import sys
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.pipeline import site
from bench.prompts import as_uuid, copy, execute

if TYPE_CHECKING:
    from collector.models import Campaign

SIZES = (100_000, 1_000_000)
CLIPS_PER_SPEAKER = 100
PROCESSES, THREADS = 4, 16
WANTED = 20_000
PER_CALL = 3
# Generated rows are right by construction: no keys are checked, row by row.
_UNCHECKED = "SET session_replication_role = replica"
NUM_REVIEWERS = WANTED // PER_CALL + PROCESSES * THREADS


class World:
    """A campaign with clips that wait, of many speakers and ranks, and its reviewers."""

    def __init__(self) -> None:
        from collector.models import (
            Campaign,
            Clip,
            ConsentEvent,
            Membership,
            Participation,
            Speaker,
            User,
        )
        from collector.services import add_prompt, publish_consent_text
        from validation.models import ReviewCase

        self.campaign = Campaign.objects.create(
            slug="leases", name="-", description="-", language="en", status="open"
        )
        prompt = add_prompt(self.campaign, "sentence", "Sentence.")
        text = publish_consent_text(self.campaign, "Bench.")
        self.speaker = Speaker.objects.create(recovery_hash="0" * 64)
        self.part = Participation.objects.create(speaker=self.speaker, campaign=self.campaign)
        consent = ConsentEvent.objects.create(participation=self.part, kind="given", text=text)
        self.clip = Clip.objects.create(
            participation=self.part, prompt=prompt, consent=consent, status="transcoded",
            original_sha256="0" * 64, original_num_bytes=1, master_sha256="0" * 64,
            num_samples=16_000, nudge_at=None,
        )  # fmt: skip
        self.case = ReviewCase.objects.create(
            clip=self.clip, campaign=self.campaign, status="rejected", nudge_at=None
        )
        user = User.objects.create_user("reviewer@example.org")
        member = Membership.objects.create(user=user, campaign=self.campaign, role="reviewer")
        execute(_UNCHECKED)
        copy(user, NUM_REVIEWERS, id="1000 + i", email="'r' || i || '@example.org'")
        copy(member, NUM_REVIEWERS, id="1000 + i", user_id="1000 + i")
        self.size = 0

    def grow_to(self, clips: int) -> None:
        """Add speakers, their clips and open cases of every rank."""
        execute(_UNCHECKED)
        first, last = self.size // CLIPS_PER_SPEAKER + 1, clips // CLIPS_PER_SPEAKER
        copy(self.speaker, last, first, id=as_uuid("i"), recovery_hash="lpad(i::text, 64, '0')")
        copy(
            self.part, last, first, id="1000 + i", speaker_id=as_uuid("i"),
            pseudonym="lpad(to_hex(i + 16), 8, '0')",
        )  # fmt: skip
        speaker = f"(1 + (i - 1) / {CLIPS_PER_SPEAKER})"
        copy(self.clip, clips, self.size + 1, id=as_uuid("i"), participation_id=f"1000 + {speaker}")
        copy(
            self.case, clips, self.size + 1, id=as_uuid("i"), clip_id=as_uuid("i"),
            status="'open'", rank="i % 6", place="random()",
        )  # fmt: skip
        self.size = clips
        execute("VACUUM ANALYZE")


@dataclass(frozen=True)
class Taken:
    """What one process got: the cases, and the seconds of each call."""

    ids: list[uuid.UUID]
    calls_s: list[float]


def take(campaign_id: int, process: int) -> Taken:
    """Sixteen clients, each asking again and again, as another reviewer each time."""
    from collector.models import Campaign

    campaign = Campaign.objects.get(pk=campaign_id)
    per_client = WANTED // PER_CALL // (PROCESSES * THREADS) + 1

    def client(number: int) -> Taken:
        first = 1001 + (process * THREADS + number) * per_client
        return _ask(campaign, range(first, first + per_client))

    with ThreadPoolExecutor(THREADS) as pool:
        parts = list(pool.map(client, range(THREADS)))
    return Taken([pk for p in parts for pk in p.ids], [s for p in parts for s in p.calls_s])


def _ask(campaign: Campaign, reviewers: range) -> Taken:
    from django.db import connection

    from collector.access import Actor
    from collector.models import User
    from validation.services import lease_cases

    taken = Taken([], [])
    for pk in reviewers:
        actor = Actor(user=User(pk=pk))
        began = time.perf_counter()
        cases = lease_cases(actor, campaign, PER_CALL)
        taken.calls_s.append(time.perf_counter() - began)
        taken.ids.extend(case.pk for case in cases)
    connection.close()
    return taken


def measure(world: World) -> None:
    """Take 20,000 clips, print how fast, and give them back."""
    from django.db import connections

    connections.close_all()  # a connection must not be in two processes
    arguments: list[Any] = [(world.campaign.pk, number) for number in range(PROCESSES)]
    began = time.perf_counter()
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        parts = pool.starmap(take, arguments)
    elapsed_s = time.perf_counter() - began
    counted = Counter(pk for part in parts for pk in part.ids)
    calls_s = sorted(s for part in parts for s in part.calls_s)
    twice = sum(count > 1 for count in counted.values())
    median_ms = 1e3 * statistics.median(calls_s)
    p95_ms = 1e3 * calls_s[len(calls_s) * 95 // 100]
    print(
        f"{world.size:>10,} waiting: {counted.total():,} clips in {elapsed_s:.1f} s, "
        f"{counted.total() / elapsed_s:,.0f} clips/s; a call: median {median_ms:.0f} ms, "
        f"p95 {p95_ms:.0f} ms; leased twice: {twice}",
        flush=True,
    )
    print(f"{'':>10}  one client alone: {_alone_ms(world):.1f} ms a call (median)", flush=True)
    execute(
        "UPDATE validation_reviewcase SET leased_by_id = NULL, leased_until = NULL "
        "WHERE leased_until IS NOT NULL"
    )
    execute("VACUUM ANALYZE validation_reviewcase")


def _alone_ms(world: World) -> float:
    last = 1000 + NUM_REVIEWERS
    return 1e3 * statistics.median(_ask(world.campaign, range(last - 40, last)).calls_s)


def main() -> None:
    """Every size in turn, each on top of the one before."""
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    print(f"{PROCESSES * THREADS} clients, {WANTED:,} clips, {PER_CALL} in a call")
    with site():
        world = World()
        for size in sizes:
            began = time.perf_counter()
            world.grow_to(size)
            print(f"filled in {time.perf_counter() - began:.0f} s", flush=True)
            measure(world)


if __name__ == "__main__":
    main()
