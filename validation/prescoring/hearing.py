"""From one line of a manifest to what the machine makes of it, on the pipeline's own path."""

from __future__ import annotations

import errno
import logging
import stat
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from collector.audio.decode import DEFAULT_LIMITS, DecodeLimits, decode, decode_part
from collector.audio.examine import examine
from collector.audio.master import MASTER_RATE_HZ
from collector.audio.problems import Problem, UnusableAudio
from collector.audio.sandbox import CannotStart
from collector.audio.speech import Span
from collector.findings import findings_of
from validation.prescoring.manifest import Line
from validation.scoring import WeightsError
from validation.scoring.models import ModelFolderError, listener_for

log = logging.getLogger(__name__)

Answer = dict[str, Any]
#: A segment may lie in a recording of hours, of which nothing else is decoded.
SEGMENT_LIMITS: Final = DecodeLimits(max_bytes=2_000_000_000)
#: Manifests round durations. Taken at its word, one would cut the end of a word off.
ROUNDING_S: Final = 0.1


@dataclass(frozen=True)
class Hearing:
    """What makes a line an answer; sent to each worker process."""

    model_folders: dict[str, Path]

    def hear(self, line: Line) -> Answer:
        """The line's own fields with the score and the measurements, or an error object."""
        try:
            samples, sampling_rate_hz = read_segment(line)
            return self._score(line, samples, sampling_rate_hz)
        except UnusableAudio as unusable:
            # Its label is advice to a speaker; who has a corpus can use what the decoder says.
            return failed(line.audio_filepath, unusable.problem.value, unusable.detail)
        except OSError as error:
            detail = f"{line.path} cannot be read: {error.strerror or error}."
            return failed(line.audio_filepath, "unreadable", detail)
        except (CannotStart, ModelFolderError, WeightsError):
            raise  # no line can be answered: an operator's matter
        except Exception as error:
            # One odd recording must not cost a night's run over a million others.
            log.exception("%s was left out", line.path)
            return failed(line.audio_filepath, "failed", f"{type(error).__name__}: {error}")

    def _score(self, line: Line, samples: NDArray[np.float32], sampling_rate_hz: int) -> Answer:
        listener = listener_for(line.lang, self.model_folders)
        examined = examine(samples, sampling_rate_hz)
        spoken = line.kind != "noise"
        found = findings_of(examined.measurements, speech_expected=spoken)
        answer: Answer = {
            **line.fields,
            "match": None,
            "heard": "",
            "log_likelihood": None,
            "measurements": examined.measurements,
            "speech": [_seconds(span) for span in examined.speech.spans],
            "flags": [finding.code.value for finding in found],
            "model": None,
            "note": None,
        }
        answer.pop("error", None)  # of an earlier run: here it means that there is no answer
        if listener is None:
            return answer | {"note": f"There is no model for {line.lang}: see SPEECH_MODELS."}
        score = listener.score(
            examined.steps,
            line.text,
            line.kind,
            line.competitors,
            speech=examined.speech,
            transcribe=True,
        )
        return answer | score.as_dict() | {"method": listener.method.value}


def _seconds(span: Span) -> dict[str, float]:
    return {
        "start_s": span.start_sample / MASTER_RATE_HZ,
        "end_s": span.end_sample / MASTER_RATE_HZ,
    }


def failed(audio_filepath: str | None, code: str, detail: str) -> Answer:
    """The error object that stands in for an answer."""
    return {"audio_filepath": audio_filepath, "error": {"code": code, "detail": detail}}


def read_segment(line: Line) -> tuple[NDArray[np.float32], int]:
    """The samples (num_samples, channels) that a line names, and their rate in Hz.

    Raises UnusableAudio as ``decode`` does, and for a segment that is too short, too long, or
    past the end; OSError where the file cannot be read, or is none: a pipe could hold us for ever.
    """
    status = line.path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file")
    recording = (line.path, status.st_mtime_ns)
    if recording in _given_up:
        raise UnusableAudio(Problem.DECODER_FAILED, "the decoder gave up on this file before")
    try:
        return _segment(line.path, line.offset_s, line.duration_s)
    except UnusableAudio as unusable:
        if unusable.problem is Problem.DECODER_FAILED:
            _given_up.append(recording)
        raise


#: Of this process. To give up takes 20 s, and a recording may have a thousand lines.
_given_up: Final[deque[tuple[Path, int]]] = deque(maxlen=64)


def _segment(
    path: Path, offset_s: float, duration_s: float | None
) -> tuple[NDArray[np.float32], int]:
    if not offset_s and duration_s is None:
        decoded = decode(path)
        return decoded.samples, decoded.sampling_rate_hz
    longest_s = DEFAULT_LIMITS.max_duration_s
    wanted_s = longest_s if duration_s is None else min(duration_s, longest_s)
    decoded = decode_part(path, offset_s, wanted_s, SEGMENT_LIMITS)
    samples = _without_rest(decoded.samples, decoded.sampling_rate_hz, duration_s)
    _check_length(len(samples) / decoded.sampling_rate_hz)
    return samples, decoded.sampling_rate_hz


def _without_rest(
    samples: NDArray[np.float32], rate_hz: int, duration_s: float | None
) -> NDArray[np.float32]:
    """The first ``duration_s``, and what is left after it where that is next to nothing."""
    if duration_s is None:
        return samples
    end = round(duration_s * rate_hz)
    return samples if len(samples) - end < ROUNDING_S * rate_hz else samples[:end]


def _check_length(length_s: float) -> None:
    if length_s < DEFAULT_LIMITS.min_duration_s:
        raise UnusableAudio(Problem.TOO_SHORT, f"the segment has {length_s:.3f} s")
    if length_s > DEFAULT_LIMITS.max_duration_s:
        raise UnusableAudio(Problem.TOO_LONG, f"the segment has {length_s:.1f} s")
