"""Numbers as English speakers read them out."""

from typing import Final

# fmt: off
SMALL: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)
# fmt: on
TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
# Longer ones are telephone numbers and the like, read digit by digit.
MAX_CARDINAL_DIGITS: Final = 4


def in_words(digits: str) -> str:
    """Returns the words for a run of digits: a cardinal up to 9999, else digit by digit.

    A leading zero is read out too.
    """
    if len(digits) > MAX_CARDINAL_DIGITS or (len(digits) > 1 and digits.startswith("0")):
        return " ".join(SMALL[int(digit)] for digit in digits)
    return " ".join(_cardinal(int(digits)))


def _cardinal(number: int) -> list[str]:
    if number < 20:
        return [SMALL[number]]
    if number < 100:
        rest = [SMALL[number % 10]] if number % 10 else []
        return [TENS[number // 10 - 2], *rest]
    size, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    rest = _cardinal(number % size) if number % size else []
    return [*_cardinal(number // size), name, *rest]
