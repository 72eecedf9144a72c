"""The journal's pen: every change of state is announced here, in its own transaction."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from functools import lru_cache, partial
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from collector.models import Event, EventKind

BATCH = 2000


class Dispatcher(Protocol):
    """What the pipeline offers: it is told of a fact, after the commit."""

    def __call__(self, kind: str, clip_id: uuid.UUID | None) -> None: ...


def announce(kind: EventKind, clip_id: uuid.UUID | None = None, **data: Any) -> None:
    """Write the fact into the journal and, once it is committed, tell the pipeline."""
    Event.objects.create(kind=kind, clip_id=clip_id, data=data)
    tell(kind, clip_id)


def announce_each(kind: EventKind, data_of: Mapping[uuid.UUID, Mapping[str, Any]]) -> None:
    """Write the same fact of many clips: a line for each, and one word to the pipeline for all.

    The word names one of the clips. Whoever acts on it looks for the others by their status.
    """
    lines = [
        Event(kind=kind, clip_id=clip_id, data=dict(data)) for clip_id, data in data_of.items()
    ]
    Event.objects.bulk_create(lines, batch_size=BATCH)
    if lines:
        tell(kind, lines[0].clip_id)


def tell(kind: EventKind, clip_id: uuid.UUID | None = None) -> None:
    """Tell the pipeline of the fact, once it is committed, and leave no line of it.

    For what other rows say already, and what a line with its time and its place among the others
    would tie to a person. ``robust``: the fact stands even when the pipeline cannot be told (the
    sweep finds it later).
    """
    transaction.on_commit(partial(_dispatcher(), str(kind), clip_id), robust=True)


def forget_clips(clip_ids: Collection[uuid.UUID]) -> None:
    """Take all lines of erased clips out of the journal; of other clips the database refuses it."""
    Event.objects.filter(clip_id__in=clip_ids).delete()


@lru_cache
def _dispatcher() -> Dispatcher:
    # By its dotted name: the collector is told about the pipeline, it does not import it.
    dispatcher: Dispatcher = import_string(settings.EVENT_DISPATCHER)
    return dispatcher
