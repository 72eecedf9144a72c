"""Peaks bound the samples, pictures show what sounds when, previews last as long as the master."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from collector.audio.decode import decode
from collector.audio.master import make_master, read_master
from collector.audio.peaks import MAX_PAIRS, make_peaks
from collector.audio.preview import PreviewFailed, make_preview
from collector.audio.spectrogram import make_spectrogram
from tests.collector.audio.material import speech, speech_samples

SPOKEN = ["an4/0022.flac", "librivox/0005.flac", "wwb/0001.flac"]


def read_peaks(data: bytes) -> tuple[int, int, NDArray[np.int8]]:
    magic, version, start, num_samples, per_pair = struct.unpack_from("<4sHHII", data)
    assert (magic, version, start) == (b"CHPK", 1, 16)
    return num_samples, per_pair, np.frombuffer(data, np.int8, offset=start).reshape(-1, 2)


@settings(max_examples=100, deadline=None)
@given(arrays(np.int16, st.integers(0, 3_000)))
def test_peaks_bound_the_samples_as_tightly_as_eight_bits_can(steps: NDArray[np.int16]) -> None:
    num_samples, per_pair, pairs = read_peaks(make_peaks(steps))
    assert num_samples == len(steps)
    assert len(pairs) == -(-len(steps) // per_pair) <= MAX_PAIRS
    for index, (lowest, highest) in enumerate(pairs.astype(int) * 256):
        stretch = steps[index * per_pair : (index + 1) * per_pair]
        assert lowest <= stretch.min() < lowest + 256
        assert highest <= stretch.max() < highest + 256


@pytest.mark.parametrize("num_samples", [1, 799, 800, 801, 16_000, 48_007, 960_000])
def test_peaks_are_few_whatever_the_length(num_samples: int) -> None:
    steps = np.arange(num_samples).astype(np.int16)
    assert len(make_peaks(steps)) <= 16 + 2 * MAX_PAIRS


def read_png(data: bytes) -> NDArray[np.uint8]:
    """The shades (height, width) of a greyscale PNG of 4 bits; every checksum is looked at."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = {}, 8
    while at < len(data):
        (length,), kind = struct.unpack_from(">I", data, at), data[at + 4 : at + 8]
        chunks[kind] = data[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack_from(">I", data, at + 8 + length)
        assert checksum == zlib.crc32(kind + chunks[kind])
        at += 12 + length
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    width, height, *rest = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert rest == [4, 0, 0, 0, 0]
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, -1)
    assert not rows[:, 0].any(), "no row is filtered"
    return np.stack([rows[:, 1:] >> 4, rows[:, 1:] & 15], axis=2).reshape(height, -1)[:, :width]


def tone(hz: float, duration_s: float = 1.0) -> NDArray[np.int16]:
    times_s = np.arange(round(duration_s * 16_000)) / 16_000
    return np.rint(10_000 * np.sin(2 * np.pi * hz * times_s)).astype(np.int16)


def test_a_rising_tone_rises_in_the_picture() -> None:
    tones = [tone(hz) for hz in (150, 600, 1_500, 3_000, 7_000)]
    rows = [int(read_png(make_spectrogram(steps)).mean(axis=1).argmax()) for steps in tones]
    assert rows == sorted(rows, reverse=True), "row 0 is the top"
    assert rows[0] > 55 and rows[-1] < 8


def test_what_sounds_later_stands_further_right() -> None:
    steps = np.concatenate([np.zeros(16_000, np.int16), tone(1_000)])
    picture = read_png(make_spectrogram(steps))
    assert not picture[:, :90].any()
    assert (picture[:, 105:].max(axis=0) == 15).all()


@pytest.mark.parametrize(
    ("num_samples", "width"),
    [(0, 1), (1, 1), (512, 1), (16_000, 97), (128_000, 797), (960_000, 800)],
)
def test_pictures_are_at_most_800_wide(num_samples: int, width: int) -> None:
    assert read_png(make_spectrogram(tone(440, num_samples / 16_000))).shape == (64, width)


def test_silence_is_black() -> None:
    assert not read_png(make_spectrogram(np.zeros(16_000, np.int16))).any()


@pytest.mark.parametrize("name", SPOKEN)
def test_the_same_samples_give_the_same_bytes(name: str) -> None:
    flac = speech(name)
    steps = read_master(flac)
    assert make_peaks(steps) == make_peaks(steps.copy())
    assert make_spectrogram(steps) == make_spectrogram(steps.copy())
    assert make_preview(flac) == make_preview(flac)


@pytest.mark.parametrize("name", SPOKEN)
def test_a_preview_is_small_whole_and_sounds_like_its_master(name: str) -> None:
    master = make_master(speech_samples(name), 16_000)
    preview = make_preview(master.flac)
    assert len(preview) < len(master.flac)
    heard = make_master(decode(preview).samples, 48_000)
    assert heard.num_samples == pytest.approx(master.num_samples, abs=16)
    one, other = (
        np.frombuffer(make_peaks(read_master(m.flac)), np.int8, offset=16) for m in (master, heard)
    )
    length = min(len(one), len(other))
    assert np.corrcoef(one[:length], other[:length])[0, 1] > 0.9


def test_a_preview_tells_its_length_at_the_front() -> None:
    """Without it a player can neither show the length nor seek: 0x4489 is Matroska's Duration."""
    assert b"\x44\x89" in make_preview(speech())[:400]


def test_what_is_no_master_gives_no_preview() -> None:
    with pytest.raises(PreviewFailed):
        make_preview(b"fLaC and nothing more")
