"""Common Voice: ``validated.tsv`` and ``clips/``, unquoted, one folder for each language.

Only what its people validated comes in, with their votes; ``train``, ``dev`` and ``test`` say in
which split a clip was. Older releases call the columns ``accent`` and the genders otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from corpus.importers.rows import Found, Importer, Refused, beside, first_line, lines_of, outside

_NEEDED = {"client_id", "path", "sentence"}
_GENDERS = {"male": "male_masculine", "female": "female_feminine"}


def _tables(root: Path) -> list[Path]:
    """At the root, in a language's folder, or in that of a downloaded release."""
    found = [path for depth in ("", "*/", "*/*/") for path in root.glob(f"{depth}validated.tsv")]
    return sorted(path for path in found if set(first_line(path).split("\t")) >= _NEEDED)


def is_like(root: Path) -> bool:
    """Whether there is a table of validated clips."""
    return bool(_tables(root))


def rows(root: Path) -> Iterator[Found | Refused]:
    """Each validated clip."""
    for table in _tables(root):
        splits = _splits(table, root)
        for where, line in _lines(table, root):
            yield line if isinstance(line, Refused) else _row(table, root, where, line, splits)


def _lines(table: Path, root: Path) -> Iterator[tuple[str, dict[str, str] | Refused]]:
    names: list[str] = []
    for where, line in lines_of(table, root):
        if isinstance(line, Refused):
            yield where, line
        elif not names:
            names = line.split("\t")
        elif line:
            cells = line.split("\t")
            if len(cells) != len(names):
                detail = f"{len(cells)} columns, not {len(names)}."
                yield where, Refused(where, "columns_wrong", detail)
            else:
                yield where, dict(zip(names, cells, strict=True))


def _splits(table: Path, root: Path) -> dict[str, str]:
    names = {"train": "training", "dev": "validation", "test": "testing"}
    return {
        line["path"]: split
        for name, split in names.items()
        if (path := table.with_name(f"{name}.tsv")).is_file()
        for _where, line in _lines(path, root)
        if isinstance(line, dict) and "path" in line
    }


def _row(
    table: Path, root: Path, where: str, line: dict[str, str], splits: dict[str, str]
) -> Found | Refused:
    path = beside(table, f"clips/{line['path']}", root)
    if path is None:
        return outside(where, line["path"])
    gender = line.get("gender", "")
    return Found(
        key=path,
        path=path,
        text=line["sentence"],
        speaker=line["client_id"],
        split=splits.get(line["path"], ""),
        accepts=_count(line.get("up_votes", "")),
        rejects=_count(line.get("down_votes", "")),
        age=line.get("age", ""),
        gender=_GENDERS.get(gender, gender),
        accent=line.get("accents", "") or line.get("accent", ""),
    )


def _count(text: str) -> int:
    return int(text) if text.isdecimal() else 0


IMPORTER = Importer("common-voice", "Common Voice TSV", is_like, rows)
