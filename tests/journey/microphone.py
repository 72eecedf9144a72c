"""Real speech as Chromium's fake microphone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray
from playwright.sync_api import Page

from tests.people import AUDIO

RATE_HZ = 44_100
MASTER_RATE_HZ = 16_000
#: Time to agree, to open the microphone, and for the room tone; then somebody speaks.
LEAD_S = 6.5
TAIL_S = 30.0
NOISE_DBFS = -42.0
#: What lies 30 dB below the loudest 10 ms of a recording is its room, not its word.
SPEECH_RANGE_DB = 30.0
FRAME_S = 0.01


#: The fake microphone begins to play when it is opened; the test must know when that was.
NOTE_OPENING = """
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wishes) => {
  const stream = await open(wishes);
  window.microphoneOpened_ms = performance.now();
  return stream;
};
"""


def wait_until_played(page: Page, played_s: float) -> None:
    """Wait until the microphone has played so much of its file; needs ``NOTE_OPENING``."""
    now_s = page.evaluate("(performance.now() - window.microphoneOpened_ms) / 1000")
    page.wait_for_timeout(max(0.0, 1000 * (played_s - now_s)))


@dataclass(frozen=True)
class Script:
    """What a fake microphone will hear: all samples at 16 kHz, and when each word is spoken."""

    samples: NDArray[np.float64]
    #: (begin, end) of each word, in samples.
    words: list[tuple[int, int]]


def _dithered(samples: NDArray[np.float64]) -> NDArray[np.int16]:
    """As 16-bit integers that are never all zero: zeros are how a dead microphone sounds."""
    noise = np.random.default_rng(16).integers(-1, 2, len(samples))
    return np.clip(np.rint(samples * 32_768) + noise, -32_768, 32_767).astype(np.int16)


def _silence(duration_s: float, rate_hz: int = RATE_HZ) -> NDArray[np.float64]:
    return np.zeros(int(duration_s * rate_hz))


def microphone_file(path: Path, recording: str) -> NDArray[np.int16]:
    """Write the recording, after a pause, as the fake microphone takes it.

    44.1 kHz and 16 bits come through exactly. Returns the samples (num_samples,).
    """
    speech, rate_hz = soundfile.read(AUDIO / recording, dtype="float64")
    speech = soxr.resample(speech, rate_hz, RATE_HZ, quality="VHQ")
    samples = _dithered(np.concatenate([_silence(LEAD_S), speech, _silence(TAIL_S)]))
    soundfile.write(path, samples, RATE_HZ, subtype="PCM_16")
    return samples


@dataclass(frozen=True)
class Sound:
    """A recording, louder or softer than it is."""

    recording: str
    gain_db: float = 0.0


def sounds_file(path: Path, sounds: list[Sound]) -> None:
    """Write recordings one right after the other, after a pause, as a fake microphone."""
    parts = [_silence(LEAD_S)]
    for sound in sounds:
        samples, rate_hz = soundfile.read(AUDIO / sound.recording, dtype="float64")
        parts.append(soxr.resample(samples, rate_hz, RATE_HZ) * 10 ** (sound.gain_db / 20))
    samples = np.concatenate([*parts, _silence(TAIL_S)])
    soundfile.write(path, _dithered(samples), RATE_HZ, subtype="PCM_16")


def _speech_span(samples: NDArray[np.float64]) -> tuple[int, int]:
    """Where the word lies in a recording at 16 kHz: (begin, end) in samples."""
    frame = int(FRAME_S * MASTER_RATE_HZ)
    frames = samples[: len(samples) // frame * frame].reshape(-1, frame)
    power = (frames**2).mean(axis=1)
    loud = np.flatnonzero(power > power.max() * 10 ** (-SPEECH_RANGE_DB / 10))
    return int(loud[0]) * frame, (int(loud[-1]) + 1) * frame


def _at_snr(word: NDArray[np.float64], span: tuple[int, int], snr_db: float) -> NDArray[np.float64]:
    """The word so loud that its span stands ``snr_db`` above the noise, by power."""
    rms = float(np.sqrt((word[slice(*span)] ** 2).mean()))
    gain: float = 10 ** ((NOISE_DBFS + snr_db) / 20) / rms
    return word * gain


def words_file(
    path: Path, recordings: list[str], noise: str, snr_db: float, interval_s: float
) -> Script:
    """Write words, one every ``interval_s``, in a noise that never stops, as a fake microphone."""
    bed, _ = soundfile.read(AUDIO / noise, dtype="float64")
    length = int((LEAD_S + interval_s * len(recordings) + TAIL_S) * MASTER_RATE_HZ)
    samples = np.resize(bed / np.sqrt((bed**2).mean()), length) * 10 ** (NOISE_DBFS / 20)
    spans = []
    for number, recording in enumerate(recordings):
        word, rate_hz = soundfile.read(AUDIO / recording, dtype="float64")
        assert rate_hz == MASTER_RATE_HZ
        at, span = int((LEAD_S + number * interval_s) * MASTER_RATE_HZ), _speech_span(word)
        samples[at : at + len(word)] += _at_snr(word, span, snr_db)
        spans.append((at + span[0], at + span[1]))
    played = soxr.resample(samples, MASTER_RATE_HZ, RATE_HZ, quality="VHQ")
    soundfile.write(path, _dithered(played), RATE_HZ, subtype="PCM_16")
    return Script(samples, spans)


def found_in(part: NDArray[np.float64], whole: NDArray[np.float64]) -> tuple[int, float]:
    """Where ``part`` fits best in ``whole``, and how well: the normalised correlation there."""
    products = _products(part, whole)
    sums = np.concatenate([[0.0], np.cumsum(whole**2)])
    energies = sums[len(part) :] - sums[: -len(part)]
    fits = products / np.sqrt(np.maximum(energies, 1e-12) * (part**2).sum())
    at = int(np.argmax(fits))
    return at, float(fits[at])


def _products(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """``np.correlate(whole, part)``, by short spectra one after the other: quicker than one."""
    size = 4 << len(part).bit_length()
    spectrum, step = np.conj(np.fft.rfft(part, size)), size - len(part) + 1
    pieces = [
        np.fft.irfft(np.fft.rfft(whole[at : at + size], size) * spectrum, size)[:step]
        for at in range(0, len(whole) - len(part) + 1, step)
    ]
    return np.concatenate(pieces)[: len(whole) - len(part) + 1]


def place_of(part: NDArray[np.int16], whole: NDArray[np.int16]) -> int | None:
    """Where ``part`` lies in ``whole``, sample for sample; None when it is not in it."""
    loud = int(np.argmax(np.abs(part.astype(np.int32))))
    probe = part[max(0, loud - 50) : loud + 50]
    start = loud - max(0, loud - 50)
    windows = np.lib.stride_tricks.sliding_window_view(whole, len(probe))
    for at in np.flatnonzero((windows == probe).all(axis=1)):
        begin = int(at) + start - loud
        if begin >= 0 and np.array_equal(whole[begin : begin + len(part)], part):
            return begin
    return None
