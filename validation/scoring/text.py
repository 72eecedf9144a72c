"""Text as the model writes it, and text as two people would compare it."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from validation.scoring.numbers import readings

QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})
SENTENCE_END = (".", "!", "?", "\u2026")


def as_written(text: str) -> str:
    """Returns `text` as the model would write it: a capital first and a full stop last.

    Without them a right keyword loses 2 to 4 nats a token. The best of several spellings was
    tried: it told right from wrong no better and cost a pass for each. Text all in capitals,
    as old corpora have it, is read as a sentence; a single word, such as NASA, is left alone.
    """
    text = " ".join(unicodedata.normalize("NFC", text).translate(QUOTES).split())
    if text.isupper() and " " in text:
        text = text.lower()
    text = text[:1].upper() + text[1:].rstrip(",;:")
    return text if not text or text.endswith(SENTENCE_END) else f"{text}."


def comparable(text: str) -> str:
    """Returns the words of `text` in lower case: letters, digits, marks and apostrophes only."""
    text = unicodedata.normalize("NFC", text).translate(QUOTES).casefold()
    kept = (char if _is_word(char) else " " for char in text)
    return " ".join("".join(kept).split())


def variants(text: str) -> list[str]:
    """Returns `text`, and with its numbers in words where it has any.

    Never the other way round: the model would write 972 for "nine seventy two" and for "nine
    seven two", and a prompt in words asks for one of the two.
    """
    return [*dict.fromkeys([text, *readings(text)])]


@lru_cache(maxsize=4096)
def spoken(text: str) -> frozenset[str]:
    """What `text` may sound like: texts that share one of these are spellings of one another.

    3, three and "Three!" are. It is kept, as each clip of a campaign has the same competitors.
    """
    return frozenset(comparable(variant) for variant in variants(text))


def _is_word(char: str) -> bool:
    return char == "'" or unicodedata.category(char)[0] in "LMN"


def edit_distance(left: Sequence[str], right: Sequence[str]) -> int:
    """How many items to insert, delete or replace (Levenshtein 1966, by Wagner and Fischer 1974).

    Give it strings for letters, lists of words for a word error rate.
    """
    row = list(range(len(right) + 1))
    for above, a in enumerate(left):
        diagonal, row[0] = row[0], above + 1
        for column, b in enumerate(right, start=1):
            replaced = diagonal + (a != b)
            diagonal = row[column]
            row[column] = min(replaced, row[column] + 1, row[column - 1] + 1)
    return row[-1]


def edit_similarity(left: str, right: str) -> float:
    """1 for texts with the same words, 0 for nothing in common, by letters."""
    left, right = comparable(left), comparable(right)
    return 1.0 - edit_distance(left, right) / max(len(left), len(right), 1)
