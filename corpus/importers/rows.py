"""What importers find: a clip to bring in, or a line that cannot be used and why."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: A line of a table; longer ones are no table.
MAX_LINE_BYTES = 1_000_000


@dataclass(frozen=True)
class Found:
    """A clip as its corpus describes it.

    ``key`` names it within its corpus for good: the same key is the same clip, whenever it is
    brought in. ``path`` is relative to the root. ``speaker`` is the corpus's own id for a person;
    empty where it knows none. What people voted is kept where the corpus tells it.
    """

    key: str
    path: str
    text: str
    kind: str = "sentence"
    speaker: str = ""
    split: str = ""
    accepts: int = 0
    rejects: int = 0
    age: str = ""
    gender: str = ""
    accent: str = ""


@dataclass(frozen=True)
class Refused:
    """What was not brought in: where it stands, a code, and a sentence."""

    where: str
    code: str
    detail: str


@dataclass(frozen=True)
class Importer:
    """One layout: its name on the command line, how it is recognised, and how it is read."""

    format: str
    label: str
    is_like: Callable[[Path], bool]
    rows: Callable[[Path], Iterator[Found | Refused]]


def lines_of(path: Path, root: Path) -> Iterator[tuple[str, str | Refused]]:
    """A text file's lines, each with the place where it stands; or why one cannot be read."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MAX_LINE_BYTES):
            number += 1
            where = f"{path.relative_to(root).as_posix()}:{number}"
            if len(line) == MAX_LINE_BYTES:
                yield where, Refused(where, "line_too_long", "Over a million bytes.")
                return
            try:
                yield where, line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
            except UnicodeDecodeError as error:
                yield where, Refused(where, "not_utf8", str(error))


def first_line(path: Path) -> str:
    """The first line of a file, or "" where it is no text."""
    try:
        with path.open("rb") as file:
            return file.readline(MAX_LINE_BYTES).decode("utf-8-sig").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        return ""


def json_of(text: str) -> dict[str, Any] | None:
    """The object of a line of JSON, or None."""
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def split_of(name: str) -> str:
    """The split that a file's or folder's name speaks of, or ""."""
    begins = {"train": "training", "dev": "validation", "val": "validation", "test": "testing"}
    return next((split for start, split in begins.items() if name.lower().startswith(start)), "")


def beside(table: Path, named: str, root: Path) -> str | None:
    """The path, relative to the root, of what a table names relative to itself; None if outside.

    An absolute path is taken where it leads into the root, as tables with such paths are usual.
    """
    try:
        # Lexically, and without the disk: who reads the file checks it for links.
        parts: list[str] = []
        joined = Path(named) if Path(named).is_absolute() else table.parent / named
        for part in joined.parts:
            if part == "..":
                parts.pop()
            elif part != ".":
                parts.append(part)
        return Path(*parts).relative_to(root).as_posix()
    except (ValueError, IndexError, TypeError):
        return None


def outside(where: str, named: str) -> Refused:
    """A table that names a file outside of its corpus."""
    return Refused(where, "path_outside", f"“{named}” leads out of the folder.")
