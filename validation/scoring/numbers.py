"""Numbers as English speakers read them out."""

import re
from collections.abc import Callable
from functools import partial
from typing import Final

# fmt: off
SMALL: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)
# fmt: on
TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SIZES: Final = (
    (1_000_000_000, "billion"),
    (1_000_000, "million"),
    (1000, "thousand"),
    (100, "hundred"),
)
ORDINALS: Final = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
# Longer ones are telephone numbers and the like, read digit by digit, unless commas group them.
MAX_CARDINAL_DIGITS: Final = 4
MAX_GROUPED_DIGITS: Final = 12
# 1066 and 2024 are read in pairs too; 2005 is not, and what lies outside is rarely a year.
YEARS: Final = frozenset((*range(1001, 2000), *range(2010, 2100)))
NUMBER: Final = re.compile(
    r"(?<![\d.,])(?P<whole>\d{1,3}(?:,\d{3})+|\d+)"
    r"(?:\.(?P<decimals>\d+)|(?P<ordinal>(?:st|nd|rd|th)\b))?(?![.,]?\d)",
    re.IGNORECASE,
)
"""A number as people type it: 7, 1984, 1,000, 3.5 or 21st; not 1.2.3, nor a list such as 1,2."""


def readings(text: str) -> list[str]:
    """Returns `text` with its numbers in words: as cardinals, and as years where one may be."""
    if not NUMBER.search(text):
        return [text]
    read = (NUMBER.sub(partial(_in_place, reader=reader), text) for reader in (_in_words, _as_year))
    return [*dict.fromkeys(read)]


def _in_place(number: re.Match[str], reader: Callable[[re.Match[str]], str]) -> str:
    """The words, kept apart from letters beside them: A4 is "A four"."""
    before, after = number.string[: number.start()][-1:], number.string[number.end() :][:1]
    words = reader(number)
    return f"{' ' if before.isalpha() else ''}{words}{' ' if after.isalpha() else ''}"


def _in_words(number: re.Match[str]) -> str:
    words = _whole(number["whole"])
    if number["decimals"]:
        words += ["point", *_digit_by_digit(number["decimals"])]
    if number["ordinal"]:
        words[-1] = _ordinal(words[-1])
    return " ".join(words)


def _as_year(number: re.Match[str]) -> str:
    """1984 is "nineteen eighty four"; what is no year is read as ever."""
    digits = number[0]
    if len(digits) != 4 or not digits.isdecimal() or int(digits) not in YEARS:
        return _in_words(number)
    century, year = divmod(int(digits), 100)
    rest = ["oh", SMALL[year]] if 0 < year < 10 else _cardinal(year) if year else ["hundred"]
    return " ".join([*_cardinal(century), *rest])


def _whole(digits: str) -> list[str]:
    """A cardinal up to 9999, or as far as commas group it; else digit by digit."""
    plain = digits.replace(",", "")
    longest = MAX_CARDINAL_DIGITS if plain == digits else MAX_GROUPED_DIGITS
    if len(plain) > longest or (len(plain) > 1 and plain.startswith("0")):
        return _digit_by_digit(plain)
    return _cardinal(int(plain))


def _digit_by_digit(digits: str) -> list[str]:
    return [SMALL[int(digit)] for digit in digits]


def _ordinal(word: str) -> str:
    if word.endswith("y"):
        return f"{word[:-1]}ieth"
    return ORDINALS.get(word, f"{word}th")


def _cardinal(number: int) -> list[str]:
    if number < 20:
        return [SMALL[number]]
    if number < 100:
        rest = [SMALL[number % 10]] if number % 10 else []
        return [TENS[number // 10 - 2], *rest]
    size, name = next((size, name) for size, name in SIZES if number >= size)
    rest = _cardinal(number % size) if number % size else []
    return [*_cardinal(number // size), name, *rest]
