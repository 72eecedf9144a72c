"""What several formats ask of a text."""

from __future__ import annotations

import unicodedata

from corpus.exporters.contents import Row

_PUNCTUATION_KEPT = "'\u2019"


def is_speech(row: Row) -> bool:
    """Whether somebody says something that is known: noise has no transcript."""
    return row.kind != "noise" and bool(row.text)


class _Bare(dict[int, str]):
    """What becomes of a character, looked up once for each."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        is_kept = unicodedata.category(character)[0] in "LMN" or character in _PUNCTUATION_KEPT
        self[code] = character if is_kept else " "
        return self[code]


_BARE = _Bare()


def bare_words(text: str) -> str:
    """Lower case, without punctuation: letters, marks, digits, apostrophes, single spaces."""
    return " ".join(text.lower().translate(_BARE).split())


def without_bars(text: str) -> str:
    """The text without vertical bars, where these part the columns."""
    return " ".join(text.replace("|", " ").split())
