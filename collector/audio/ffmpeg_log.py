"""Read what ffmpeg says about its input: codec, streams, announced length, complaints.

There is no ffprobe in the wheel, and a second child would double the cost of a clip. The lines
are those of ``-loglevel level+info``; rate and channels are not taken from here but from the
decoded bytes themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_INPUT_ENDS = "\n[info] Output #0"
_INPUT_BEGINS = re.compile(r"^\[info\] Input #\d+, ", re.M)
# Told as a mere fact, though what was not handed on yet is lost: rate or channels have changed.
_CHANGED = r"\[info\] (?=Reconfiguring filter graph)"
_NOT_PLAIN = re.compile(rf"\[(?:warning|error|fatal|panic)\] |{_CHANGED}")
_STREAM = re.compile(
    r"^\[info\]   Stream #\d+:\d+\S*: (?P<kind>\w+): (?P<codec>\w+)(?P<rest>.*)$", re.M
)
_DURATION = re.compile(r"^\[info\]   Duration: (\d+):(\d\d):(\d\d\.\d+)", re.M)
_COMPLAINT = re.compile(rf"(?:\[(?:error|fatal)\] |{_CHANGED})(?P<message>.*)$", re.M)
_CUT_PACKET = "Packet corrupt"
_GUESSED_DURATION = "Estimating duration from bitrate"
_NOT_ALLOWED = "not on whitelist"
_COVER_PICTURE = "(attached pic)"


@dataclass(frozen=True)
class InputReport:
    """What ffmpeg told about a file. ``announced_duration_s`` is None when the file names none."""

    codec: str | None
    has_video: bool
    announced_duration_s: float | None
    complaints: tuple[str, ...]
    cut_packet: bool


def read_log(log: str) -> InputReport:
    """Parse ffmpeg's standard error of one run."""
    about_input, _, _ = log.partition(_INPUT_ENDS)
    streams = list(_STREAM.finditer(about_input))
    audio = [stream["codec"] for stream in streams if stream["kind"] == "Audio"]
    return InputReport(
        codec=audio[0] if audio else None,
        has_video=any(_moves(stream) for stream in streams),
        announced_duration_s=_announced_duration_s(about_input),
        complaints=_complaints(log),
        cut_packet=_CUT_PACKET in log,
    )


def read_plain_log(log: str, num_inputs: int) -> list[InputReport] | None:
    """Parse what one run said of several files; None where it says anything but plain facts.

    Warnings and errors of one run cannot be told apart by file.
    """
    about_input, _, _ = log.partition(_INPUT_ENDS)
    sections = _INPUT_BEGINS.split(about_input)[1:]
    if _NOT_PLAIN.search(log) or len(sections) != num_inputs:
        return None
    return [read_log(section) for section in sections]


def _moves(stream: re.Match[str]) -> bool:
    return stream["kind"] == "Video" and _COVER_PICTURE not in stream["rest"]


def _announced_duration_s(about_input: str) -> float | None:
    found = _DURATION.search(about_input)
    if found is None or _GUESSED_DURATION in about_input:
        return None
    hours, minutes, seconds = found.groups()
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def _complaints(log: str) -> tuple[str, ...]:
    """Errors about the sound; a cover picture's codec is refused on purpose."""
    messages = [found["message"] for found in _COMPLAINT.finditer(log)]
    return tuple(message for message in messages if _NOT_ALLOWED not in message)
