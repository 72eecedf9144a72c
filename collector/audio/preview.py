"""A small copy of a master for the ears of reviewers: Opus in WebM.

32 kb/s are twice what Opus needs for wideband speech (RFC 6716, section 2.1.1), so that noise can
be judged too. In WebM every browser plays it (Safari from version 17 on), while Opus in Ogg needs
Safari 18.4. The master is of our own making, so the encoder runs without the jail that strangers'
bytes are decoded in.
"""

from __future__ import annotations

import subprocess
import tempfile
from typing import IO

import ffmpeg

from collector.audio.ffmpeg_command import ffmpeg_executable
from collector.audio.sandbox import on_this_processor

VERSION = 1
BITRATE = "32k"
TIMEOUT_S = 30.0


class PreviewFailed(RuntimeError):
    """ffmpeg could not encode a master: it lacks libopus, or the master is damaged."""


def make_preview(flac: bytes) -> bytes:
    """The preview of a master: the same master and ffmpeg give the same bytes.

    Raises PreviewFailed. The result goes through a file without a name, since the encoder goes
    back to write the length at the front; without it, players could not seek.
    """
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
        source.write(flac)
        source.flush()
        source.seek(0)
        _run(source, target)
        target.seek(0)
        return target.read()


def _run(source: IO[bytes], target: IO[bytes]) -> None:
    try:
        with on_this_processor():
            done = subprocess.run(  # noqa: S603 - only our own words
                _command(),
                stdin=source,
                stdout=target,
                stderr=subprocess.PIPE,
                env={},
                timeout=TIMEOUT_S,
                check=False,
            )
    except subprocess.TimeoutExpired as error:
        raise PreviewFailed(f"ffmpeg had not ended after {TIMEOUT_S:g} s") from error
    if done.returncode:
        raise PreviewFailed(done.stderr.decode("utf-8", "replace").strip()[-500:])


def _command() -> list[str]:
    source = ffmpeg.input("fd:", fd=0, format="flac", protocol_whitelist="fd", threads=1)
    target = ffmpeg.output(
        source["a:0"],
        "fd:",
        fd=1,
        format="webm",
        acodec="libopus",
        application="audio",
        compression_level=3,  # of 10; 5 costs a fifth more and comes no nearer to the master
        frame_duration=60,  # fewer packets to hand on from thread to thread, and a sixth smaller
        map_metadata=-1,
        fflags="+bitexact",
        threads=1,
        **{"b:a": BITRATE, "flags:a": "+bitexact"},
    )
    quiet = ("-nostdin", "-hide_banner", "-nostats", "-loglevel", "error", "-y")
    command: list[str] = target.global_args(*quiet).compile(cmd=ffmpeg_executable())
    return command
