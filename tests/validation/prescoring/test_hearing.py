"""What a line names is read, and a file that cannot be is not tried for ever."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from collector.audio.problems import Problem, UnusableAudio
from tests.validation.scoring.conftest import AUDIO
from validation.prescoring import hearing
from validation.prescoring.hearing import read_segment
from validation.prescoring.manifest import Line


def line(path: Path, **fields: Any) -> Line:
    return Line(str(path), path, "yes", "keyword", "en", **fields)


def test_a_pipe_is_no_recording(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.wav"
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="no regular file"):
        read_segment(line(pipe))


@pytest.mark.parametrize(("problem", "tries"), [(Problem.DECODER_FAILED, 1), (Problem.DAMAGED, 3)])
def test_a_file_that_the_decoder_gave_up_on_is_tried_once(
    problem: Problem, tries: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, tried = tmp_path / "slow.opus", []
    slow.write_bytes(b"OggS")

    def give_up(path: Path, *_: object) -> None:
        tried.append(path)
        raise UnusableAudio(problem, "no end after 20 s")

    monkeypatch.setattr(hearing, "decode_part", give_up)
    for offset_s in (0.0, 5.0, 10.0):
        with pytest.raises(UnusableAudio) as caught:
            read_segment(line(slow, offset_s=offset_s, duration_s=2.0))
        assert caught.value.problem is problem
    assert len(tried) == tries
    yes = AUDIO / "an4/0022.flac"
    samples, rate_hz = read_segment(line(yes))
    assert (samples.ndim, rate_hz) == (2, 16_000), "other files are read as before"
