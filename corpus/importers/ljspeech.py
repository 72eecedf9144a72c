"""LJSpeech: ``metadata.csv`` with bars between its columns, and ``wavs/``. It has one speaker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from corpus.importers.rows import Found, Importer, Refused, beside, first_line, lines_of, outside


def _table(root: Path) -> Path | None:
    for path in (root / "metadata.csv", *sorted(root.glob("*/metadata.csv"))):
        if first_line(path).count("|") in (1, 2) and (path.parent / "wavs").is_dir():
            return path
    return None


def is_like(root: Path) -> bool:
    """Whether there is a table with bars beside a folder of sounds."""
    return _table(root) is not None


def rows(root: Path) -> Iterator[Found | Refused]:
    """Each line: its id, its text, and its text once more with numbers spelt out, which is said."""
    table = _table(root)
    for where, line in lines_of(table, root) if table else ():
        if isinstance(line, Refused):
            yield line
            continue
        cells = line.split("|")
        if len(cells) not in (2, 3):
            yield Refused(where, "columns_wrong", f"{len(cells)} columns, not 2 or 3.")
            continue
        path = beside(table or root, f"wavs/{cells[0]}.wav", root)
        if path is None:
            yield outside(where, cells[0])
        else:
            yield Found(key=cells[0], path=path, text=cells[-1] or cells[1])


IMPORTER = Importer("ljspeech", "LJSpeech", is_like, rows)
