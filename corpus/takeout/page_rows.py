"""A clip on the page of an archive: what was said, what became of it, and its files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Any
from urllib.parse import quote

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collector.audio.problems import Problem
from collector.findings import FindingCode
from corpus.stories import State, shelf_of
from corpus.takeout.records import Part
from validation.models import Verdict


class Rows:
    """Makes rows in the language that is active when this is made.

    Every word is looked up once: for ten thousand clips that is a third of the work. And between
    two pieces of a download the thread, and with it the language, is somebody else's.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.badges = {state.value: _badge(state) for state in State}
        self.problems = {str(each): str(each.label) for each in Problem}
        self.findings = {str(each): str(each.label) for each in FindingCode}
        self.verdicts = {str(each): str(each.label) for each in Verdict}
        self.gone, self.no_prompt = _("Taken back"), _("Without a prompt")
        self.play, self.play_it = _("Play"), _("Play “{text}”")
        self.master, self.more = _("Master, 16 kHz"), _("What came of it")
        self.measured, self.released = _("Measured: {findings}"), _("In release: {versions}")
        self.heard = _("The machine heard: “{heard}”")
        self.match = _("Match with the prompt: {percent} %")
        self.noted, self.wrote = _("They noted: {tags}"), _("They wrote: “{text}”")
        self.judged = {number: _judged(number) for number in range(30)}
        self.point = str(formats.get_format("DECIMAL_SEPARATOR"))
        self.day_format = str(formats.get_format("DATE_FORMAT"))
        self._days: dict[str, str] = {}

    def row(self, record: Mapping[str, Any], part: Part, folder: str) -> str:
        """One clip, as an item of the list."""
        facts = [self.badges[record["state"]], escape(part.name), self._day(record)]
        if "original" not in record:
            title, files, more = f'<h3 class="gone">{escape(self.gone)}</h3>', "", ""
            found = self.gone
        else:
            said, language = self._said(record, part)
            if record["master"]:
                facts.append(self._seconds(record["master"]["num_samples"] / 16_000))
            title = f'<h3 lang="{escape(language)}">{escape(said)}</h3>'
            files, more = self._files(record, folder, said), self._more(record, part)
            found = f"{said} {_heard(record)}"
        shown = "".join(f"<span>{fact}</span>" for fact in facts)
        find = escape(f"{found} {part.name}".casefold())
        return (
            f'<li data-state="{record["state"]}" data-find="{find}">{title}'
            f'<p class="facts">{shown}</p>{files}{more}</li>\n'
        )

    def _said(self, record: Mapping[str, Any], part: Part) -> tuple[str, str]:
        """What is said in a clip, and in which language it stands here."""
        text = record["agreed_text"] or (record["prompt"]["text"] if record["prompt"] else "")
        return (text, part.language) if text else (self.no_prompt, self.language)

    def _day(self, record: Mapping[str, Any]) -> str:
        day = record["received_at"][:10]
        if day not in self._days:
            shown = escape(formats.date_format(date.fromisoformat(day), self.day_format))
            self._days[day] = f'<time datetime="{day}">{shown}</time>'
        return self._days[day]

    def _seconds(self, duration_s: float) -> str:
        return f"{duration_s:.1f} s".replace(".", self.point)

    def _files(self, record: Mapping[str, Any], folder: str, said: str) -> str:
        """The links: to what plays, with the master as a spare, and to the master."""
        original, master = record["original"]["file"], record["master"]
        prepared = quote(f"{folder}/{master['file']}") if master else ""
        played = quote(f"{folder}/{original}") if original else prepared
        spare = f' data-spare="{prepared}"' if prepared else ""
        also = f' <a href="{prepared}">{escape(self.master)}</a>' if prepared else ""
        label = escape(self.play_it.replace("{text}", said))
        return (
            f'<p class="files"><a class="play" href="{played}"{spare} aria-label="{label}">'
            f"{escape(self.play)}</a>{also}</p>"
        )

    def _more(self, record: Mapping[str, Any], part: Part) -> str:
        """What came of it: the machine's word, people's, where it went."""
        lines = [*self._machine(record), *self._people(record, part)]
        if record["releases"]:
            versions = ", ".join(str(each["version"]) for each in record["releases"])
            lines.append(self.released.format(versions=versions))
        if not lines:
            return ""
        items = "".join(f"<li>{escape(line)}</li>" for line in lines)
        return f"<details><summary>{escape(self.more)}</summary><ul>{items}</ul></details>"

    def _machine(self, record: Mapping[str, Any]) -> list[str]:
        lines = [self.problems[record["problem"]]] if record["problem"] else []
        if record["findings"]:
            labels = ", ".join(self.findings[code] for code in record["findings"])
            lines.append(self.measured.format(findings=labels))
        if record["scores"]:
            lines.append(self.heard.replace("{heard}", _heard(record) or "…"))
            match = record["scores"][-1]["match"]
            if match is not None:
                lines.append(self.match.format(percent=round(100 * match)))
        return lines

    def _people(self, record: Mapping[str, Any], part: Part) -> list[str]:
        votes = record["votes"]
        if not votes:
            return []
        said = ", ".join(self.verdicts[vote["verdict"]] for vote in votes)
        judged = self.judged.get(len(votes), self.judged[29])
        lines = [judged.format(count=len(votes), said=said)]
        tags = sorted({part.tags.get(tag, tag) for vote in votes for tag in vote["tags"]})
        if tags:
            lines.append(self.noted.format(tags=", ".join(tags)))
        written = [vote["transcript"] for vote in votes if vote["transcript"]]
        return lines + [self.wrote.replace("{text}", text) for text in dict.fromkeys(written)]


def _heard(record: Mapping[str, Any]) -> str:
    return str(record["scores"][-1]["heard"]) if record["scores"] else ""


def _badge(state: State) -> str:
    shelf = shelf_of(state).value
    return f'<b class="badge" data-shelf="{shelf}">{escape(str(state.label))}</b>'


def _judged(number: int) -> str:
    return ngettext("{count} person judged: {said}", "{count} people judged: {said}", number)
