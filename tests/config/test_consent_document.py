"""The document on consent names pages and tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "consent.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)?::(test_\w+)`")


def test_every_test_that_the_document_names_exists():
    file, checked = "", 0
    for path, name in NAMED.findall(TEXT):
        file = path or file  # a name alone is in the file named before it
        source = (ROOT / file).read_text(encoding="utf-8")
        assert f"def {name}(" in source, f"{file} has no {name}"
        checked += 1
    assert checked > 20


def test_every_article_that_applies_has_a_row():
    rows = re.findall(r"^\| ([\d(), a-z]+) \|", TEXT, re.MULTILINE)
    articles = {int(number) for row in rows for number in re.findall(r"(?<!\()\b(\d+)", row)}
    assert {7, 12, 15, 17, 19, 20} <= articles
