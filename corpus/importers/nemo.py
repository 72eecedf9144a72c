"""NeMo's JSON lines, and our own ``clips.jsonl``: ``audio_filepath`` and ``text`` or ``command``.

Pieces of longer recordings (``offset``) are refused: cut them first. What comes in a second
manifest again, as keywords do in those for classification, is one clip.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.importers.rows import (
    Found,
    Importer,
    Refused,
    beside,
    first_line,
    json_of,
    lines_of,
    outside,
    split_of,
)

KINDS = ("keyword", "sentence", "noise")
#: NeMo's own word for a noise without words.
NO_WORDS = "-"


def _tables(root: Path) -> list[Path]:
    endings = (".json", ".jsonl")
    found = [p for p in [*root.glob("*"), *root.glob("*/*")] if p.suffix in endings and p.is_file()]
    # Transcripts before commands: they say all that these do.
    ordered = sorted(found, key=lambda path: ("command" in path.stem, path))
    return [path for path in ordered if "audio_filepath" in (json_of(first_line(path)) or {})]


def is_like(root: Path) -> bool:
    """Whether a file's first line names a sound as NeMo does."""
    return bool(_tables(root))


def rows(root: Path) -> Iterator[Found | Refused]:
    """Each line of each manifest."""
    seen: set[str] = set()
    for table in _tables(root):
        for where, line in lines_of(table, root):
            found = line if isinstance(line, Refused) else _row(table, root, where, line)
            if isinstance(found, Found):
                if found.path in seen:
                    continue
                seen.add(found.path)
            if found is not None:
                yield found


def _row(table: Path, root: Path, where: str, line: str) -> Found | Refused | None:
    if not line.strip():
        return None
    fields = json_of(line)
    if fields is None or not isinstance(fields.get("audio_filepath"), str):
        return Refused(where, "not_json", "No JSON object with “audio_filepath”.")
    if fields.get("offset"):
        return Refused(where, "is_a_piece", "A piece of a longer recording (“offset”).")
    path = beside(table, fields["audio_filepath"], root)
    if path is None:
        return outside(where, fields["audio_filepath"])
    text, kind = _said(fields)
    if not isinstance(text, str):
        return Refused(where, "text_missing", "Neither “text” nor “command”.")
    return Found(
        key=path,
        path=path,
        text="" if kind == "noise" else text,
        kind=kind,
        speaker=str(fields.get("speaker") or ""),
        split=fields["split"] if fields.get("split") else split_of(table.stem),
        accepts=_count(fields, "accepts"),
        rejects=_count(fields, "rejects"),
        age=str(fields.get("age") or ""),
        gender=str(fields.get("gender") or ""),
        accent=str(fields.get("accent") or ""),
    )


def _said(fields: dict[str, Any]) -> tuple[Any, str]:
    text, command = fields.get("text"), fields.get("command")
    kind = fields.get("kind")
    if kind in KINDS:
        return (command if text is None else text), kind
    if text == NO_WORDS:
        return text, "noise"
    return (command, "keyword") if text is None else (text, "sentence")


def _count(fields: dict[str, Any], name: str) -> int:
    value = fields.get(name)
    return value if isinstance(value, int) and value > 0 else 0


IMPORTER = Importer("nemo", "NeMo JSONL", is_like, rows)
