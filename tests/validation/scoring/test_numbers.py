"""Numbers are read out as English speakers do."""

import pytest

from validation.scoring.numbers import readings


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0", "zero"),
        ("7", "seven"),
        ("13", "thirteen"),
        ("20", "twenty"),
        ("42", "forty two"),
        ("100", "one hundred"),
        ("305", "three hundred five"),
        ("9000", "nine thousand"),
        ("007", "zero zero seven"),
        ("15217", "one five two one seven"),
        ("1,000", "one thousand"),
        ("12,345", "twelve thousand three hundred forty five"),
        ("1,000,000", "one million"),
        ("3.5", "three point five"),
        ("0.05", "zero point zero five"),
        ("1st", "first"),
        ("3RD", "third"),
        ("12th", "twelfth"),
        ("20th", "twentieth"),
        ("21st", "twenty first"),
        ("100th", "one hundredth"),
        ("room 12, floor 3.", "room twelve, floor three."),
        ("A4", "A four"),
        ("4x4", "four x four"),
        ("21street", "twenty one street"),
    ],
)
def test_digits_become_words(text: str, words: str) -> None:
    assert readings(text) == [words]


@pytest.mark.parametrize(
    ("text", "cardinal", "year"),
    [
        ("1984", "one thousand nine hundred eighty four", "nineteen eighty four"),
        ("1066", "one thousand sixty six", "ten sixty six"),
        ("1905", "one thousand nine hundred five", "nineteen oh five"),
        ("1900", "one thousand nine hundred", "nineteen hundred"),
        ("2024", "two thousand twenty four", "twenty twenty four"),
        ("May 1984, room 3", "May one thousand nine hundred eighty four, room three",
         "May nineteen eighty four, room three"),
    ],
)  # fmt: skip
def test_what_may_be_a_year_is_read_as_one_too(text: str, cardinal: str, year: str) -> None:
    assert readings(text) == [cardinal, year]


@pytest.mark.parametrize("text", ["1000", "2005", "3000", "1,984", "1984th", "1984.5"])
def test_no_other_number_is_read_as_a_year(text: str) -> None:
    assert len(readings(text)) == 1


@pytest.mark.parametrize("text", ["1.2.3", "21.11.2026", "1,2", "1,0000", "twelve", "", "x\u00b2"])
def test_what_is_no_plain_number_is_left_alone(text: str) -> None:
    assert readings(text) == [text]
