"""Cut the loudest second out of a master, as keyword data sets want it."""

from __future__ import annotations

import io
import warnings

import numpy as np
from numpy.typing import NDArray

from collector.audio.master import MASTER_RATE_HZ, read_master
from collector.audio.speech import Speech

with warnings.catch_warnings():  # on import pydub looks for an ffmpeg, which is not used here
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

SAMPLE_BYTES = 2


def loudest_second_offset(
    samples: NDArray[np.int16],
    speech: Speech | None = None,
    sampling_rate_hz: int = MASTER_RATE_HZ,
) -> int:
    """The first sample of the second with the highest sum of absolute values.

    ``samples`` is (num_samples,); the first such second wins; 0 when there is no full second.
    After the method of Pete Warden's ``extract_loudest_section`` for Speech Commands
    (arXiv:1804.03209, section 5.4), with one thing added: where speech was found, all of it stays
    inside, or, where it is longer than a second, the second stays inside the speech. A slammed
    door beside a soft word is louder than the word.
    """
    if len(samples) <= sampling_rate_hz:
        return 0
    sums = np.concatenate(([0], np.abs(samples.astype(np.int64)).cumsum()))
    seconds = sums[sampling_rate_hz:] - sums[:-sampling_rate_hz]
    first, last = _allowed_starts(len(samples), speech, sampling_rate_hz)
    return first + int(np.argmax(seconds[first : last + 1]))


def _allowed_starts(
    num_samples: int, speech: Speech | None, sampling_rate_hz: int
) -> tuple[int, int]:
    """The first and the last sample at which the second may begin."""
    last = num_samples - sampling_rate_hz
    if speech is None or speech.start_sample is None or speech.end_sample is None:
        return 0, last
    one, other = speech.start_sample, speech.end_sample - sampling_rate_hz
    return max(0, min(one, other)), min(last, max(one, other))


def cut_second(flac: bytes, start: int | None = None) -> bytes:
    """A second of a master as WAV: 16 kHz, 16 bits, mono, always 32,044 bytes.

    ``start`` is its first sample, as ``loudest_second_offset`` found it (which is done here where
    it is not given). A shorter master is put in the middle of digital silence.
    """
    samples = read_master(flac)
    start = loudest_second_offset(samples) if start is None else start
    second = _segment(samples).get_sample_slice(start, start + MASTER_RATE_HZ)
    missing = MASTER_RATE_HZ - int(second.frame_count())
    before = missing // 2
    return _as_wav(_silence(before) + second + _silence(missing - before))


def whole_wav(flac: bytes) -> bytes:
    """All of a master as WAV: 16 kHz, 16 bits, mono, always 44 + 2 * num_samples bytes."""
    return _as_wav(_segment(read_master(flac)))


def _segment(samples: NDArray[np.int16]) -> AudioSegment:
    """A pydub segment straight from samples, so that pydub has nothing to decode."""
    raw = samples.astype("<i2").tobytes()
    return AudioSegment(data=raw, sample_width=SAMPLE_BYTES, frame_rate=MASTER_RATE_HZ, channels=1)


def _as_wav(segment: AudioSegment) -> bytes:
    file = io.BytesIO()
    segment.export(file, format="wav")
    return file.getvalue()


def _silence(num_samples: int) -> AudioSegment:
    return _segment(np.zeros(num_samples, dtype=np.int16))
