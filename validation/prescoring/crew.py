"""Worker processes that answer in the order of the questions, and survive one that dies."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")
#: Items handed out ahead for each process: enough that none idles behind a slow one, few enough
#: that a manifest of a million lines needs no more memory than one of a thousand.
AHEAD = 8


class Crew(Generic[Item, Answer]):
    """Some processes that do one kind of work. Close it, or use it in a `with`."""

    def __init__(
        self, work: Callable[[Item], Answer], workers: int, give_up: Callable[[Item], Answer]
    ) -> None:
        """``give_up`` answers for an item that killed the process which worked on it alone."""
        self.work = work
        self.workers = workers
        self.give_up = give_up
        self._pool = _start(workers)
        self._single: ProcessPoolExecutor | None = None

    def __enter__(self) -> Crew[Item, Answer]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes after what they do at this moment; drop what waits."""
        for pool in (self._pool, self._single):
            if pool is not None:
                pool.shutdown(wait=True, cancel_futures=True)

    def answers(self, items: Iterable[Item]) -> Iterator[Answer]:
        """The answer to each item, in the items' order; items are taken only as they are needed."""
        waiting: deque[tuple[Item, Future[Answer]]] = deque()
        for item in items:
            waiting.append((item, self._submit(item)))
            if len(waiting) >= AHEAD * self.workers:
                yield self._answer(*waiting.popleft())
        while waiting:
            yield self._answer(*waiting.popleft())

    def _submit(self, item: Item) -> Future[Answer]:
        try:
            return self._pool.submit(self.work, item)
        except BrokenProcessPool:
            self._pool = _start(self.workers)
            return self._pool.submit(self.work, item)

    def _answer(self, item: Item, future: Future[Answer]) -> Answer:
        try:
            return future.result()
        except BrokenProcessPool:
            # One of those under way killed its process, and took the others' answers along. Each
            # is tried again alone, so that the guilty one is known and costs only itself.
            return self._alone(item)

    def _alone(self, item: Item) -> Answer:
        if self._single is None:
            self._single = _start(1)
        try:
            return self._single.submit(self.work, item).result()
        except BrokenProcessPool:
            self._single = None
            return self.give_up(item)


def _start(workers: int) -> ProcessPoolExecutor:
    # Not by fork: onnxruntime's threads and this process's own do not survive it.
    return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _settle_in)


def _settle_in() -> None:
    """Let a new process end with its parent, and leave Ctrl-C to it.

    Without ``django.setup()``, which takes a second: codes leave here, and no texts.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
