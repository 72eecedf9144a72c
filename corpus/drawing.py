"""Clips drawn by a recipe and placed in splits, inside the database, before anything is frozen.

Two tables of the transaction hold them, ``drawn`` (a row for each clip) and ``placed`` (a row for
each speaker or text); both are gone with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection

from collector.models import Campaign
from corpus.recipe import Recipe, SplitRule
from corpus.splits import by_amount, by_hash, by_lists

_DRAW = (Path(__file__).parent / "draw.sql").read_text(encoding="utf-8")
_FREEZE = (Path(__file__).parent / "freeze.sql").read_text(encoding="utf-8")
_STILL_AGREED = """
DELETE FROM drawn USING collector_clip AS clip
WHERE clip.id = drawn.clip_id AND NOT %(purposes)s::text[] <@ ARRAY(
    SELECT standing.purpose::text FROM collector_standingpurpose AS standing
    WHERE standing.consent_id = clip.consent_id
)
"""
# In the order of the keys, as withdrawals of many clips lock theirs: so neither waits for ever.
_LOCK = "ORDER BY clip.id FOR NO KEY UPDATE OF clip"
_BATCH = 5_000
SMALLEST_GROUP = 5


def draw(campaign: Campaign, recipe: Recipe, *, lock: bool) -> int:
    """Draw the clips and place them; how many there are.

    With ``lock`` a withdrawal at the same moment waits for the end of the transaction, and then
    takes its clip out again.
    """
    values = {
        **asdict(recipe),
        "kinds": list(recipe.kinds),
        "tags": list(recipe.tags),
        "tags_excluded": list(recipe.tags_excluded),
        "campaign": campaign.pk,
        "purposes": [str(purpose) for purpose in recipe.purposes(campaign.licence)],
        "by_prompt": recipe.split_rule == SplitRule.STRICT_PROMPT,
    }
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.drawn, pg_temp.placed")
        cursor.execute(_DRAW.replace("{lock}", _LOCK if lock else ""), values)
        cursor.execute("CREATE TEMPORARY TABLE placed (unit text, split text) ON COMMIT DROP")
    if lock:
        still_agreed(values)
    _place(recipe)
    with connection.cursor() as cursor:
        # Tables of a transaction have no statistics of their own, and the plans need them.
        cursor.execute("ANALYZE drawn")
        cursor.execute("ANALYZE placed")
        cursor.execute("SELECT count(*) FROM drawn")
        return int(cursor.fetchone()[0])


def still_agreed(values: dict[str, Any]) -> None:
    """Drop what its speaker has taken back from the purpose while we waited for the locks."""
    with connection.cursor() as cursor:
        cursor.execute(_STILL_AGREED, values)


def freeze_drawn(release_id: Any, licence: str, recipe: Recipe) -> None:
    """Write what was drawn as the release's entries."""
    values = {
        "release": release_id,
        "licence": licence,
        "shard_num_bytes": recipe.shard_num_bytes,
        "smallest_group": SMALLEST_GROUP,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FREEZE, values)


def read(sql: str, **values: Any) -> list[dict[str, Any]]:
    """The answer of a short query about what was drawn."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _place(recipe: Recipe) -> None:
    placed = _placed(recipe)
    with connection.cursor() as cursor:
        while batch := list(islice(placed, _BATCH)):
            units, splits = zip(*batch, strict=True)
            cursor.execute(
                "INSERT INTO placed SELECT * FROM unnest(%s::text[], %s::text[])",
                [list(units), list(map(str, splits))],
            )


def _placed(recipe: Recipe) -> Iterator[tuple[str, str]]:
    percents = recipe.validation_percent, recipe.testing_percent
    if recipe.split_rule == SplitRule.FIXED:
        return by_lists(_units(), recipe.validation_speakers, recipe.testing_speakers)
    if recipe.split_rule == SplitRule.STRICT_SPEAKER:
        amounts = read("SELECT unit, sum(num_samples)::bigint AS n FROM drawn GROUP BY unit")
        return by_amount({row["unit"]: row["n"] for row in amounts}, *percents)
    return by_hash(_units(), *percents)


def _units() -> Iterator[str]:
    """Each speaker, or each text, once; read in pieces, since texts can be many."""
    last: str | None = None
    while True:
        page = read(
            'SELECT DISTINCT unit COLLATE "C" AS unit FROM drawn'
            ' WHERE %(last)s::text IS NULL OR unit COLLATE "C" > %(last)s'
            " ORDER BY 1 LIMIT %(limit)s",
            last=last,
            limit=100_000,
        )
        yield from (row["unit"] for row in page)
        if len(page) < 100_000:
            return
        last = page[-1]["unit"]
