"""Numbers are read out as English speakers do."""

import pytest

from validation.scoring.numbers import in_words


@pytest.mark.parametrize(
    ("digits", "words"),
    [
        ("0", "zero"),
        ("7", "seven"),
        ("13", "thirteen"),
        ("20", "twenty"),
        ("42", "forty two"),
        ("100", "one hundred"),
        ("305", "three hundred five"),
        ("1984", "one thousand nine hundred eighty four"),
        ("9000", "nine thousand"),
        ("007", "zero zero seven"),
        ("15217", "one five two one seven"),
    ],
)
def test_digits_become_words(digits: str, words: str) -> None:
    assert in_words(digits) == words
