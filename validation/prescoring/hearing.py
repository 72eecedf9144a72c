"""From one line of a manifest to what the machine makes of it, on the pipeline's own path."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from collector.audio.decode import DEFAULT_LIMITS, Decoded, DecodeLimits, decode
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
#: A segment may lie in a recording as long as a lecture, which is decoded as a whole.
SEGMENT_LIMITS: Final = DecodeLimits(max_bytes=2_000_000_000, max_duration_s=2 * 3600.0)
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
            return failed(line.audio_filepath, unusable.problem.value, str(unusable.problem.label))
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
        }
        if listener is None:
            return answer
        score = listener.score(
            examined.steps, line.text, line.kind, line.competitors, speech=examined.speech
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
    past the end; OSError where the file cannot be read.
    """
    if not line.offset_s and line.duration_s is None:
        decoded = decode(line.path)
        return decoded.samples, decoded.sampling_rate_hz
    decoded = _decoded_long(line.path, line.path.stat().st_mtime_ns)
    return _cut(decoded, line.offset_s, line.duration_s), decoded.sampling_rate_hz


@lru_cache(maxsize=1)
def _decoded_long(path: Path, _changed_at: int) -> Decoded:
    # Neighbouring lines are often segments of one recording: it is decoded once for them.
    return decode(path, SEGMENT_LIMITS)


def _cut(decoded: Decoded, offset_s: float, duration_s: float | None) -> NDArray[np.float32]:
    rate_hz, available = decoded.sampling_rate_hz, len(decoded.samples)
    start = round(offset_s * rate_hz)
    end = available if duration_s is None else start + round(duration_s * rate_hz)
    if available - end < ROUNDING_S * rate_hz:
        end = available
    length_s = (end - start) / rate_hz
    if length_s < DEFAULT_LIMITS.min_duration_s:
        raise UnusableAudio(Problem.TOO_SHORT, f"the segment has {length_s:.3f} s")
    if length_s > DEFAULT_LIMITS.max_duration_s:
        raise UnusableAudio(Problem.TOO_LONG, f"the segment has {length_s:.1f} s")
    return decoded.samples[start:end]
