"""What several formats ask of a text."""

from __future__ import annotations

import unicodedata

from corpus.exporters.contents import Row

_PUNCTUATION_KEPT = "'\u2019"


def is_speech(row: Row) -> bool:
    """Whether somebody says something that is known: noise has no transcript."""
    return row.kind != "noise" and bool(row.text)


def bare_words(text: str) -> str:
    """Lower case, without punctuation: letters, marks, digits, apostrophes, single spaces."""
    kept = "".join(
        c if unicodedata.category(c)[0] in "LMN" or c in _PUNCTUATION_KEPT else " "
        for c in text.lower()
    )
    return " ".join(kept.split())


def without_bars(text: str) -> str:
    """The text without vertical bars, where these part the columns."""
    return " ".join(text.replace("|", " ").split())
