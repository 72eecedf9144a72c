"""Which lines of a list of texts can be read aloud."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.importers.prompts import Text, texts_of, unreadable


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Set a timer for eleven minutes.", None),
        ("42", None),
        ("שלום עולם", None),
        ("naïve cafe\u0301", None),
        ("a < b and b > c", None),
        ("?!", "no_letters"),
        ("x" * 301, "text_too_long"),
        ("See www.example.org for more.", "has_an_address"),
        ("<b>bold</b>", "has_markup"),
        ("broken \ufffd text", "has_unknown_characters"),
    ],
)
def test_what_cannot_be_read_aloud_is_told(text: str, code: str | None):
    why = unreadable(text)
    assert (why[0] if why else None) == code


def test_a_plain_list_has_one_text_a_line_and_remarks(tmp_path: Path):
    path = tmp_path / "list.txt"
    path.write_bytes("\ufeffOne line.\n# remark\n\nAnother\tline.\r\n".encode() + b"\xff\n")
    rows = list(texts_of(path))
    assert [row.text for row in rows if isinstance(row, Text)] == ["One line.", "Another line."]
    assert [row.where for row in rows if not isinstance(row, Text)] == ["list.txt:5"]
