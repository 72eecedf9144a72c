"""Everything that is to be known of a decoded recording, and its master."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from collector.audio.cut import loudest_second_offset
from collector.audio.loudness import loudness_lufs
from collector.audio.master import FULL_SCALE, MASTER_RATE_HZ, Master, encode_master, master_steps
from collector.audio.measure import measure, problem_of
from collector.audio.problems import UnusableAudio
from collector.audio.spectrum import bandwidth_hz
from collector.audio.speech import Speech, find_speech
from collector.audio.speech_level import measure_speech

Measured = dict[str, object]

#: Of what is measured of masters. One more whenever that gives other numbers than before;
#: `manage.py remeasure` then brings older clips up to date.
VERSION = 1


@dataclass(frozen=True, eq=False)
class Examined:
    """A recording's measurements (as JSON can hold them), its speech, and its master.

    ``steps``: the master's int16 samples (num_samples,).
    """

    duration_s: float
    measurements: Measured
    speech: Speech
    master: Master
    steps: NDArray[np.int16]
    loudest_second_offset: int


def examine(samples: NDArray[np.float32], sampling_rate_hz: int) -> Examined:
    """Measure float samples (num_samples, channels), full scale +-1, and make their master.

    Of the samples as they are: length, rate, channels, peak, RMS, offset, clipping. Of the 16 kHz
    mono master, which is what people and models will hear: loudness, bandwidth, speech, noise.
    Raises UnusableAudio where there is no sound at all.
    """
    levels = measure(samples, sampling_rate_hz)
    problem = problem_of(levels)
    if problem is not None:
        raise UnusableAudio(problem, f"measured {levels}")
    steps = master_steps(samples, sampling_rate_hz)
    speech = find_speech(steps)
    return Examined(
        duration_s=levels.duration_s,
        measurements=levels.as_dict() | measure_master(steps, speech),
        speech=speech,
        master=encode_master(steps),
        steps=steps,
        loudest_second_offset=loudest_second_offset(steps, speech),
    )


def measure_master(steps: NDArray[np.int16], speech: Speech | None = None) -> Measured:
    """What is measured of a master's int16 samples (num_samples,), and by which version."""
    speech = find_speech(steps) if speech is None else speech
    return {
        "loudness_lufs": loudness_lufs(steps / FULL_SCALE, MASTER_RATE_HZ),
        "bandwidth_hz": bandwidth_hz(steps),
        **measure_speech(steps, speech).as_dict(),
        "measuring_version": VERSION,
    }
