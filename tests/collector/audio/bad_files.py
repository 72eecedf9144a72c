"""Files that no corpus wants: each made in a moment, with the problem that must be told.

Used here on the decoder itself, and again through HTTP.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from collector.audio.problems import Problem
from tests.collector.audio.flac_craft import silent_flac
from tests.collector.audio.material import encode, speech, speech_samples, stream, wav

VIDEO = ("-f", "lavfi", "-i", "testsrc=size=64x64:rate=10:duration=1", "-t", "1")
OPUS = ("-c:a", "libopus")


@dataclass(frozen=True)
class BadFile:
    """``filename`` is what a person might have called it: never to be believed."""

    filename: str
    make: Callable[[], bytes]
    problem: Problem

    def __str__(self) -> str:
        return self.filename


def _cut(data: bytes, share: float = 0.6) -> bytes:
    return data[: int(len(data) * share)]


def _flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0x55]) + data[middle + 1 :]


def _clip() -> bytes:
    return wav(speech_samples())


def _tone(seconds: float, sampling_rate_hz: int = 16_000, channels: int = 1) -> bytes:
    times_s = np.arange(int(seconds * sampling_rate_hz)) / sampling_rate_hz
    tone = 0.3 * np.sin(2 * np.pi * 200 * times_s)
    return wav(np.repeat(tone[:, np.newaxis], channels, axis=1), sampling_rate_hz)


def _with_no_number() -> bytes:
    samples = speech_samples()
    samples[1000] = np.nan
    return wav(samples, kind="FLOAT")


def _muted() -> bytes:
    steps = np.random.default_rng(1).integers(-1, 2, 32_000)
    return wav(steps.astype(np.int16))


BAD_FILES = [
    BadFile("empty.wav", lambda: b"", Problem.EMPTY),
    BadFile("no-samples.wav", lambda: wav(np.zeros(0)), Problem.EMPTY),
    BadFile("text.wav", lambda: b"This is not a recording. " * 40, Problem.NOT_AUDIO),
    BadFile("picture.wav", lambda: b"\x89PNG\r\n\x1a\n" + bytes(500), Problem.NOT_AUDIO),
    BadFile("page.webm", lambda: b"<!doctype html><script>1</script>", Problem.NOT_AUDIO),
    BadFile("list.m3u8", lambda: b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n", Problem.NOT_AUDIO),
    BadFile("list.flac", lambda: b"ffconcat version 1.0\nfile /etc/hostname\n", Problem.NOT_AUDIO),
    BadFile("film.avi", lambda: b"RIFF\x24\0\0\0AVI LIST" + bytes(500), Problem.NOT_AUDIO),
    BadFile(
        "old-codec.wav", lambda: encode(_clip(), ".wav", "-c:a", "adpcm_ms"), Problem.NOT_AUDIO
    ),
    BadFile("cut.wav", lambda: _cut(_clip()), Problem.DAMAGED),
    BadFile("cut-header.wav", lambda: _clip()[:44], Problem.DAMAGED),
    BadFile("cut.flac", lambda: _cut(speech()), Problem.DAMAGED),
    BadFile("cut.ogg", lambda: _cut(encode(_clip(), ".ogg", *OPUS)), Problem.DAMAGED),
    BadFile("cut.mp3", lambda: _cut(encode(_clip(), ".mp3")), Problem.DAMAGED),
    BadFile("cut.m4a", lambda: _cut(encode(_clip(), ".m4a")), Problem.DAMAGED),
    BadFile("cut-live.webm", lambda: _cut(stream(_clip(), "webm", *OPUS)), Problem.DAMAGED),
    BadFile(
        "cut-browser.webm", lambda: _cut(speech("browser/chromium-opus.webm")), Problem.DAMAGED
    ),
    BadFile("cut-browser.mp4", lambda: _cut(speech("browser/chromium-opus.mp4")), Problem.DAMAGED),
    BadFile("flipped-bits.flac", lambda: _flipped(speech()), Problem.DAMAGED),
    BadFile("head-only.webm", lambda: b"\x1aE\xdf\xa3" + bytes(900), Problem.DAMAGED),
    BadFile("not-a-number.wav", _with_no_number, Problem.DAMAGED),
    BadFile("20-ms.wav", lambda: _tone(0.02), Problem.TOO_SHORT),
    BadFile("ten-hours.flac", lambda: silent_flac(36_000), Problem.TOO_LONG),
    BadFile("bomb.flac", lambda: silent_flac(7_200, 192_000, channels=2), Problem.TOO_LONG),
    BadFile(
        "wide-bomb.flac", lambda: silent_flac(600, 655_350, channels=8), Problem.TOO_MANY_CHANNELS
    ),
    BadFile("25-mb.wav", lambda: _clip()[:44] + bytes(25_000_000), Problem.TOO_LARGE),
    BadFile("twelve-channels.wav", lambda: _tone(0.5, channels=12), Problem.TOO_MANY_CHANNELS),
    BadFile("1-khz.wav", lambda: _tone(1.0, sampling_rate_hz=1_000), Problem.RATE_TOO_LOW),
    BadFile("video.webm", lambda: encode(_clip(), ".webm", *VIDEO, *OPUS), Problem.HAS_VIDEO),
    BadFile(
        "video-only.mp4", lambda: encode(_clip(), ".mp4", *VIDEO, "-map", "1:v"), Problem.HAS_VIDEO
    ),
    BadFile("silence.wav", lambda: wav(np.zeros(32_000)), Problem.SILENT),
    BadFile("muted.wav", _muted, Problem.SILENT),
    BadFile("constant.wav", lambda: wav(np.full(32_000, 0.2)), Problem.SILENT),
]
