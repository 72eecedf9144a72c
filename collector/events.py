"""The journal's pen: every change of state is announced here, in its own transaction."""

from __future__ import annotations

import uuid
from functools import lru_cache, partial
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from collector.models import Event, EventKind


class Dispatcher(Protocol):
    """What the pipeline offers: it is told of a fact, after the commit."""

    def __call__(self, kind: str, clip_id: uuid.UUID | None) -> None: ...


def announce(kind: EventKind, clip_id: uuid.UUID | None = None, **data: Any) -> None:
    """Write the fact into the journal and, once it is committed, tell the pipeline.

    ``robust``: the fact stands even when the pipeline cannot be told (the sweep finds it later).
    """
    Event.objects.create(kind=kind, clip_id=clip_id, data=data)
    transaction.on_commit(partial(_dispatcher(), str(kind), clip_id), robust=True)


@lru_cache
def _dispatcher() -> Dispatcher:
    # By its dotted name: the collector is told about the pipeline, it does not import it.
    dispatcher: Dispatcher = import_string(settings.EVENT_DISPATCHER)
    return dispatcher
