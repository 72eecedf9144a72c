"""The pre-score tells right prompts from wrong ones, on real speech."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from collector.audio.speech import Speech, find_speech
from tests.validation.scoring.conftest import Recording, recordings
from validation.scoring import MODEL_NAME, MODEL_SHA256, Kind, Moonshine, score
from validation.scoring.coefficients import SHIPPED, CoefficientsError
from validation.scoring.cuts import variants_cut
from validation.scoring.logistic import Logistic
from validation.scoring.moonshine import Begun, Forced
from validation.scoring.score import FEATURES, begin, calibration, checked, for_model
from validation.scoring.sound import around_speech, as_float
from validation.scoring.text import as_written

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
        # In log-odds, as probabilities near 1 tell nothing of a margin: e squared to one.
        assert other.evidence is not None and own.evidence is not None
        assert other.evidence < own.evidence - 2.0


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


DIGITS = {"thirty three": "33", "one hundred": "100", "thirty": "30", "two hundred": "200"}


@pytest.mark.parametrize("clip", [c for c in KEYWORDS if c.text in DIGITS], ids=named)
def test_a_number_is_the_same_keyword_in_digits_and_in_words(
    model: Moonshine, clip: Recording
) -> None:
    digit, words, digits = DIGITS[clip.text], list(DIGITS), list(DIGITS.values())

    def evidence(prompt: str, competitors: list[str]) -> float:
        found = score(model, clip.samples, prompt, "keyword", competitors).evidence
        assert found is not None
        return found

    in_words = evidence(clip.text, words)
    for competitors in (words, digits, [*words, *digits]):
        assert evidence(clip.text, competitors) > in_words - 0.5
        assert evidence(digit, competitors) > in_words - 0.5
    wrong = next(word for word in words if word != clip.text)
    assert evidence(DIGITS[wrong], words) < 0 > evidence(DIGITS[wrong], digits)


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


def test_what_was_clearly_said_is_not_transcribed_unless_asked(model: Moonshine) -> None:
    clip = SENTENCES[-1]
    cheap = score(model, clip.samples, clip.text, clip.kind)
    full = score(model, clip.samples, clip.text, clip.kind, transcribe=True)
    assert cheap.evidence == full.evidence is not None and cheap.evidence > 2.2
    assert cheap.heard == as_written(clip.text)
    assert full.heard == model.hear(*_forced(model, clip)).text


def test_what_is_unclear_is_transcribed(model: Moonshine) -> None:
    found = score(model, SENTENCES[-1].samples, SENTENCES[0].text, "sentence")
    assert found.match is not None and found.match < 0.5
    assert "amiable" in found.heard


def _forced(model: Moonshine, clip: Recording) -> tuple[Begun, Forced]:
    floats = as_float(clip.samples)
    said = around_speech(floats, find_speech(clip.samples))
    begun = begin(model, model.encode(for_model(said, clip.kind)), clip.text)
    return begun, begun.forced


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
    assert set(FEATURES["keyword_among_others"]) <= set(stored["features"])
    assert stored["evidence"] == pytest.approx(
        calibration().evidence("keyword_among_others", stored["features"])
    )


def test_the_prior_moves_the_match_and_not_the_evidence(model: Moonshine) -> None:
    clip = KEYWORDS[0]
    even, trusting = (
        score(model, clip.samples, WORDS[-1], "keyword", WORDS, prior=prior) for prior in (0.5, 0.9)
    )
    assert even.evidence == trusting.evidence is not None
    assert even.match is not None and trusting.match is not None
    odds = trusting.match / (1 - trusting.match) / (even.match / (1 - even.match))
    assert odds == pytest.approx(9.0, rel=1e-6)


def test_a_keyword_cut_short_does_not_match(model: Moonshine) -> None:
    """Of those with margins: the edges of what somebody trimmed tight tell nothing."""
    with_margins = [clip for clip in KEYWORDS if min_margin_s(clip) >= 0.2]
    assert len(with_margins) >= 4
    for clip in with_margins:
        for _, left in list(variants_cut(clip.samples, np.random.default_rng(0)))[:2]:
            match = score(model, left, clip.text, "keyword", WORDS).match
            assert match is not None and match < 0.5, named(clip)


def min_margin_s(clip: Recording) -> float:
    speech = find_speech(clip.samples)
    assert speech.start_sample is not None and speech.end_sample is not None
    return min(speech.start_sample, clip.samples.size - speech.end_sample) / 16_000


def test_speech_that_was_found_already_is_not_looked_for(model: Moonshine) -> None:
    clip = KEYWORDS[0]
    found = score(model, clip.samples, clip.text, "keyword", speech=find_speech(clip.samples))
    assert found == score(model, clip.samples, clip.text, "keyword")
    assert score(model, clip.samples, clip.text, "keyword", speech=Speech((), 0.0)).match == 0.0


def test_more_speech_than_the_model_can_hear_is_left_to_people(model: Moonshine) -> None:
    long = score(model, np.tile(SENTENCES[-1].samples, 12), SENTENCES[-1].text, "sentence")
    assert (long.match, long.heard, long.log_likelihood) == (None, "", None)
    assert long.features["speech_s"] > 30


def test_silence_costs_nothing_however_long(model: Moonshine) -> None:
    clip = SENTENCES[-1]
    quiet = np.random.default_rng(0).normal(0, 3, 30 * 16_000).astype(np.int16)
    found = score(model, np.concatenate([quiet, clip.samples, quiet]), clip.text, "sentence")
    assert found.match is not None and found.match > 0.8


def test_the_coefficients_say_where_they_come_from() -> None:
    stored = json.loads(SHIPPED.read_text("utf-8"))
    assert stored["model_sha256"] == MODEL_SHA256
    assert len(stored["data_sha256"]) == 64
    assert stored["version"] == calibration().version
    assert stored["features"] == {name: list(features) for name, features in FEATURES.items()}
    likelihoods = ("prompt", "behind_likeliest", "over_empty", "over_competitor")
    for layer in calibration().layers.values():
        assert all(layer.coefficients.get(name, 1) > 0 for name in likelihoods)


def test_coefficients_for_other_features_are_refused() -> None:
    layers = dict(calibration().layers)
    layers["keyword"] = Logistic(0.0, {"prompt": 1.0})
    with pytest.raises(CoefficientsError, match=r"manage\.py calibrate"):
        checked(replace(calibration(), layers=layers))
