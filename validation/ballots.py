"""All votes of a campaign as a table, for a curator's own calculations."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, Final

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import BooleanField, F, FloatField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast

from collector.models import Campaign, ClipStatus
from validation.models import GoldVote, PreScore, Review

COLUMNS: Final = (
    "clip", "prompt", "voice", "status", "text", "machine", "gold",
    "reviewer", "verdict", "tags", "transcript", "heard_s", "at",
)  # fmt: skip
_AT_ONCE: Final = 2_000
#: With these a spreadsheet begins a formula, which a transcript must not be.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def votes_as_rows(campaign: Campaign) -> Iterator[dict[str, Any]]:
    """Each vote with its clip, in the order of COLUMNS; votes on gold clips after the others.

    ``machine`` is the newest score's match, ``gold`` whether a gold clip is right; ``reviewer`` is
    the account's number, as in the agreement figures. Nothing of clips that were taken back, or
    whose speaker has paused them.
    """
    cast = Review.objects.filter(case__campaign=campaign)
    gold = GoldVote.objects.filter(gold__campaign=campaign).exclude(verdict="")
    yield from _rows(cast.annotate(gold_is=Value(None, BooleanField())), "case__")
    known = gold.annotate(
        gold_is=F("gold__is_right"), transcript=Value(""),
        heard_s=Cast(Value(None), FloatField()),
    )  # fmt: skip
    yield from _rows(known, "gold__case__")


def _rows(votes: QuerySet[Any], case: str) -> Iterator[dict[str, Any]]:
    clip = f"{case}clip"
    newest = PreScore.objects.filter(clip=OuterRef(clip)).order_by("-at").values("match")[:1]
    lent = {f"{clip}__status": ClipStatus.TRANSCODED, f"{clip}__paused_at__isnull": True}
    found = votes.filter(**lent).annotate(machine=Subquery(newest)).order_by("at", "pk")
    values = found.values_list(
        clip, f"{clip}__prompt__text", f"{clip}__participation__pseudonym", f"{case}status",
        f"{case}accepted_text", "machine", "gold_is",
        "reviewer", "verdict", "tags", "transcript", "heard_s", "at",
    )  # fmt: skip
    for row in values.iterator(_AT_ONCE):
        yield dict(zip(COLUMNS, row, strict=True))


def as_json_lines(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    """One object a line."""
    for row in rows:
        yield json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n"


def as_csv(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    """RFC 4180, with a line of names; tags are parted by spaces."""
    yield _csv_line(list(COLUMNS))
    for row in rows:
        yield _csv_line([_cell(value) for value in row.values()])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(value)
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv_line(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
