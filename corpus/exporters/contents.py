"""What exporters are given: a release's description, its shards, and its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Protocol

SAMPLING_RATE_HZ = 16_000
SPLITS = ("training", "validation", "testing")


@dataclass(frozen=True, slots=True)
class Row:
    """One clip of a release, as it was frozen. ``clip_id`` is a UUID, all lower case.

    ``take`` counts a speaker's takes of a text, ``speaker_number`` a speaker's clips, both from 0
    and both frozen, so that a withdrawal renames no other clip. ``details`` holds what only some
    formats tell (measurements, scores, votes, what speakers say of themselves).
    """

    clip_id: str
    split: str
    shard: int
    pseudonym: str
    speaker_number: int
    text: str
    kind: str
    language: str
    take: int
    num_samples: int
    master_sha256: str
    master_num_bytes: int
    loudest_second_offset: int
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def duration_s(self) -> float:
        """Exact to the sample."""
        return self.num_samples / SAMPLING_RATE_HZ


@dataclass(frozen=True, slots=True)
class Shard:
    """A part of a split, fixed when the release was frozen: its number, of how many."""

    split: str
    index: int
    of: int

    @property
    def name(self) -> str:
        """Such as ``training-00002``."""
        return f"{self.split}-{self.index:05d}"


class Order(Enum):
    """In which order rows come; all are by bytes, never by a locale."""

    CLIP = ("clip_id",)
    SPEAKER = ("pseudonym", "clip_id")
    DURATION = ("num_samples", "clip_id")


class Rows(Protocol):
    """Reads a release's rows, from the start each time, without holding them all."""

    def __call__(
        self,
        *,
        split: str | None = None,
        shard: Shard | None = None,
        order: Order = Order.CLIP,
    ) -> Iterator[Row]:
        """The rows of the release, of one split, or of one shard."""


@dataclass(frozen=True)
class Contents:
    """A release, as exporters know it."""

    name: str
    title: str
    description: str
    language: str
    licence: str
    version: int
    revision: int
    frozen_at: datetime
    url: str
    shards: tuple[Shard, ...]
    rows: Rows


def listed(rows: Sequence[Row]) -> Rows:
    """``Rows`` over a list, for tests and for small releases."""

    def read(
        *, split: str | None = None, shard: Shard | None = None, order: Order = Order.CLIP
    ) -> Iterator[Row]:
        wanted = split if shard is None else shard.split
        of_split = (row for row in rows if wanted in (None, row.split))
        chosen = (row for row in of_split if shard is None or row.shard == shard.index)
        return iter(sorted(chosen, key=lambda row: [getattr(row, name) for name in order.value]))

    return read
