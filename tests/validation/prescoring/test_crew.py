"""Answers come in order, few items are taken ahead, and a killer costs only itself."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

from validation.prescoring.crew import AHEAD, Crew

POISON = 13


def work(number: int) -> int:
    """Slow for small numbers, deadly for one."""
    if number == POISON:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.05 if number < 5 else 0)
    return number * number


def give_up(number: int) -> int:
    return -number


def test_a_poisoned_item_costs_only_itself():
    with Crew(work, 2, give_up) as crew:
        answers = list(crew.answers(range(40)))
    assert answers == [-n if n == POISON else n * n for n in range(40)]


def test_few_items_are_taken_ahead():
    taken = []

    def items() -> Iterator[int]:
        for number in range(100, 300):
            taken.append(number)
            yield number

    with Crew(work, 1, give_up) as crew:
        answers = crew.answers(items())
        for _ in range(3):
            next(answers)
        assert len(taken) <= AHEAD + 3
