"""``index.html``: the page that plays an archive, by itself and without a network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape

from corpus.stories import State
from corpus.takeout.page_rows import Rows
from corpus.takeout.records import Part

_HERE = Path(__file__).parent
_CLIPS = "<!-- clips -->"
_BATCH = 200
#: Runs before the first row is there, so that not all of them are laid out only to be hidden.
_EARLY = 'document.documentElement.classList.add("scripted");'


@dataclass(frozen=True)
class Chapter:
    """A speaker's clips on the page: their heading, their folder and what was lent."""

    title: str
    folder: str
    clips: Iterable[tuple[dict[str, Any], Part]]


@lru_cache
def _file(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _policy_hash(text: str) -> str:
    """How a Content-Security-Policy names an inline text: the page may run this and no other."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def page(language: str, facts: Mapping[str, Any], chapters: Iterable[Chapter]) -> Iterator[bytes]:
    """The page's bytes, piece by piece, in the language."""
    with translation.override(language):
        style, script = _file("page.css"), _file("page.js")
        inline = {"style": style, "style_hash": _policy_hash(style)}
        hashes = f"{_policy_hash(_EARLY)} {_policy_hash(script)}"
        inline |= {"early": _EARLY, "script": script, "script_hash": hashes}
        context = {**facts, **inline, "clips": _CLIPS, "states": _states()}
        whole = render_to_string("corpus/takeout_index.html", context)
        rows = Rows(language)
    head, foot = whole.split(_CLIPS)
    yield head.encode()
    for chapter in chapters:
        yield from _chapter(chapter, rows)
    yield foot.encode()


def _states() -> list[tuple[str, str]]:
    return [(state.value, str(state.label)) for state in State]


def _chapter(chapter: Chapter, rows: Rows) -> Iterator[bytes]:
    title = escape(chapter.title)
    yield f'<section class="chapter">\n<h2>{title}</h2>\n<ol class="clips">\n'.encode()
    clips = iter(chapter.clips)
    while batch := list(islice(clips, _BATCH)):
        made = [rows.row(record, part, chapter.folder) for record, part in batch]
        yield "".join(made).encode()
    yield b"</ol>\n</section>\n"
