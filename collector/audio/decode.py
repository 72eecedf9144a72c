"""Decode what a stranger sent, in a jailed ffmpeg, to float samples at their own rate.

ffmpeg gets the file as an already open descriptor and writes Sun AU to a pipe, whose 24-byte
header carries the rate and the channels. It may open nothing itself: the ``fd`` protocol, one
demuxer and a short list of decoders are all it has. A child serves one file, or several of one
person (``decode_together``).
"""

from __future__ import annotations

import contextlib
import math
import os
import struct
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from collector.audio.containers import HEAD_BYTES, Container, is_incomplete, sniff
from collector.audio.ffmpeg_command import DECODERS, decoding_command
from collector.audio.ffmpeg_log import InputReport, read_log, read_plain_log
from collector.audio.problems import Problem, UnusableAudio
from collector.audio.sandbox import (
    CannotStart,
    ChildFailed,
    ChildLimits,
    Ending,
    Output,
    run,
    run_on_files,
)

MARGIN_S = 0.5  # decoded beyond the longest allowed, so that "too long" can be told
LEAD_S = 1.0  # decoded before a part: MP3, AAC and Opus need what came before to be exact
MAX_START_S = 1e7  # further in than any file that is let in, and no more than ffmpeg can count
LOUDEST = 32.0  # of full scale: 30 dB over it is no microphone, and overflows what is measured
MISSING_S = 0.1  # more than codecs' padding: less sound than announced means lost sound
SAMPLE_BYTES = 4
FILES_A_RECORDING = 4  # descriptors that ffmpeg holds for each: the file, the pipe, a copy of each
_UNKNOWN_OPTION = "Error splitting the argument list"
AU_HEADER = struct.Struct(">4s5I")
ANNOUNCES_SAMPLES = (Container.FLAC, Container.MP3)  # the length they announce is exact


@dataclass(frozen=True)
class DecodeLimits:
    """What a recording may be at most and at least."""

    max_bytes: int = 25_000_000
    max_duration_s: float = 60.0
    min_duration_s: float = 0.1
    max_channels: int = 2
    min_sampling_rate_hz: int = 8_000
    max_sampling_rate_hz: int = 192_000

    @property
    def max_decoded_bytes(self) -> int:
        """The most that a recording within these limits can decode to."""
        max_frames = int((self.max_duration_s + MARGIN_S) * self.max_sampling_rate_hz)
        return max_frames * self.max_channels * SAMPLE_BYTES + 4096


DEFAULT_LIMITS = DecodeLimits()


@dataclass(frozen=True)
class Decoded:
    """A decoded recording: ``samples`` float32 (num_samples, channels), full scale +-1."""

    samples: NDArray[np.float32]
    sampling_rate_hz: int
    channels: int
    container: Container
    codec: str


def decode(data: bytes | Path, limits: DecodeLimits = DEFAULT_LIMITS) -> Decoded:
    """Decode the first audio stream of a file at its own rate and channels.

    Raises UnusableAudio when the recording cannot be used, and sandbox.CannotStart when ffmpeg
    itself cannot be run, which says nothing about the recording.
    """
    with _opened(data) as file:
        container = _check_file(file, limits)
        output, failure = _run_ffmpeg(file, container, limits)
    return _judged(container, read_log(output.stderr), output, failure, limits)


def decode_part(
    data: bytes | Path, start_s: float, length_s: float, limits: DecodeLimits = DEFAULT_LIMITS
) -> Decoded:
    """Decode from ``start_s`` on, ``length_s`` and half a second at most, of a file of any length.

    Only that part is read, so it costs no more where it lies in hours of sound. It is what a full
    decoding has there, to the sample (in WebM and Vorbis, whose time stamps are coarser, to 3 ms).
    Where the recording ends it may be short, or nothing at all: the caller judges its length.
    Raises UnusableAudio and sandbox.CannotStart as ``decode`` does, and says nothing of damage
    elsewhere in the file.
    """
    if start_s > MAX_START_S:
        raise UnusableAudio(Problem.TOO_SHORT, f"there is no sound at {start_s:g} s")
    lead_s = min(start_s, LEAD_S)
    part = replace(limits, max_duration_s=lead_s + length_s)
    with _opened(data) as file:
        container = _check_file(file, limits)
        output, failure = _run_ffmpeg(file, container, part, start_s - lead_s)
    report = read_log(output.stderr)
    announced_s = report.announced_duration_s
    if announced_s is not None:
        if start_s >= announced_s:  # ffmpeg would give the last page of an Ogg file instead
            raise UnusableAudio(Problem.TOO_SHORT, f"the recording ends at {announced_s:.2f} s")
        left_s = announced_s - start_s + lead_s
        report = replace(report, announced_duration_s=min(left_s, part.max_duration_s + MARGIN_S))
    decoded = _decoded(container, report, output, failure, replace(limits, max_duration_s=math.inf))
    return replace(decoded, samples=decoded.samples[round(lead_s * decoded.sampling_rate_hz) :])


def decode_together(
    recordings: Sequence[bytes | Path], limits: DecodeLimits = DEFAULT_LIMITS
) -> list[Decoded | UnusableAudio]:
    """Decode recordings of one person in one child, whose start is half of what a decoding costs.

    Of one person only: who takes over the decoder holds the descriptors of all. Where the child
    says anything but that all is well, or fails, each recording is decoded again alone, and what
    is wrong with it is told of it alone. Raises sandbox.CannotStart as ``decode`` does.
    """
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(_opened(data)) for data in recordings]
        try:
            return [*_decoded_together(files, limits)]
        except (UnusableAudio, ChildFailed):
            pass
    return [_decoded_or_problem(data, limits) for data in recordings]


def _decoded_or_problem(data: bytes | Path, limits: DecodeLimits) -> Decoded | UnusableAudio:
    try:
        return decode(data, limits)
    except UnusableAudio as problem:
        return problem


def _decoded_together(files: Sequence[BinaryIO], limits: DecodeLimits) -> list[Decoded]:
    """Raises UnusableAudio or ChildFailed where not all is well; it tells nothing of which file."""
    containers = [_check_file(file, limits) for file in files]
    for file in files:
        os.lseek(file.fileno(), 0, os.SEEK_SET)
    pipes, log = run_on_files(
        lambda sources, targets: decoding_command(
            containers, sources, targets, limits.max_duration_s + MARGIN_S
        ),
        files,
        ChildLimits(
            stdout_bytes=limits.max_decoded_bytes,
            open_files=ChildLimits.open_files + FILES_A_RECORDING * len(files),
        ),
    )
    reports = read_plain_log(log, len(files))
    if reports is None:
        raise UnusableAudio(Problem.DAMAGED, "one of several")
    return [
        _judged(container, report, Output(pipe, log), None, limits)
        for container, report, pipe in zip(containers, reports, pipes, strict=True)
    ]


def _judged(
    container: Container,
    report: InputReport,
    output: Output,
    failure: ChildFailed | None,
    limits: DecodeLimits,
) -> Decoded:
    """What came out of the child, if it is a whole recording. Raises UnusableAudio."""
    decoded = _decoded(container, report, output, failure, limits)
    _check_not_short(decoded.samples, decoded.sampling_rate_hz, limits)
    return decoded


def _decoded(
    container: Container,
    report: InputReport,
    output: Output,
    failure: ChildFailed | None,
    limits: DecodeLimits,
) -> Decoded:
    """The same, however short."""
    if failure and failure.ending in (Ending.TIMED_OUT, Ending.KILLED):
        raise UnusableAudio(Problem.DECODER_FAILED, str(failure))
    _check_streams(report, output)
    samples, sampling_rate_hz = _parse_au(output.stdout)
    _check_format(samples, sampling_rate_hz, limits)
    _check_whole(container, report, samples, sampling_rate_hz, failure)
    codec = report.codec or "unknown"
    return Decoded(samples, sampling_rate_hz, samples.shape[1], container, codec)


def ffmpeg_command(
    container: Container, limits: DecodeLimits = DEFAULT_LIMITS, start_s: float = 0.0
) -> list[str]:
    """The command that decodes standard input, a file, to AU on standard output."""
    return decoding_command([container], [0], [1], limits.max_duration_s + MARGIN_S, start_s)


@contextlib.contextmanager
def _opened(data: bytes | Path) -> Iterator[BinaryIO]:
    """An open, seekable file with the data; bytes go to a file without a name."""
    if isinstance(data, Path):
        with data.open("rb") as file:
            yield file
        return
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        yield file


def _check_file(file: BinaryIO, limits: DecodeLimits) -> Container:
    """What can be told before a child is started."""
    size_bytes = os.fstat(file.fileno()).st_size
    if size_bytes == 0:
        raise UnusableAudio(Problem.EMPTY, "the file has no bytes")
    if size_bytes > limits.max_bytes:
        raise UnusableAudio(Problem.TOO_LARGE, f"{size_bytes} bytes, limit {limits.max_bytes}")
    file.seek(0)
    head = file.read(HEAD_BYTES)
    container = sniff(head)
    if container is None:
        raise UnusableAudio(Problem.NOT_AUDIO, f"no known signature in {head!r}")
    if is_incomplete(container, file):
        raise UnusableAudio(Problem.DAMAGED, f"{container}: bytes are missing")
    return container


def _run_ffmpeg(
    file: BinaryIO, container: Container, limits: DecodeLimits, start_s: float = 0.0
) -> tuple[Output, ChildFailed | None]:
    """Run the one child. How it failed is judged later, when its log has been read."""
    child_limits = ChildLimits(stdout_bytes=limits.max_decoded_bytes)
    command = ffmpeg_command(container, limits, start_s)
    os.lseek(file.fileno(), 0, os.SEEK_SET)  # the child's offset; file.seek may only move a buffer
    try:
        return run(command, stdin=file, limits=child_limits), None
    except ChildFailed as failure:
        if _UNKNOWN_OPTION in failure.output.stderr:  # else every recording would look damaged
            raise CannotStart(f"ffmpeg 7 or later is needed: {failure}") from failure
        return failure.output, failure


def _check_streams(report: InputReport, output: Output) -> None:
    if report.has_video:
        raise UnusableAudio(Problem.HAS_VIDEO, "the file has a video stream")
    if output.stdout:
        return
    if report.codec is not None and report.codec not in DECODERS.split(","):
        raise UnusableAudio(Problem.NOT_AUDIO, f"codec {report.codec} is not let in")
    raise UnusableAudio(Problem.DAMAGED, output.last_line or "nothing could be decoded")


def _parse_au(stdout: bytearray) -> tuple[NDArray[np.float32], int]:
    """Samples and rate of Sun AU with 32-bit floats, as ffmpeg writes it to a pipe.

    The samples are turned to this machine's byte order where they lie, without a copy.
    """
    if len(stdout) < AU_HEADER.size:
        raise UnusableAudio(Problem.DAMAGED, "the decoder stopped before any sound")
    _magic, start, _size, _encoding, sampling_rate_hz, channels = AU_HEADER.unpack_from(stdout)
    num_samples = max(0, len(stdout) - start) // (SAMPLE_BYTES * channels)
    samples = np.frombuffer(stdout, dtype=">f4", count=num_samples * channels, offset=start)
    if sys.byteorder == "little":
        samples = samples.byteswap(inplace=True).view("<f4")
    return samples.reshape(num_samples, channels), sampling_rate_hz


def _check_format(
    samples: NDArray[np.float32], sampling_rate_hz: int, limits: DecodeLimits
) -> None:
    num_samples, channels = samples.shape
    if channels > limits.max_channels:
        raise UnusableAudio(Problem.TOO_MANY_CHANNELS, f"{channels} channels")
    if sampling_rate_hz < limits.min_sampling_rate_hz:
        raise UnusableAudio(Problem.RATE_TOO_LOW, f"{sampling_rate_hz} Hz")
    if sampling_rate_hz > limits.max_sampling_rate_hz:
        raise UnusableAudio(Problem.TOO_LARGE, f"{sampling_rate_hz} Hz")
    if num_samples / sampling_rate_hz > limits.max_duration_s:
        raise UnusableAudio(Problem.TOO_LONG, f"over {limits.max_duration_s:g} s")


def _check_whole(
    container: Container,
    report: InputReport,
    samples: NDArray[np.float32],
    sampling_rate_hz: int,
    failure: ChildFailed | None,
) -> None:
    damage = _damage(container, report, len(samples) / sampling_rate_hz)
    if failure or damage:
        raise UnusableAudio(Problem.DAMAGED, damage or str(failure))
    # One comparison sees NaN, infinity and absurd floats alike: NaN is not within any bounds.
    if samples.size and not -LOUDEST <= samples.min() <= samples.max() <= LOUDEST:
        raise UnusableAudio(
            Problem.DAMAGED, f"samples that are no numbers, or over {LOUDEST:g} times full scale"
        )


def _check_not_short(
    samples: NDArray[np.float32], sampling_rate_hz: int, limits: DecodeLimits
) -> None:
    if len(samples) == 0:
        raise UnusableAudio(Problem.EMPTY, "the file holds no samples")
    duration_s = len(samples) / sampling_rate_hz
    if duration_s < limits.min_duration_s:
        raise UnusableAudio(Problem.TOO_SHORT, f"{duration_s:.3f} s")


def _damage(container: Container, report: InputReport, duration_s: float) -> str | None:
    """Why the recording is not whole, or None."""
    if report.complaints:
        return report.complaints[0]
    # A streamed WAV names no length, so its last packet always looks cut; see containers.
    if report.cut_packet and container is not Container.WAV:
        return "the last packet is cut"
    announced_s = report.announced_duration_s
    if announced_s is None or container not in ANNOUNCES_SAMPLES:
        return None
    missing_s = announced_s - duration_s
    if missing_s > MISSING_S or (container is Container.FLAC and missing_s < -MISSING_S):
        return f"{duration_s:.2f} s of {announced_s:.2f} s"
    return None
