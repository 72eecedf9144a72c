"""The pre-score tells right prompts from wrong ones, on real speech."""

import json
from typing import Any

import numpy as np
import pytest

from tests.validation.scoring.conftest import Recording, recordings
from validation.scoring import MODEL_NAME, MODEL_SHA256, Kind, Moonshine, score
from validation.scoring.score import calibration

KEYWORDS = recordings("keyword")
SENTENCES = recordings("sentence")
NOISE = recordings("noise")
WORDS = sorted({clip.text for clip in KEYWORDS})
SILENCE = np.zeros(32_000, np.int16)


def named(clip: Recording) -> str:
    return clip.name


def two_others(clip: Recording) -> list[str]:
    texts = WORDS if clip.kind == "keyword" else sorted(other.text for other in SENTENCES)
    at = texts.index(clip.text)
    return [texts[at - 1], texts[at - 2]]


@pytest.mark.parametrize("clip", KEYWORDS + SENTENCES, ids=named)
def test_a_clip_matches_its_own_prompt_better_than_others(
    model: Moonshine, clip: Recording
) -> None:
    own = score(model, clip.samples, clip.text, clip.kind)
    wrong = [score(model, clip.samples, text, clip.kind) for text in two_others(clip)]
    assert own.match is not None and own.match > 0.8
    for other in wrong:
        assert other.match is not None and other.match < own.match - 0.2
        assert other.heard == own.heard


@pytest.mark.parametrize("clip", KEYWORDS, ids=named)
def test_among_the_keywords_only_the_right_one_is_likely(model: Moonshine, clip: Recording) -> None:
    matches = {word: score(model, clip.samples, word, "keyword", WORDS).match for word in WORDS}
    assert [word for word, match in matches.items() if match and match > 0.5] == [clip.text]


def test_competitors_make_a_wrong_word_less_likely(model: Moonshine) -> None:
    (stop, *_) = [clip for clip in KEYWORDS if clip.text == "stop"]
    alone = score(model, stop.samples, "start", "keyword")
    among = score(model, stop.samples, "start", "keyword", ["stop", "start", "go"])
    assert "over_competitor" not in alone.features
    assert among.features["over_competitor"] < 0
    assert among.match is not None and alone.match is not None and among.match < alone.match


def test_the_prompt_is_not_its_own_competitor(model: Moonshine) -> None:
    clip = KEYWORDS[0]
    assert score(
        model, clip.samples, clip.text, "keyword", [clip.text, clip.text.upper() + ","]
    ).match
    only_itself = score(model, clip.samples, clip.text, "keyword", [clip.text])
    assert "over_competitor" not in only_itself.features


@pytest.mark.parametrize("kind", ["keyword", "sentence"])
@pytest.mark.parametrize(
    "samples",
    [SILENCE, SILENCE[:0], *(clip.samples for clip in NOISE if "babble" not in clip.name)],
    ids=["silence", "nothing", "pink", "fan and hum"],
)
def test_without_speech_nothing_matches(model: Moonshine, samples: Any, kind: Kind) -> None:
    found = score(model, samples, "yes", kind)
    assert (found.match, found.heard, found.log_likelihood) == (0.0, "", None)


@pytest.mark.parametrize("kind", ["keyword", "sentence"])
def test_babble_does_not_match(model: Moonshine, kind: Kind) -> None:
    (babble,) = [clip for clip in NOISE if "babble" in clip.name]
    for text in (*WORDS, "he was not an ill disposed young man"):
        match = score(model, babble.samples, text, kind).match
        assert match is not None and match < 0.5


def test_a_text_too_long_to_be_said_does_not_match(model: Moonshine) -> None:
    """Said again and again, a text grows likely: each time predicts the next."""
    clip = SENTENCES[-1]
    found = score(model, clip.samples, f"{clip.text} " * 20, "sentence")
    assert (found.match, found.log_likelihood) == (0.0, None)
    assert "amiable" in found.heard


def test_a_clip_of_noise_has_nothing_to_match(model: Moonshine) -> None:
    quiet = score(model, NOISE[0].samples, "record the room", "noise")
    talking = score(model, SENTENCES[-1].samples, "record the room", "noise")
    assert (quiet.match, quiet.heard) == (None, "")
    assert talking.match is talking.log_likelihood is None
    assert "amiable" in talking.heard


def test_a_clip_without_a_prompt_is_only_heard(model: Moonshine) -> None:
    found = score(model, SENTENCES[-1].samples, " ", "sentence")
    assert found.match is None
    assert "amiable" in found.heard


@pytest.mark.parametrize("clip", [KEYWORDS[0], SENTENCES[0]], ids=named)
def test_the_level_hardly_matters(model: Moonshine, clip: Recording) -> None:
    loud = score(model, clip.samples, clip.text, clip.kind)
    quiet = score(
        model, (clip.samples / np.float32(65_536)).astype(np.float32), clip.text, clip.kind
    )
    assert quiet.match == pytest.approx(loud.match, abs=0.05)


def test_a_score_says_what_made_it(model: Moonshine) -> None:
    found = score(model, KEYWORDS[0].samples, KEYWORDS[0].text, "keyword", WORDS)
    stored = json.loads(json.dumps(found.as_dict()))
    assert stored["model"] == MODEL_NAME
    assert stored["model_sha256"] == MODEL_SHA256
    assert stored["features"]["calibration"] == calibration().version
    assert stored["log_likelihood"] == stored["features"]["prompt"] < 0
    assert set(stored) == {"match", "heard", "log_likelihood", "features", "model", "model_sha256"}


def test_a_clip_too_long_to_score_is_refused_with_a_remedy(model: Moonshine) -> None:
    long = np.tile(SENTENCES[-1].samples, 30)
    with pytest.raises(ValueError, match="cut the clip"):
        score(model, long, "yes", "sentence")


def test_the_coefficients_belong_to_these_weights() -> None:
    assert calibration().model_sha256 == MODEL_SHA256
    for logistic in calibration().models.values():
        assert all(weight > 0 for weight in logistic.coefficients.values())
