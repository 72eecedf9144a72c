"""``index.html``: the page that plays an archive, by itself and without a network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.template.loader import render_to_string
from django.utils import formats, translation
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collector.audio.problems import Problem
from collector.findings import FindingCode
from corpus.stories import State, shelf_of
from corpus.takeout.records import Part
from validation.models import Verdict

_HERE = Path(__file__).parent
_CLIPS = "<!-- clips -->"
_BATCH = 200


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
        inline |= {"script": script, "script_hash": _policy_hash(script)}
        context = {**facts, **inline, "clips": _CLIPS, "states": _states()}
        whole = render_to_string("corpus/takeout_index.html", context)
    head, foot = whole.split(_CLIPS)
    yield head.encode()
    for chapter in chapters:
        yield from _chapter(chapter, language)
    yield foot.encode()


def _states() -> list[tuple[str, str]]:
    return [(state.value, str(state.label)) for state in State]


def _chapter(chapter: Chapter, language: str) -> Iterator[bytes]:
    title = escape(chapter.title)
    yield f'<section class="chapter">\n<h2>{title}</h2>\n<ol class="clips">\n'.encode()
    clips = iter(chapter.clips)
    # The language holds for the thread, and between two pieces the thread is somebody else's.
    while batch := list(islice(clips, _BATCH)):
        with translation.override(language):
            rows = [_row(record, part, chapter.folder) for record, part in batch]
        yield "".join(rows).encode()
    yield b"</ol>\n</section>\n"


def _row(record: Mapping[str, Any], part: Part, folder: str) -> str:
    state = State(record["state"])
    facts = [_badge(state), escape(part.name), _day(record["received_at"])]
    if "original" not in record:
        lost = "".join(f"<span>{fact}</span>" for fact in facts)
        name = escape(_("Taken back"))
        search = escape(f"{name} {part.name}".casefold())
        return (
            f'<li data-state="{state.value}" data-find="{search}"><h3 class="gone">{name}</h3>'
            f'<p class="facts">{lost}</p></li>\n'
        )
    said, language = _said(record, part.language)
    master, original = record["master"], record["original"]
    if master:
        facts.append(f"{formats.number_format(master['num_samples'] / 16_000, 1)} s")
    shown = "".join(f"<span>{fact}</span>" for fact in facts)
    search = escape(f"{said} {part.name} {_heard(record)}".casefold())
    file = original["file"] or master["file"]
    spare = f' data-spare="{_href(folder, master["file"])}"' if master else ""
    return (
        f'<li data-state="{state.value}" data-find="{search}">'
        f'<h3 lang="{escape(language)}">{escape(said)}</h3><p class="facts">{shown}</p>'
        f'<p class="files"><a class="play" href="{_href(folder, file)}"{spare} '
        f'aria-label="{escape(_("Play “{text}”").format(text=said))}">{escape(_("Play"))}</a>'
        f"{_master_link(folder, master)}</p>{_more(record, part)}</li>\n"
    )


def _said(record: Mapping[str, Any], language: str) -> tuple[str, str]:
    """What is said in a clip, and in which language it stands here."""
    text = record["agreed_text"] or (record["prompt"]["text"] if record["prompt"] else "")
    if text:
        return text, language
    return _("Without a prompt"), translation.get_language() or ""


def _heard(record: Mapping[str, Any]) -> str:
    return str(record["scores"][-1]["heard"]) if record["scores"] else ""


def _badge(state: State) -> str:
    shelf = shelf_of(state).value
    return f'<b class="badge" data-shelf="{shelf}">{escape(state.label)}</b>'


def _day(at: str) -> str:
    day = formats.date_format(datetime.fromisoformat(at), "DATE_FORMAT")
    return f'<time datetime="{at[:10]}">{escape(day)}</time>'


def _href(folder: str, file: str) -> str:
    return quote(f"{folder}/{file}")


def _master_link(folder: str, master: Mapping[str, Any] | None) -> str:
    if not master:
        return ""
    return f' <a href="{_href(folder, master["file"])}">{escape(_("Master, 16 kHz"))}</a>'


def _more(record: Mapping[str, Any], part: Part) -> str:
    """What came of it: the machine's word, people's, where it went."""
    lines = [*_problem(record), *_findings(record), *_score(record), *_votes(record, part)]
    if record["releases"]:
        versions = ", ".join(str(each["version"]) for each in record["releases"])
        lines.append(_("In release: {versions}").format(versions=versions))
    if not lines:
        return ""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<details><summary>{escape(_('What came of it'))}</summary><ul>{items}</ul></details>"


def _problem(record: Mapping[str, Any]) -> list[str]:
    return [str(Problem(record["problem"]).label)] if record["problem"] else []


def _findings(record: Mapping[str, Any]) -> list[str]:
    if not record["findings"]:
        return []
    labels = ", ".join(str(FindingCode(code).label) for code in record["findings"])
    return [_("Measured: {findings}").format(findings=labels)]


def _score(record: Mapping[str, Any]) -> list[str]:
    if not record["scores"]:
        return []
    heard = _heard(record) or "…"
    lines = [_("The machine heard: “{heard}”").format(heard=heard)]
    match = record["scores"][-1]["match"]
    if match is not None:
        percent = formats.number_format(100 * match, 0)
        lines.append(_("Match with the prompt: {percent} %").format(percent=percent))
    return lines


def _votes(record: Mapping[str, Any], part: Part) -> list[str]:
    votes = record["votes"]
    if not votes:
        return []
    said = ", ".join(str(Verdict(vote["verdict"]).label) for vote in votes)
    count = ngettext("{count} person judged: {said}", "{count} people judged: {said}", len(votes))
    lines = [count.format(count=len(votes), said=said)]
    tags = sorted({part.tags.get(tag, tag) for vote in votes for tag in vote["tags"]})
    if tags:
        lines.append(_("They noted: {tags}").format(tags=", ".join(tags)))
    written = [vote["transcript"] for vote in votes if vote["transcript"]]
    lines += [_("They wrote: “{text}”").format(text=text) for text in dict.fromkeys(written)]
    return lines
