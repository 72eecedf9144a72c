"""The interface's texts, from the code to the catalogues that translators fill.

English stands in the code; each other language has two catalogues in ``frontend/locale``:
``django`` for Python and templates, ``djangojs`` for the pages' scripts. Babel reads and writes
them, so that nothing but Python is needed to translate or to build.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

APPS = ("config", "collector", "validation", "corpus")
DOMAINS = ("django", "djangojs")
SOURCE_LANGUAGE = "en"

_TEXT = r'"((?:[^"\\]|\\.)*)"'
#: ``t("…")`` and ``tn("…", "…", …)``; both take literals only, which is why this suffices where
#: a parser would have to know TypeScript with templates inside templates.
_IN_SCRIPT = re.compile(rf"\bt(?P<plural>n?)\(\s*{_TEXT}(?:\s*,\s*{_TEXT})?")
_KEYWORDS = {
    "gettext_noop": None,
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}

Found = tuple[str, int, str | tuple[str, ...], str | None]


def texts(root: Path, domain: str) -> Iterator[Found]:
    """Every text of a domain in the source: file, line, text (or both numbers), context."""
    if domain == "djangojs":
        yield from _in_scripts(root)
        return
    for app in APPS:
        yield from _in_python(root, app)
        yield from _in_templates(root, app)


def template(root: Path, domain: str) -> Catalog:
    """The catalogue of a domain as the source has it, with nothing translated."""
    catalog = _empty()
    for file, line, text, context in sorted(texts(root, domain), key=lambda found: found[:2]):
        catalog.add(text, locations=[(file, line)], context=context)
    return catalog


def read(root: Path, language: str, domain: str) -> Catalog:
    """The catalogue of a language; an empty one where there is none yet."""
    path = catalogue_path(root, language, domain)
    if not path.exists():
        return _empty(language)
    return read_po(io.BytesIO(path.read_bytes()), locale=language, domain=domain)


def update(root: Path, language: str, domain: str) -> None:
    """Bring a language's catalogue to what the source says; what is translated stays."""
    catalog = read(root, language, domain)
    # A guess that nobody looked at is worse than the English text: no fuzzy matching.
    catalog.update(template(root, domain), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    path = catalogue_path(root, language, domain)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        # Without lines, as these would change with every edit of the code.
        write_po(file, catalog, width=100, include_lineno=False, sort_by_file=True)


def faults(root: Path, language: str, domain: str) -> list[str]:
    """What is wrong with a language's catalogue, one sentence each; none where all is well."""
    catalog = read(root, language, domain)
    wanted = {_key(message) for message in template(root, domain) if message.id}
    there = {_key(message): message for message in catalog if message.id}
    name = f"{language}/{domain}"
    missing = [f"{name}: {key[0]!r} is not in it" for key in wanted - there.keys()]
    stale = [f"{name}: {key[0]!r} is no longer in the code" for key in there.keys() - wanted]
    wrong = [
        f"{name}: {key[0]!r} {fault}"
        for key, message in there.items()
        for fault in _message_faults(message, catalog.num_plurals)
    ]
    return sorted(missing + stale + wrong)


def catalogue_path(root: Path, language: str, domain: str) -> Path:
    """Where a language's catalogue lies."""
    return root / "frontend" / "locale" / language / "LC_MESSAGES" / f"{domain}.po"


def _empty(language: str | None = None) -> Catalog:
    header = "# Choir's interface. Licensed as Choir is: Apache-2.0."
    # No dates and no names: the journal of versions has them, and two people's work can be merged.
    catalog = Catalog(locale=language, header_comment=header, fuzzy=False, charset="utf-8")
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    return catalog


def _key(message: Message) -> tuple[str | tuple[str, ...], str | None]:
    text = message.id
    return (text if isinstance(text, str) else tuple(text)), message.context


def _message_faults(message: Message, num_plurals: int) -> Iterator[str]:
    plural = isinstance(message.id, tuple | list)
    originals, forms = _forms(message.id), _forms(message.string)
    if message.fuzzy:
        yield "is marked as fuzzy"
    if not all(forms) or len(forms) != (num_plurals if plural else 1):
        yield "is not translated"
        return
    wanted = set().union(*map(_placeholders, originals))
    for form in forms:
        # The singular may leave its number out ("one clip"), but nothing may be made up.
        if _placeholders(form) - wanted or (not plural and _placeholders(form) != wanted):
            yield f"has other placeholders than its translation {form!r}"


def _forms(text: str | Sequence[str] | None) -> list[str]:
    """A text's forms: one, or the singular and its plurals."""
    return [text or ""] if text is None or isinstance(text, str) else list(text)


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\w+\}|%[sd]", text))


def _in_python(root: Path, app: str) -> Iterator[Found]:
    for path in sorted((root / app).rglob("*.py")):
        if "migrations" not in path.parts:
            yield from _extracted(root, path, "python", path.read_bytes())


def _in_templates(root: Path, app: str) -> Iterator[Found]:
    for path in sorted((root / app).rglob("templates/**/*.html")):
        # Django turns a template into calls of gettext between letters without meaning, which a
        # lenient lexer reads.
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        yield from _extracted(root, path, "javascript", code.replace("(u'", "('").encode())


def _extracted(root: Path, path: Path, method: str, code: bytes) -> Iterator[Found]:
    for line, text, _comments, context in extract(method, io.BytesIO(code), keywords=_KEYWORDS):
        yield str(path.relative_to(root)), line, text, context


def _in_scripts(root: Path) -> Iterator[Found]:
    frontend = root / "frontend"
    for path in sorted(frontend.rglob("*.ts")):
        inside = path.relative_to(frontend).parts
        if inside[0] in ("node_modules", "dist") or path.name.endswith(".test.ts"):
            continue
        code = path.read_text(encoding="utf-8")
        for call in _IN_SCRIPT.finditer(code):
            line = code.count("\n", 0, call.start()) + 1
            singular, plural = (_unescaped(text) for text in call.group(2, 3))
            text = (singular, plural) if call["plural"] and plural else singular
            yield str(path.relative_to(root)), line, text, None


def _unescaped(literal: str | None) -> str:
    return re.sub(r"\\(.)", r"\1", literal or "")
