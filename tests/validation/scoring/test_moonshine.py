"""The model hears, and weighs texts, on real speech."""

import math
import multiprocessing
from multiprocessing.connection import Connection

import numpy as np
import pytest

from tests.validation.scoring.conftest import Recording, recordings
from validation.scoring import Begun, Moonshine, load
from validation.scoring.moonshine import TOKENS_PER_SECOND
from validation.scoring.score import for_model
from validation.scoring.sound import as_float
from validation.scoring.text import as_written, comparable, edit_distance
from validation.scoring.tokenizer import EOS

KEYWORDS = recordings("keyword")
SENTENCES = recordings("sentence")
CLIPS = KEYWORDS + SENTENCES


def begun(model: Moonshine, clip: Recording, text: str = "") -> Begun:
    return model.begin(model.encode(for_model(as_float(clip.samples), clip.kind)), text)


def test_sentences_are_heard_with_few_wrong_words(model: Moonshine) -> None:
    clips = [clip for clip in SENTENCES if len(clip.text.split()) > 4]
    wrong = total = 0
    for clip in clips:
        heard = comparable(model.transcribe(begun(model, clip))).split()
        wrong += edit_distance(heard, clip.text.split())
        total += len(clip.text.split())
    assert total >= 20
    assert wrong / total <= 0.15


def test_nearly_all_keywords_are_heard(model: Moonshine) -> None:
    right = [clip.text == comparable(model.transcribe(begun(model, clip))) for clip in KEYWORDS]
    assert sum(right) >= 0.8 * len(right)


@pytest.mark.parametrize("clip", CLIPS[::3], ids=lambda clip: clip.name)
def test_a_text_weighs_the_same_alone_and_among_others(model: Moonshine, clip: Recording) -> None:
    texts = [as_written(other.text) for other in CLIPS] + ["", clip.text]
    once = begun(model, clip)
    together = model.log_likelihoods(once, texts)
    alone = [model.log_likelihoods(once, [text])[0] for text in texts]
    for left, right in zip(together, alone, strict=True):
        assert left.text == right.text
        assert left.per_token == pytest.approx(right.per_token, abs=1e-3)


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.name)
def test_the_forced_pass_agrees_with_decoding_step_by_step(
    model: Moonshine, clip: Recording
) -> None:
    """Not to the last digit: the int8 weights scale their inputs over all tokens of a pass."""
    once = begun(model, clip)
    greedy = model.greedy(once)
    (forced,) = model.log_likelihoods(once, [greedy.text])
    if forced.tokens == greedy.tokens:
        assert forced.mean == pytest.approx(greedy.mean, abs=0.1)
        assert forced.per_token[0] == pytest.approx(greedy.per_token[0], abs=1e-5)


def test_most_transcripts_are_spelled_as_the_tokenizer_spells_them(model: Moonshine) -> None:
    """Else the test above would compare nothing."""
    heard = [model.greedy(begun(model, clip)) for clip in CLIPS]
    same = [tuple(model.tokenizer.encode(text.text)) == text.tokens[:-1] for text in heard]
    assert sum(same) >= 0.8 * len(same)


def test_likelihoods_are_logarithms_of_probabilities_up_to_the_end_of_text(
    model: Moonshine,
) -> None:
    (wanted, nothing) = model.log_likelihoods(begun(model, CLIPS[0]), ["Hello world.", ""])
    assert wanted.tokens == (15043, 3186, 29889, EOS)
    assert all(value < 0 for value in wanted.per_token)
    assert wanted.total == pytest.approx(sum(wanted.per_token))
    assert wanted.mean == pytest.approx(wanted.total / 4)
    assert wanted.worst == min(wanted.per_token)
    assert nothing.tokens == (EOS,)


def test_the_first_token_has_probabilities_that_sum_to_one(model: Moonshine) -> None:
    first = begun(model, CLIPS[0]).first.astype(np.float64)
    (nothing,) = model.log_likelihoods(begun(model, CLIPS[0]), [""])
    assert np.exp(first).sum() == pytest.approx(1, abs=1e-4)
    assert nothing.total == pytest.approx(first[EOS], abs=1e-4)


def test_a_transcript_never_passes_its_bound(model: Moonshine) -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 24_000).astype(np.float32)
    for samples in (noise, noise[:1_600], np.zeros(24_000, np.float32)):
        bound = math.ceil(TOKENS_PER_SECOND * samples.size / 16_000)
        assert 1 <= len(model.greedy(model.begin(model.encode(samples))).tokens) <= bound


def test_the_same_clip_is_always_heard_alike(model: Moonshine) -> None:
    first, second = (model.greedy(begun(model, SENTENCES[0])) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("samples", "says"),
    [
        (np.zeros(1_599, np.float32), "0.10 s"),
        (np.zeros(16_000 * 61, np.float32), "61.00 s"),
        (np.zeros((2, 16_000), np.float32), "mono"),
        (np.zeros(16_000, np.int16), "int16"),
    ],
)
def test_samples_of_another_form_are_refused(
    model: Moonshine, samples: np.ndarray, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        model.encode(samples)


def test_the_model_is_loaded_once(model: Moonshine) -> None:
    assert load() is load() is model


def test_a_forked_worker_loads_its_own_and_hears_the_same(model: Moonshine) -> None:
    def work(answer: Connection) -> None:
        answer.send((load() is model, load().greedy(begun(load(), KEYWORDS[0])).text))

    ours, theirs = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(target=work, args=(theirs,))
    child.start()
    assert ours.poll(60), "the child gave no answer"
    assert ours.recv() == (False, model.greedy(begun(model, KEYWORDS[0])).text)
    child.join()
    assert child.exitcode == 0


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.name)
def test_reading_a_prompt_tells_its_likelihood_and_what_is_heard(
    model: Moonshine, clip: Recording
) -> None:
    text = as_written(clip.text)
    once = begun(model, clip, text)
    forced = model.force(once, text)
    heard = model.hear(once, forced)
    assert forced is once.forced, "it is not read twice"
    apart = model.force(begun(model, clip), text).likelihood
    assert forced.likelihood.tokens == apart.tokens
    assert forced.likelihood.mean == pytest.approx(apart.mean, abs=0.2)
    # Passes of other lengths are quantised otherwise, so a close call may fall the other way.
    plain = comparable(model.greedy(once).text)
    distance = edit_distance(comparable(heard.text), plain)
    assert distance <= 0.25 * max(len(plain), 4)


def test_where_the_model_hears_the_prompt_one_pass_tells_both(model: Moonshine) -> None:
    once = begun(model, SENTENCES[-1])
    forced = model.force(once, model.greedy(once).text)
    assert model.hear(once, forced) is forced.likelihood
    assert set(forced.likelihood.behind) == {0.0}


def test_a_wrong_word_is_far_behind_the_likeliest(model: Moonshine) -> None:
    once = begun(model, SENTENCES[-1])
    said, changed = (
        model.force(once, as_written(text)).likelihood
        for text in (SENTENCES[-1].text, SENTENCES[-1].text.replace("amiable", "terrible"))
    )
    assert said.text != changed.text
    assert changed.worst_behind < -5 and changed.worst_behind < said.worst_behind
    for likelihood in (said, changed):
        assert max(likelihood.behind) <= 0


def test_a_text_is_never_likelier_than_its_first_token(model: Moonshine) -> None:
    once = begun(model, KEYWORDS[0])
    texts = ["Yes.", "Stop.", ""]
    bounds = model.first_token(once, texts)
    for bound, likelihood in zip(bounds, model.log_likelihoods(once, texts), strict=True):
        assert likelihood.per_token[0] == pytest.approx(bound, abs=1e-4)
        assert likelihood.total <= bound + 1e-4
