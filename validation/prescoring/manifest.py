"""The lines of a manifest as NeMo has them: one JSON object for each recording."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, get_args

from validation.scoring import Kind

KINDS: Final = get_args(Kind)
#: A line goes to another process and into its answer, which both end in an error far below this.
MAX_DEPTH: Final = 50


class BadLine(ValueError):
    """A line that names no recording; the sentence says what is wrong with it."""

    code = "bad_line"

    def __init__(self, detail: str, audio_filepath: str | None = None) -> None:
        super().__init__(detail)
        self.audio_filepath = audio_filepath


@dataclass(frozen=True)
class Line:
    """One recording, or a segment of one, and what it should say."""

    audio_filepath: str
    """As the manifest has it."""
    path: Path
    text: str
    kind: Kind
    lang: str
    competitors: tuple[str, ...] = ()
    offset_s: float = 0.0
    duration_s: float | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    """The whole object, which the answer repeats."""


def parse_line(number: int, line: str, folder: Path, lang: str) -> Line:
    """Read one line. ``folder`` is the manifest's, ``lang`` the language of lines without one.

    Raises BadLine, which says what is wrong and in which line (from 1 on).
    """
    fields = _object(number, line)
    name = fields.get("audio_filepath")
    try:
        if not isinstance(name, str) or not name or "\0" in name:
            raise BadLine("`audio_filepath` must be the path of a file.")
        text = _text(fields, "text")
        competitors = _competitors(fields)
        return Line(
            audio_filepath=name,
            path=folder / name,
            text=text,
            kind=_kind(fields, text, competitors),
            lang=_text(fields, "lang") or lang,
            competitors=competitors,
            offset_s=_seconds(fields, "offset") or 0.0,
            duration_s=_seconds(fields, "duration"),
            fields=fields,
        )
    except BadLine as error:
        known = name if isinstance(name, str) else None
        raise BadLine(f"Line {number}: {error}", known) from error


def _object(number: int, line: str) -> dict[str, Any]:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLine(f"Line {number} is no JSON: {error}") from error
    if not isinstance(fields, dict):
        raise BadLine(f"Line {number} is no JSON object: write {{...}} with an `audio_filepath`.")
    if _is_deeper(fields, MAX_DEPTH):
        raise BadLine(f"Line {number} holds lists or objects more than {MAX_DEPTH} deep.")
    return fields


def _is_deeper(value: object, levels: int) -> bool:
    if not isinstance(value, (dict, list)):
        return False
    parts = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_is_deeper(part, levels - 1) for part in parts)


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise BadLine(f"`{name}` must be a text.")
    return value or ""


def _competitors(fields: Mapping[str, Any]) -> tuple[str, ...]:
    value = fields.get("competitors") or []
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise BadLine("`competitors` must be a list of texts.")
    return tuple(value)


def _kind(fields: Mapping[str, Any], text: str, competitors: tuple[str, ...]) -> Kind:
    """What the line says, else what it looks like: a single word is a keyword."""
    if fields.get("kind") is None:
        return "keyword" if competitors or len(text.split()) == 1 else "sentence"
    for kind in KINDS:
        if fields["kind"] == kind:
            return kind  # type: ignore[no-any-return]  # one of the literals of Kind
    raise BadLine(f"`kind` must be one of {', '.join(KINDS)}.")


def _seconds(fields: Mapping[str, Any], name: str) -> float | None:
    value = fields.get(name)
    if value is None:
        return None
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or value < 0:
        raise BadLine(f"`{name}` must be a number of seconds, 0 or more.")
    return float(value)
