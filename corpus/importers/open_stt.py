"""Open STT's CSVs: no header; a sound, the file with its text, its length. No speakers."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from corpus.importers.rows import (
    Found,
    Importer,
    Refused,
    beside,
    first_line,
    outside,
    split_of,
)

MAX_TEXT_BYTES = 100_000


def _tables(root: Path) -> list[Path]:
    return sorted(p for p in [*root.glob("*.csv"), *root.glob("*/*.csv")] if _names(p))


def _names(table: Path) -> bool:
    """Whether the first line is a sound, a text and a number of seconds."""
    cells = next(csv.reader([first_line(table)]), [])
    return len(cells) == 3 and cells[1].endswith(".txt") and _is_number(cells[2])


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()


def is_like(root: Path) -> bool:
    """Whether there is such a table."""
    return bool(_tables(root))


def rows(root: Path) -> Iterator[Found | Refused]:
    """Each line of each table."""
    for table in _tables(root):
        with table.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            lines = csv.reader(file)
            for cells in lines:
                where = f"{table.relative_to(root).as_posix()}:{lines.line_num}"
                yield _row(table, root, where, cells)


def _row(table: Path, root: Path, where: str, cells: list[str]) -> Found | Refused:
    if len(cells) != 3:
        return Refused(where, "columns_wrong", f"{len(cells)} columns, not 3.")
    path, text_path = (beside(table, named, root) for named in cells[:2])
    if path is None or text_path is None:
        return outside(where, cells[0] if path is None else cells[1])
    text = _text(root, text_path)
    if text is None:
        return Refused(where, "text_missing", f"“{text_path}” cannot be read as UTF-8.")
    return Found(key=path, path=path, text=text, split=split_of(table.stem))


def _text(root: Path, path: str) -> str | None:
    file = root / path
    try:
        # A link that leads out would bring any text of this machine into a prompt.
        if not file.resolve(strict=True).is_relative_to(root.resolve()):
            return None
        with file.open("rb") as opened:
            return opened.read(MAX_TEXT_BYTES).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None


IMPORTER = Importer("open-stt", "Open STT CSV", is_like, rows)
