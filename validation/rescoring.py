"""Hearing a whole campaign again: what is left, what is under way, what failed.

The rows say what is left, so a run that was stopped goes on where it ended, and two runs at once
only share the work.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.db.models import QuerySet

from collector.models import Campaign, Clip
from validation.hearing import Ear
from validation.selectors import unheard_by, waiting_for_machine

Send = Callable[[list[uuid.UUID]], object]

log = logging.getLogger(__name__)
#: Clips in one message, and messages' clips on their way: few, so that stopping the command stops
#: the back-fill, and enough that no worker idles between two looks at the rows.
CHUNK = 8
WINDOW = 64
TRIES = 2


@dataclass
class Rescoring:
    """One run over a campaign."""

    campaign: Campaign
    ear: Ear
    retry_after_s: float
    """What is on its way is taken for lost when nothing has come in for so long."""
    failed: set[uuid.UUID] = field(default_factory=set)
    _sent: dict[uuid.UUID, tuple[int, float]] = field(default_factory=dict)
    """Under way: how often a clip was sent, and when last."""
    _last_arrival_s: float = 0.0

    def left(self) -> QuerySet[Clip]:
        """The clips whose newest score is not of this model with these coefficients."""
        return unheard_by(self.campaign, self.ear.listener.sha256, self.ear.calibration)

    def clip_ids(self) -> Iterator[uuid.UUID]:
        """What is left, in the order of keys: each row is looked up only when it is near."""
        last = uuid.UUID(int=0)
        while True:
            page = self.left().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)
            found = list(page[:WINDOW])
            yield from found
            if not found:
                return
            last = found[-1]

    def here(self, hear: Callable[[uuid.UUID], object]) -> Iterator[int]:
        """Hear everything in this process; after each clip, how many were done (1)."""
        for clip_id in self.clip_ids():
            try:
                hear(clip_id)
            except Exception:
                log.exception("Clip %s could not be heard again.", clip_id)
                self.failed.add(clip_id)
            yield 1

    def through_queue(self, send: Send) -> Iterator[int]:
        """Keep ``WINDOW`` clips on their way; after each look at the rows, how many arrived."""
        coming = self.clip_ids()
        while True:
            self._top_up(coming, send)
            if not self._sent:
                return
            yield self._settle(send)

    def _top_up(self, coming: Iterator[uuid.UUID], send: Send) -> None:
        while len(self._sent) <= WINDOW - CHUNK:
            chunk = list(islice(coming, CHUNK))
            if not chunk:
                return
            self._send(chunk, send)

    def _send(self, chunk: list[uuid.UUID], send: Send) -> None:
        now_s = time.monotonic()
        for clip_id in chunk:
            tries, _ = self._sent.get(clip_id, (0, 0.0))
            self._sent[clip_id] = tries + 1, now_s
        send(chunk)

    def _settle(self, send: Send) -> int:
        """Take off what has its score; send again, alone, what takes too long."""
        waiting = set(self.left().filter(pk__in=self._sent).values_list("pk", flat=True))
        arrived = self._sent.keys() - waiting
        for clip_id in arrived:
            del self._sent[clip_id]
            self._last_arrival_s = time.monotonic()
        return len(arrived) + sum(self._ask_again(clip_id, send) for clip_id in self._overdue())

    def _overdue(self) -> list[uuid.UUID]:
        """All that is on its way, when nothing has come in for too long though workers are free."""
        now_s = time.monotonic()
        latest_s = max(self._last_arrival_s, *(sent_s for _, sent_s in self._sent.values()), 0.0)
        if now_s - latest_s < self.retry_after_s or waiting_for_machine().clips:
            return []  # while speakers keep the workers busy nothing arrives, and nothing is lost
        return list(self._sent)

    def _ask_again(self, clip_id: uuid.UUID, send: Send) -> int:
        """Once more, alone; 1 when it has been given up."""
        tries, _ = self._sent[clip_id]
        if tries < TRIES:
            self._send([clip_id], send)
            return 0
        del self._sent[clip_id]
        self.failed.add(clip_id)
        return 1


def folder_named(model: str | None) -> Path | None:
    """The folder in ``onnx-asr:/folder``; None for None. Raises ValueError with a remedy."""
    if model is None:
        return None
    kind, _, folder = model.partition(":")
    path = Path(folder)
    if kind != "onnx-asr" or not path.is_absolute():
        raise ValueError("Name a model as onnx-asr:/full/path/of/its/folder.")
    return path
