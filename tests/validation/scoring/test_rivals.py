"""Competitors are read only as far as they can matter."""

import pytest

from tests.validation.scoring.conftest import recordings
from validation.scoring import Moonshine
from validation.scoring.moonshine import Begun
from validation.scoring.rivals import DECISIVE_NATS, MAX_READ, over_competitor, rivals_of
from validation.scoring.score import for_model
from validation.scoring.sound import as_float

KEYWORDS = recordings("keyword")
WORDS = sorted({clip.text for clip in KEYWORDS})
SPOKEN = next(clip for clip in KEYWORDS if clip.text == "stop")


@pytest.fixture(scope="module")
def begun(model: Moonshine) -> Begun:
    return model.begin(model.encode(for_model(as_float(SPOKEN.samples), "keyword")))


def exact(model: Moonshine, begun: Begun, word: str, others: list[str]) -> float:
    """Without any shortcut: every competitor read to its end."""
    (wanted, *rivals) = model.log_likelihoods(
        begun, [f"{text.capitalize()}." for text in (word, *others)]
    )
    over = wanted.total - max(rival.total for rival in rivals)
    return max(-DECISIVE_NATS, min(DECISIVE_NATS, over))


@pytest.mark.parametrize("word", WORDS)
def test_the_shortcut_gives_what_reading_all_would(
    model: Moonshine, begun: Begun, word: str
) -> None:
    others = [text for text in WORDS if text != word]
    (wanted,) = model.log_likelihoods(begun, [f"{word.capitalize()}."])
    assert over_competitor(model, begun, wanted, others) == pytest.approx(
        exact(model, begun, word, others), abs=1e-4
    )


def test_without_competitors_there_is_nothing_to_compare(model: Moonshine, begun: Begun) -> None:
    (wanted,) = model.log_likelihoods(begun, ["Stop."])
    assert over_competitor(model, begun, wanted, ["stop", ""]) is None


@pytest.mark.parametrize(
    ("prompt", "competitors", "rivals"),
    [
        ("three", ["two", "Three!", "3"], ["two"]),
        ("3", ["three", "2"], ["2", "two"]),
        ("1984", ["nineteen eighty four", "1985"],
         ["1985", "one thousand nine hundred eighty five", "nineteen eighty five"]),
    ],
)  # fmt: skip
def test_rivals_come_in_all_spellings_and_the_prompt_in_none(
    prompt: str, competitors: list[str], rivals: list[str]
) -> None:
    assert rivals_of(prompt, competitors) == rivals


def test_a_thousand_competitors_cost_no_more_than_eight(
    model: Moonshine, begun: Begun, monkeypatch: pytest.MonkeyPatch
) -> None:
    (wanted,) = model.log_likelihoods(begun, ["Stop."])
    read: list[str] = []
    real = Moonshine.log_likelihoods

    def counted(self: Moonshine, begun: Begun, texts: list[str]) -> object:
        read.extend(texts)
        return real(self, begun, texts)

    monkeypatch.setattr(Moonshine, "log_likelihoods", counted)
    over_competitor(model, begun, wanted, [f"stop {number}" for number in range(1_000)])
    assert 1 <= len(read) <= MAX_READ
