"""How texts are brought to a form that can be scored or compared."""

import pytest

from validation.scoring.text import (
    as_written,
    comparable,
    edit_distance,
    edit_similarity,
    spoken,
    variants,
)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("jarvis", "Jarvis."),
        ("  he was   not\nill ", "He was not ill."),
        ("What is this?", "What is this?"),
        ("Stop!", "Stop!"),
        ("and then,", "And then."),
        ("TURN THE LIGHT ON", "Turn the light on."),
        ("NASA", "NASA."),
        ("it\u2019s \u201cfine\u201d", 'It\'s "fine".'),
        ("cafe\u0301", "Caf\u00e9."),
        ("\u00e9t\u00e9", "\u00c9t\u00e9."),
        ("", ""),
        ("   ", ""),
    ],
)
def test_a_prompt_is_written_as_the_model_would(text: str, written: str) -> None:
    assert as_written(text) == written


@pytest.mark.parametrize("text", ["jarvis", "TURN IT ON", "What is this?", "ill-disposed, young"])
def test_writing_twice_changes_nothing(text: str) -> None:
    assert as_written(as_written(text)) == as_written(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Mr. John Dashwood, had then...", "mr john dashwood had then"),
        ("ill-disposed", "ill disposed"),
        ("It\u2019s", "it's"),
        ("Stra\u00dfe 42", "strasse 42"),
        ("?!", ""),
    ],
)
def test_only_words_are_compared(text: str, words: str) -> None:
    assert comparable(text) == words


@pytest.mark.parametrize(
    ("left", "right", "edits"),
    [("", "", 0), ("abc", "", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2), ("a", "b", 1)],
)
def test_edits_are_counted(left: str, right: str, edits: int) -> None:
    assert edit_distance(left, right) == edit_distance(right, left) == edits


def test_edits_are_counted_in_words_too() -> None:
    assert edit_distance(["he", "was", "ill"], ["he", "is", "very", "ill"]) == 2


def test_similarity_ignores_case_and_punctuation() -> None:
    assert edit_similarity("stop", "Stop!") == 1.0
    assert edit_similarity("yes", "go") == 0.0
    assert edit_similarity("", "") == 1.0


def test_a_prompt_with_digits_may_be_read_in_words() -> None:
    assert variants("room 12, floor 3") == ["room 12, floor 3", "room twelve, floor three"]
    assert variants("room twelve") == ["room twelve"]
    assert variants("1984") == [
        "1984",
        "one thousand nine hundred eighty four",
        "nineteen eighty four",
    ]


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("3", "three", True),
        ("Three!", "3", True),
        ("1984", "nineteen eighty-four", True),
        ("21st", "Twenty first.", True),
        ("3", "2", False),
        ("3", "thirty", False),
        ("972", "nine seven two", False),
    ],
)
def test_spellings_of_the_same_words_are_known(left: str, right: str, same: bool) -> None:
    assert (not spoken(left).isdisjoint(spoken(right))) is same
