"""Every problem has a code that stays and a sentence that can be translated."""

from __future__ import annotations

import pytest
from django.utils.functional import Promise

from collector.audio.problems import Problem, UnusableAudio
from tests.collector.audio.bad_files import BAD_FILES

CODES = [
    "empty",
    "not_audio",
    "damaged",
    "too_short",
    "too_long",
    "too_large",
    "too_many_channels",
    "rate_too_low",
    "has_video",
    "silent",
    "decoder_failed",
]


def test_the_codes_are_what_clips_store_and_pages_know() -> None:
    assert Problem.values == CODES


@pytest.mark.parametrize("problem", Problem)
def test_each_has_a_translatable_label(problem: Problem) -> None:
    assert isinstance(problem._label_, Promise)


def test_each_but_a_failing_decoder_is_shown_by_a_bad_file() -> None:
    assert {bad.problem for bad in BAD_FILES} == set(Problem) - {Problem.DECODER_FAILED}


def test_the_error_tells_code_and_detail() -> None:
    error = UnusableAudio(Problem.TOO_SHORT, "0.020 s")
    assert (error.problem, error.detail, str(error)) == (
        Problem.TOO_SHORT,
        "0.020 s",
        "too_short: 0.020 s",
    )
