"""What exporters are given: a release's description, its shards, and its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import lru_cache
from json.encoder import encode_basestring
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

import orjson

from corpus.datasheet.sections import Section

SAMPLING_RATE_HZ = 16_000
SPLITS = ("training", "validation", "testing")


class Details(Mapping[str, Any]):
    """A JSON object that is parsed only when it is asked: most formats pass it on as it is."""

    __slots__ = ("_parsed", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._parsed: dict[str, Any] | None = None

    def _read(self) -> dict[str, Any]:
        if self._parsed is None:
            self._parsed = orjson.loads(self.text)
        return self._parsed

    def __getitem__(self, name: str) -> Any:
        return self._read()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


NO_DETAILS: Mapping[str, Any] = MappingProxyType({})


class Row(NamedTuple):
    """One clip of a release, as it was frozen. ``clip_id`` is a UUID, all lower case.

    ``take`` counts a speaker's takes of a text, ``speaker_number`` a speaker's clips, both from 0
    and both frozen, so that a withdrawal renames no other clip. ``details`` holds what only some
    formats tell (measurements, scores, votes, what speakers say of themselves). ``revised_in`` is
    the revision that last changed what is told of the clip; so a withdrawal changes no other row.
    """

    clip_id: str
    split: str
    shard: int
    pseudonym: str
    speaker_number: int
    text: str
    kind: str
    take: int
    num_samples: int
    master_sha256: str
    master_num_bytes: int
    loudest_second_offset: int
    revised_in: int
    language: str
    details: Mapping[str, Any] = NO_DETAILS

    @property
    def duration_s(self) -> float:
        """Exact to the sample."""
        return self.num_samples / SAMPLING_RATE_HZ


#: Stands in a ``json_template`` for a value that is JSON already.
RAW = "%raw"


def _dumps(fields: Mapping[str, object]) -> str:
    return orjson.dumps(fields).decode()


def json_template(
    fields: Mapping[str, object], dumps: Callable[[Mapping[str, object]], str] = _dumps
) -> str:
    """A line of JSON to be filled in by ``%``: a million lines in half the time of their objects.

    ``%s`` within a text is for what needs no quoting (ids, choices, hashes), ``RAW`` for what is
    JSON already, by ``quoted`` or ``seconds``.
    """
    return dumps(fields).replace(f'"{RAW}"', "%s")


#: A text as JSON has it, with its quotes.
quoted: Callable[[str], str] = encode_basestring


@lru_cache(2**16)
def seconds(num_samples: int) -> str:
    """A duration as JSON, exact to the sample."""
    return orjson.dumps(num_samples / SAMPLING_RATE_HZ).decode()


def json_of(details: Mapping[str, Any]) -> str:
    """Details as the text of a JSON object; as it came where it was not read."""
    return details.text if isinstance(details, Details) else orjson.dumps(dict(details)).decode()


def open_template(fields: Mapping[str, object]) -> str:
    """A ``json_template`` that goes on after its fields, with what ``rest_of`` gives."""
    return f"{json_template(fields)[:-1]}%s"


def rest_of(details: str) -> str:
    """The fields of a JSON object, to end another one with."""
    return "}" if details == "{}" else f",{details[1:]}"


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
    TEXT = ("text", "clip_id")


class Rows(Protocol):
    """Reads a release's rows, from the start each time, without holding them all."""

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
        """The rows of the release, of one split, or of one shard; only those of a kind.

        Without ``details`` they may be empty: that halves what is read. Who only wants to know
        whether there is a row sets the ``limit``: else the database prepares them all.
        """

    def columns(
        self,
        *names: str,
        split: str | None = None,
        kind: str | None = None,
        spoken: bool = False,
        order: Order = Order.CLIP,
    ) -> Iterator[tuple[Any, ...]]:
        """Only these columns, as plain tuples: what a manifest of a million lines is made of.

        ``details`` comes as the text of its JSON object, and a name that no row has is looked up
        in it ("" where it is not told). ``spoken`` is for rows in which something is said.
        """


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
    #: The datasheet's sections in English, how to cite the release, and the same for LaTeX.
    sheet: tuple[Section, ...] = ()
    citation: str = ""
    #: First and last month of the collection, as ``2026-09``.
    months: tuple[str, ...] = ()
    bibtex: str = ""
    #: By path, what files came to when they were last made: size, SHA-256 (hex) where it does not
    #: hang on audio. It spares a pass over the rows for each.
    sums: MutableMapping[str, tuple[int, str | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Listed:
    """``Rows`` over a list, for tests and for small releases."""

    rows: Sequence[Row]

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
        wanted = split if shard is None else shard.split
        of_kind = (row for row in self.rows if kind in (None, row.kind))
        of_split = (row for row in of_kind if wanted in (None, row.split))
        chosen = (row for row in of_split if shard is None or row.shard == shard.index)
        sort = sorted(chosen, key=lambda row: [getattr(row, name) for name in order.value])
        return iter(sort[:limit])

    def columns(
        self,
        *names: str,
        split: str | None = None,
        kind: str | None = None,
        spoken: bool = False,
        order: Order = Order.CLIP,
    ) -> Iterator[tuple[Any, ...]]:
        """See ``Rows``."""
        for row in self(split=split, kind=kind, order=order):
            if not spoken or (row.kind != "noise" and row.text):
                yield tuple(_value(row, name) for name in names)


def _value(row: Row, name: str) -> Any:
    if name == "details":
        return json_of(row.details)
    return getattr(row, name) if name in Row._fields else str(row.details.get(name, ""))
