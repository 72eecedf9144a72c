"""What people send is decoded, or refused with a reason that helps them."""

from __future__ import annotations

import random
import struct
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from collector.audio import decode as decoding
from collector.audio.containers import Container
from collector.audio.decode import Decoded, DecodeLimits, decode, decode_together, ffmpeg_command
from collector.audio.measure import measure, problem_of
from collector.audio.problems import Problem, UnusableAudio
from collector.audio.sandbox import CannotStart, ChildFailed, run
from tests.collector.audio.bad_files import BAD_FILES, BadFile
from tests.collector.audio.material import encode, speech, speech_samples, stream, wav

OPUS = ("-c:a", "libopus")
AT_48_KHZ = ("-ar", "48000")
PICTURE = ("-f", "lavfi", "-i", "testsrc=size=64x64:rate=25:duration=0.04")
COVER = (*PICTURE, "-map", "0", "-map", "1", "-c:v", "png", "-disposition:v", "attached_pic")


def problem_with(data: bytes) -> Problem | None:
    """The verdict on a file, as the task will reach it: decode, then measure."""
    try:
        decoded = decode(data)
    except UnusableAudio as unusable:
        assert unusable.detail, "the log needs to know more than the code"
        return unusable.problem
    return problem_of(measure(decoded.samples, decoded.sampling_rate_hz))


@pytest.mark.parametrize("bad", BAD_FILES, ids=str)
def test_a_bad_file_is_refused_with_its_reason(bad: BadFile) -> None:
    data = bad.make()
    began_s = time.monotonic()
    assert problem_with(data) is bad.problem
    assert time.monotonic() - began_s < 60, "a bad file must not hold a worker up"


GOOD_FILES: dict[str, tuple[Callable[[], bytes], Container, str]] = {
    "original FLAC": (speech, Container.FLAC, "flac"),
    "live FLAC": (lambda: stream(speech(), "flac"), Container.FLAC, "flac"),
    "WAV": (lambda: encode(speech(), ".wav"), Container.WAV, "pcm_s16le"),
    "8-bit WAV": (lambda: encode(speech(), ".wav", "-c:a", "pcm_u8"), Container.WAV, "pcm_u8"),
    "24-bit WAV": (
        lambda: encode(speech(), ".wav", "-c:a", "pcm_s24le"),
        Container.WAV,
        "pcm_s24le",
    ),
    "float WAV": (
        lambda: encode(speech(), ".wav", "-c:a", "pcm_f32le"),
        Container.WAV,
        "pcm_f32le",
    ),
    "mu-law WAV": (
        lambda: encode(speech(), ".wav", "-c:a", "pcm_mulaw"),
        Container.WAV,
        "pcm_mulaw",
    ),
    "live WAV": (lambda: stream(speech("an4/0071.flac"), "wav"), Container.WAV, "pcm_s16le"),
    "WebM": (lambda: encode(speech(), ".webm", *OPUS), Container.MATROSKA, "opus"),
    "live WebM": (lambda: stream(speech(), "webm", *OPUS), Container.MATROSKA, "opus"),
    "WebM with PCM": (
        lambda: stream(speech(), "matroska", "-c:a", "pcm_f32le"),
        Container.MATROSKA,
        "pcm_f32le",
    ),
    "Ogg Opus": (lambda: encode(speech(), ".ogg", *OPUS), Container.OGG, "opus"),
    "Ogg Vorbis": (lambda: encode(speech(), ".ogg", "-c:a", "libvorbis"), Container.OGG, "vorbis"),
    "M4A": (lambda: encode(speech(), ".m4a"), Container.MP4, "aac"),
    "M4A, index first": (
        lambda: encode(speech(), ".m4a", "-movflags", "faststart"),
        Container.MP4,
        "aac",
    ),
    "live MP4": (
        lambda: stream(speech(), "mp4", "-movflags", "frag_keyframe+empty_moov"),
        Container.MP4,
        "aac",
    ),
    "MP3": (lambda: encode(speech(), ".mp3"), Container.MP3, "mp3"),
    "live MP3": (lambda: stream(speech(), "mp3", "-write_xing", "0"), Container.MP3, "mp3"),
    "AAC": (lambda: encode(speech(), ".aac"), Container.AAC, "aac"),
    "Chromium WebM": (lambda: speech("browser/chromium-opus.webm"), Container.MATROSKA, "opus"),
    "Chromium slices": (
        lambda: speech("browser/chromium-opus-sliced.webm"),
        Container.MATROSKA,
        "opus",
    ),
    "Chromium pause": (
        lambda: speech("browser/chromium-opus-paused.webm"),
        Container.MATROSKA,
        "opus",
    ),
    "Chromium MP4": (lambda: speech("browser/chromium-opus.mp4"), Container.MP4, "opus"),
    "MP3 with a cover": (lambda: encode(speech(), ".mp3", *COVER), Container.MP3, "mp3"),
    "M4A with a cover": (lambda: encode(speech(), ".m4a", *COVER), Container.MP4, "aac"),
}


@pytest.mark.parametrize("name", GOOD_FILES)
def test_a_good_file_is_decoded(name: str) -> None:
    make, container, codec = GOOD_FILES[name]
    decoded = decode(make())
    assert (decoded.container, decoded.codec) == (container, codec)
    assert decoded.samples.dtype == np.float32
    assert decoded.samples.shape[1] == decoded.channels
    duration_s = len(decoded.samples) / decoded.sampling_rate_hz
    expected_s = {"Chromium pause": 2.4, "live WAV": 1.0}.get(
        name, 1.6 if "Chromium" in name else 3.07
    )
    assert duration_s == pytest.approx(expected_s, abs=0.1)
    assert np.abs(decoded.samples).max() > 0.05, "there is speech in it"


@pytest.mark.parametrize("kind", ["PCM_16", "PCM_24", "FLOAT"])
def test_lossless_sources_come_through_exactly(kind: str) -> None:
    samples = np.column_stack([speech_samples()[:, 0], -speech_samples()[:, 0]])
    decoded = decode(wav(samples, 44_100, kind))
    assert decoded.sampling_rate_hz == 44_100
    assert np.array_equal(decoded.samples, samples)


def test_opus_comes_at_48_khz_and_sounds_the_same() -> None:
    source = speech_samples()[:, 0]
    decoded = decode(encode(speech(), ".webm", *OPUS, "-b:a", "128k"))
    assert decoded.sampling_rate_hz == 48_000
    again = decoded.samples[::3, 0][: len(source)]
    assert np.corrcoef(source[: len(again)], again)[0, 1] > 0.97


def test_a_path_is_read_as_bytes_are(tmp_path: Path) -> None:
    path = tmp_path / "a name that lies.txt"
    path.write_bytes(speech())
    assert np.array_equal(decode(path).samples, decode(speech()).samples)


def test_a_long_pause_loses_no_sound() -> None:
    gap = ("-af", r"asetpts=PTS+gt(N\,60)*200/TB")
    decoded = decode(stream(speech(), "webm", *gap, *OPUS))
    assert len(decoded.samples) / 48_000 == pytest.approx(3.07, abs=0.05)


@pytest.mark.parametrize(
    ("limits", "problem"),
    [
        (DecodeLimits(max_duration_s=2.0), Problem.TOO_LONG),
        (DecodeLimits(min_duration_s=4.0), Problem.TOO_SHORT),
        (DecodeLimits(max_bytes=10_000), Problem.TOO_LARGE),
        (DecodeLimits(min_sampling_rate_hz=22_050), Problem.RATE_TOO_LOW),
        (DecodeLimits(max_sampling_rate_hz=11_025), Problem.TOO_LARGE),
    ],
)
def test_limits_are_kept(limits: DecodeLimits, problem: Problem) -> None:
    with pytest.raises(UnusableAudio) as refused:
        decode(speech(), limits)
    assert refused.value.problem is problem


def test_a_recording_of_just_the_longest_length_is_taken() -> None:
    duration_s = len(speech_samples()) / 16_000
    exactly = replace(DecodeLimits(), max_duration_s=duration_s, min_duration_s=duration_s)
    assert len(decode(speech(), exactly).samples) == len(speech_samples())


def test_a_decoder_that_crashes_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    crash = ["/bin/sh", "-c", "kill -SEGV $$"]
    monkeypatch.setattr("collector.audio.decode.ffmpeg_command", lambda *_: crash)
    with pytest.raises(UnusableAudio, match="SIGSEGV") as refused:
        decode(speech())
    assert refused.value.problem is Problem.DECODER_FAILED


def test_a_missing_ffmpeg_is_not_the_recordings_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collector.audio.decode.ffmpeg_command", lambda *_: ["/no/ffmpeg"])
    with pytest.raises(CannotStart):
        decode(speech())


def test_an_ffmpeg_that_lacks_our_options_is_not_the_recordings_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    too_new = [*ffmpeg_command(Container.FLAC), "-option_of_the_future", "1"]
    monkeypatch.setattr("collector.audio.decode.ffmpeg_command", lambda *_: too_new)
    with pytest.raises(CannotStart, match="ffmpeg 7"):
        decode(speech())


def test_any_damage_ends_in_a_verdict_never_in_another_error() -> None:
    chance = random.Random(7)
    sources = [speech("an4/0118.flac"), speech("browser/chromium-opus-sliced.webm")]
    sources.append(encode(speech("an4/0118.flac"), ".m4a"))
    verdicts = set()
    for data in sources * 6:
        bad = bytearray(data)
        for _ in range(20):
            bad[chance.randrange(12, len(bad))] = chance.randrange(256)
        verdicts.add(problem_with(bytes(bad)))
    assert verdicts <= {None, *Problem}
    assert Problem.DAMAGED in verdicts


def test_threads_decode_side_by_side() -> None:
    names = ["an4/0071.flac", "an4/0118.flac", "wwb/0025.flac", "an4/0010.flac"] * 2
    with ThreadPoolExecutor(4) as threads:
        decoded: list[Decoded] = list(threads.map(lambda name: decode(speech(name)), names))
    for name, clip in zip(names, decoded, strict=True):
        assert np.array_equal(clip.samples, speech_samples(name))


class TestWhatFfmpegMayOpen:
    """The walls inside ffmpeg, tried with the outer ones taken away."""

    def playlist_command(self, demuxer: str, protocols: str = "fd") -> list[str]:
        """Our own command, but with a demuxer that opens other files, and let to."""
        command = ffmpeg_command(Container.WAV)
        command[command.index("-f") + 1] = demuxer
        command[command.index("-format_whitelist") + 1] = f"{demuxer},wav"
        command[command.index("-protocol_whitelist") + 1] = protocols
        first_input = command.index("-i")
        unsafe = {"concat": ["-safe", "0"], "hls": ["-extension_picky", "0"]}
        return [*command[:first_input], *unsafe[demuxer], *command[first_input:]]

    def secret(self, folder: Path) -> Path:
        path = folder / "secret.wav"
        path.write_bytes(encode(speech(), ".wav"))
        return path

    def test_a_playlist_cannot_reach_a_local_file(self, tmp_path: Path) -> None:
        playlist = tmp_path / "clip.wav"
        playlist.write_text(f"ffconcat version 1.0\nfile file:{self.secret(tmp_path)}\n")
        with playlist.open("rb") as file, pytest.raises(ChildFailed) as refused:
            run(self.playlist_command("concat"), stdin=file)
        assert "not on whitelist 'fd'" in refused.value.output.stderr
        assert refused.value.output.stdout == b""

    def test_it_is_the_whitelist_that_stops_it(self, tmp_path: Path) -> None:
        playlist = tmp_path / "clip.wav"
        playlist.write_text(f"ffconcat version 1.0\nfile file:{self.secret(tmp_path)}\n")
        with playlist.open("rb") as file:
            reached = subprocess.run(
                self.playlist_command("concat", "fd,file"),
                stdin=file,
                capture_output=True,
                check=True,
            )
        assert len(reached.stdout) > 100_000

    @pytest.mark.parametrize("address", ["file:///etc/hostname.ts", "http://127.0.0.1:9/clip.ts"])
    def test_an_hls_list_reaches_neither_files_nor_the_network(
        self, tmp_path: Path, address: str
    ) -> None:
        playlist = tmp_path / "clip.wav"
        playlist.write_text(
            f"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n{address}\n#EXT-X-ENDLIST\n"
        )
        with playlist.open("rb") as file, pytest.raises(ChildFailed) as refused:
            run(self.playlist_command("hls"), stdin=file)
        assert refused.value.output.stdout == b""
        assert "whitelist" in refused.value.output.stderr

    def test_another_demuxer_than_the_sniffed_one_is_refused(self, tmp_path: Path) -> None:
        command = ffmpeg_command(Container.WAV)
        position = command.index("-f")
        del command[position : position + 2]
        path = tmp_path / "clip.wav"
        path.write_bytes(speech())
        with path.open("rb") as file, pytest.raises(ChildFailed) as refused:
            run(command, stdin=file)
        assert "whitelist 'wav'" in refused.value.output.stderr


def test_a_wav_that_claims_to_be_longer_than_memory_does_no_harm() -> None:
    head = b"RIFF\xff\xff\xff\xffWAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 2, 192_000, 0, 4, 16)
    data = head + b"data\xff\xff\xff\xff" + bytes(4_000_000)
    assert problem_with(data) is Problem.SILENT


def test_recordings_of_one_person_share_a_child_and_come_out_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kinds = ("live WebM", "original FLAC", "Ogg Opus", "24-bit WAV")
    recordings = [GOOD_FILES[kind][0]() for kind in kinds]
    alone = [decode(recording) for recording in recordings]

    def no_other_child(*_: object, **__: object) -> None:
        raise AssertionError("one child for all of them")

    monkeypatch.setattr(decoding, "run", no_other_child)
    for one, other in zip(alone, decode_together(recordings), strict=True):
        assert isinstance(other, Decoded)
        assert np.array_equal(one.samples, other.samples)
        assert vars(one) | {"samples": None} == vars(other) | {"samples": None}


def test_a_bad_recording_in_company_is_refused_alone() -> None:
    good, cut = stream(speech(), "webm", *OPUS), speech()[:-2000]
    first, second, third, fourth = decode_together([good, cut, b"no sound at all", good])
    assert isinstance(first, Decoded) and isinstance(fourth, Decoded)
    assert np.array_equal(first.samples, decode(good).samples)
    assert isinstance(second, UnusableAudio) and second.problem is Problem.DAMAGED
    assert isinstance(third, UnusableAudio) and third.problem is Problem.NOT_AUDIO
