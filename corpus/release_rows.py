"""A release's rows for exporters, read from the database without holding them all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Collate

from collector.models import PromptKind
from corpus.exporters import Order, Row, Shard
from corpus.exporters.contents import NO_DETAILS, Details
from corpus.models import ReleaseEntry

#: Rows that are read at once. The cursor is on the server's side: a million rows are read in the
#: memory of a few thousand.
_BATCH = 2_000
_FROZEN = Row._fields[: Row._fields.index("language")]


@dataclass(frozen=True)
class EntryRows:
    """The entries that a release holds today, as ``Rows``."""

    entries: QuerySet[ReleaseEntry]
    language: str

    def __call__(
        self,
        *,
        split: str | None = None,
        shard: Shard | None = None,
        kind: str | None = None,
        order: Order = Order.CLIP,
        details: bool = True,
        limit: int | None = None,
    ) -> Iterator[Row]:
        """See ``Rows``."""
        entries = self._chosen(split, kind, order)
        if shard is not None:
            entries = entries.filter(split=shard.split, shard=shard.index)
        names = [*_FROZEN, *(["details"] if details else [])]
        rows = entries.values_list(*map(_column, names))[:limit].iterator(_BATCH)
        if not details:
            return (Row._make((*values, self.language, NO_DETAILS)) for values in rows)
        return (Row._make((*values[:-1], self.language, Details(values[-1]))) for values in rows)

    def columns(
        self,
        *names: str,
        split: str | None = None,
        kind: str | None = None,
        spoken: bool = False,
        order: Order = Order.CLIP,
    ) -> Iterator[tuple[Any, ...]]:
        """See ``Rows``."""
        entries = self._chosen(split, kind, order)
        if spoken:
            entries = entries.exclude(kind=PromptKind.NOISE).exclude(text="")
        return entries.values_list(*map(_column, names)).iterator(_BATCH)

    def _chosen(self, split: str | None, kind: str | None, order: Order) -> QuerySet[ReleaseEntry]:
        entries = self.entries
        by = order.value
        if split is not None:
            entries = entries.filter(split=split)
            if order is Order.CLIP:
                # The same order, as parts are cut from a split in it, and an index has it ready.
                by = ("shard", *by)
        if kind is not None:
            entries = entries.filter(kind=kind)
        return entries.order_by(*map(_bytewise, by))


def _bytewise(name: str) -> Combinable:
    """By the bytes of a text: the database's own collation differs from machine to machine."""
    return Collate(name, "C") if name in ("pseudonym", "text") else F(name)


def _column(name: str) -> Combinable:
    """As texts: a million times a UUID or an object of JSON is made for nothing."""
    if name in ("clip_id", "details"):
        return Cast(name, TextField())
    if name in Row._fields:
        return F(name)
    told = KeyTextTransform(name, "details", output_field=TextField())
    return Coalesce(told, Value(""), output_field=TextField())
