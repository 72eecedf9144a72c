"""Lists of texts to read aloud: plain lines or TSV, judged line by line. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from collector.errors import Unprocessable
from collector.rules import normalised_text
from corpus.importers.rows import Refused, lines_of

MAX_PROMPT = 300
_KINDS = ("keyword", "sentence")
#: Column names that are known, and what they are: Common Voice's sentence lists use the last two.
_COLUMNS = {"text": "text", "sentence": "text", "kind": "kind", "topic": "topic",
            "sentence_domain": "topic", "source": "source"}  # fmt: skip
_ADDRESS = re.compile(r"https?://|www\.|\S@\S+\.\S", re.I)
_MARKUP = re.compile(r"</?[a-z][^>]*>|\{\{|\}\}|\[\[|\]\]", re.I)


@dataclass(frozen=True)
class Text:
    """A line that can be read aloud, and what its table says of it."""

    where: str
    text: str
    kind: str = ""
    topic: str = ""
    source: str = ""


def texts_of(path: Path) -> Iterator[Text | Refused]:
    """The file's texts, NFC and with single spaces; what is unreadable or there twice, and why.

    A first line of known column names makes it a TSV, else each line is a text. Empty lines, and
    in plain lists those that begin with ``#``, are passed over.
    """
    seen: dict[str, str] = {}
    columns: list[str] | None = None
    for number, (where, line) in enumerate(lines_of(path, path.parent)):
        if isinstance(line, Refused):
            yield line
            continue
        if number == 0:
            columns = _header(line)
            if columns is not None:
                continue
        if not line.strip() or (columns is None and line.startswith("#")):
            continue
        row = _row(where, line, columns)
        yield _once(row, seen) if isinstance(row, Text) else row


def _header(line: str) -> list[str] | None:
    names = [_COLUMNS.get(name.strip().lower(), "") for name in line.split("\t")]
    return names if "text" in names and ("\t" in line or line.strip().lower() in _COLUMNS) else None


def _row(where: str, line: str, columns: list[str] | None) -> Text | Refused:
    cells = line.split("\t")
    fields = {"text": line} if columns is None else dict(zip(columns, cells, strict=False))
    fields.pop("", None)
    try:
        text = normalised_text(fields.pop("text", ""))
    except Unprocessable:
        return Refused(where, "text_empty", "The line has no text.")
    if fields.get("kind", "") not in ("", *_KINDS):
        return Refused(where, "kind_unknown", f"A kind is one of {', '.join(_KINDS)}.")
    why = unreadable(text)
    return Refused(where, *why) if why else Text(where, text, **fields)


def unreadable(text: str) -> tuple[str, str] | None:
    """Why nobody could read the text aloud: a code and a sentence; None where they can."""
    if len(text) > MAX_PROMPT:
        return "text_too_long", f"{len(text)} characters, over {MAX_PROMPT}."
    if not any(unicodedata.category(c)[0] in "LN" for c in text):
        return "no_letters", "It has neither letters nor digits."
    if _ADDRESS.search(text):
        return "has_an_address", "Nobody reads an address aloud the same way."
    if _MARKUP.search(text):
        return "has_markup", "It has markup in it."
    if "\ufffd" in text or any(unicodedata.category(c) in ("Co", "Cn") for c in text):
        return "has_unknown_characters", "It has characters that are none."
    return None


def _once(row: Text, seen: dict[str, str]) -> Text | Refused:
    first = seen.setdefault(row.text.casefold(), row.where)
    if first == row.where:
        return row
    return Refused(row.where, "duplicate", f"The same as {first}: “{row.text[:80]}”.")
