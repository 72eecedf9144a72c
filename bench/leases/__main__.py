"""Handing out clips to 64 reviewers at once, at a hundred thousand waiting clips and at more.

    python -m bench.leases [CLIPS ...]

Fills a database of its own with generated rows. 64 clients (in four processes) then take 20,000
clips by service calls of three clips each, every call by another reviewer, and a bare statement
without the queue's rules does the same beside it. Then clients are killed while they ask, and the
same is measured by HTTP. None may be leased twice, and none may be lost.
"""

from __future__ import annotations

import statistics
import sys
import time

from bench.leases import clients
from bench.leases.clients import NUM_CLIENTS, NUM_REVIEWERS, PER_CALL, WANTED, Taken
from bench.leases.http import by_http
from bench.leases.world import FIRST_REVIEWER, World
from bench.pipeline import site
from bench.prompts import execute

SIZES = (100_000, 1_000_000)
CALLS_ALONE = 200


def report(name: str, taken: Taken, elapsed_s: float) -> float:
    """Print a line; returns the clips a second."""
    per_s = len(taken.ids) / elapsed_s
    calls_s = sorted(taken.calls_s)
    print(
        f"  {name:<34}{len(taken.ids):>7,} clips{per_s:>8,.0f} a second   "
        f"a call: median {1e3 * statistics.median(calls_s):.1f} ms, "
        f"p95 {1e3 * calls_s[len(calls_s) * 95 // 100]:.1f} ms   twice: {taken.num_twice}",
        flush=True,
    )
    return per_s


def measure(world: World) -> None:
    """The bare statement and the service in turn, then one client alone."""
    for call, name in (
        (clients.by_bare_statement, "bare statement, no rules"),
        (clients.by_service, "service"),
        (clients.by_service_and_read, "service, and what a desk shows"),
    ):
        report(name, *clients.all_at_once(call, world.campaign.pk))
        world.give_all_back()
    alone(world)


def alone(world: World) -> None:
    """One client, and how many pages each of its calls touches: that is what must not grow."""
    reviewers = range(FIRST_REVIEWER, FIRST_REVIEWER + CALLS_ALONE)
    before, began = _pages_touched(), time.perf_counter()
    taken = clients.ask(clients.by_service, world.campaign, reviewers)
    report("service, one client alone", taken, time.perf_counter() - began)
    print(f"  pages touched by a call: {(_pages_touched() - before) / CALLS_ALONE:.0f}", flush=True)
    world.give_all_back()


def _pages_touched() -> int:
    """By all connections that have ended; this one is closed so that it is among them."""
    from django.db import connection

    connection.close()
    time.sleep(1.0)  # PostgreSQL counts them when it has seen to the end of a connection
    sql = "SELECT blks_hit + blks_read FROM pg_stat_database WHERE datname = current_database()"
    return int(execute(sql)[0][0])


def lose_none(world: World) -> None:
    """Kill clients while they ask; when their leases have ended, all clips wait again."""
    from validation.services import give_back_expired

    clients.killed_in_the_middle(world.campaign.pk)
    held = world.size - world.num_waiting()
    execute(
        "UPDATE validation_reviewcase SET leased_until = now() - interval '1 s' "
        "WHERE leased_until IS NOT NULL"
    )
    while give_back_expired():
        pass
    lost = world.size - world.num_waiting()
    print(
        f"  {clients.THREADS} clients killed while they held {held:,} clips; lost: {lost}",
        flush=True,
    )


def main() -> None:
    """Every size in turn, each on top of the one before."""
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    print(f"{NUM_CLIENTS} clients, {WANTED:,} clips, {PER_CALL} in a call")
    with site():
        world = World(NUM_REVIEWERS)
        for size in sizes:
            began = time.perf_counter()
            world.grow_to(size)
            print(f"{size:,} waiting (filled in {time.perf_counter() - began:.0f} s)", flush=True)
            measure(world)
        lose_none(world)
        report("by HTTP, with everything", *by_http(world.campaign))


if __name__ == "__main__":
    main()
