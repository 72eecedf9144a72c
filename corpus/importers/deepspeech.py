"""DeepSpeech's and Coqui STT's CSVs: ``wav_filename,wav_filesize,transcript``. No speakers."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from corpus.importers.rows import (
    MAX_LINE_BYTES,
    Found,
    Importer,
    Refused,
    beside,
    first_line,
    outside,
    split_of,
)

COLUMNS = {"wav_filename", "wav_filesize", "transcript"}


def _tables(root: Path) -> list[Path]:
    found = [*root.glob("*.csv"), *root.glob("*/*.csv")]
    return sorted(path for path in found if set(first_line(path).split(",")) >= COLUMNS)


def is_like(root: Path) -> bool:
    """Whether a table has the three columns."""
    return bool(_tables(root))


def rows(root: Path) -> Iterator[Found | Refused]:
    """Each line of each table."""
    csv.field_size_limit(MAX_LINE_BYTES)
    for table in _tables(root):
        with table.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            lines = csv.DictReader(file)
            for line in lines:
                where = f"{table.relative_to(root).as_posix()}:{lines.line_num}"
                yield _row(table, root, where, line)


def _row(table: Path, root: Path, where: str, line: dict[str, str | None]) -> Found | Refused:
    named, size, text = (line.get(name) for name in ("wav_filename", "wav_filesize", "transcript"))
    if not named or text is None or None in line:
        return Refused(where, "columns_wrong", "Not the three columns of the first line.")
    if "\ufffd" in text:
        return Refused(where, "not_utf8", "The transcript is not UTF-8.")
    path = beside(table, named, root)
    if path is None:
        return outside(where, named)
    file = root / path
    if size and size.isdecimal() and file.is_file() and file.stat().st_size != int(size):
        detail = f"{file.stat().st_size} bytes, and not {size} as the table says."
        return Refused(where, "size_differs", detail)
    return Found(key=path, path=path, text=text, split=split_of(table.stem))


IMPORTER = Importer("deepspeech", "DeepSpeech / Coqui CSV", is_like, rows)
