"""Rows as they are at one moment, read as often as wanted in constant memory."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from django.db import connection

_HERE = Path(__file__).parent
_BATCH = 200


class FrozenRows:
    """The answer of one query, kept by the database under a cursor until it is closed.

    What the archive tells is written in several passes while people go on voting: were each pass
    a query of its own, a line could differ in length from what was announced. A cursor ``WITH
    HOLD`` belongs to no transaction, so a slow download holds up no clean-up of the database.
    """

    def __init__(self, query: str, **values: uuid.UUID | int) -> None:
        self._name = f"takeout_{uuid.uuid4().hex}"
        rows = (_HERE / query).read_text(encoding="utf-8")
        with connection.cursor() as cursor:
            cursor.execute(f"DECLARE {self._name} SCROLL CURSOR WITH HOLD FOR {rows}", values)

    def batches(self) -> Iterator[list[dict[str, Any]]]:
        """The rows from the first on, some hundreds at a time; one pass at a time."""
        with connection.cursor() as cursor:
            cursor.execute(f"MOVE ABSOLUTE 0 IN {self._name}")
            while True:
                cursor.execute(f"FETCH FORWARD {_BATCH} FROM {self._name}")
                batch = cursor.fetchall()
                if not batch:
                    return
                yield [orjson.loads(text) for (text,) in batch]

    def close(self) -> None:
        """Let the database forget it; again is harmless."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_cursors WHERE name = %s", [self._name])
            if cursor.fetchone():
                cursor.execute(f"CLOSE {self._name}")
