"""What ffmpeg may read at all, and that each wall inside it holds when sniffing is passed by.

The outer walls (the jail, the limits) are taken away here, so that only ffmpeg's own are tried.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from collector.audio.containers import Container, sniff
from collector.audio.decode import ffmpeg_command
from collector.audio.ffmpeg_command import DECODERS
from tests.collector.audio.hostile import NO_BAIT, sounds
from tests.collector.audio.hostile.playlists import texts

DEMUXERS = {"wav", "flac", "ogg", "matroska", "mp4", "mp3", "aac"}
DECODER_FAMILIES = {"pcm", "flac", "opus", "vorbis", "aac", "mp3", "mp3float"}
THAT_OPEN_MORE = (
    "concat", "hls", "dash", "imf", "image2", "image2pipe", "svg_pipe", "png_pipe", "lavfi",
    "tty", "ass", "srt", "webvtt", "ffmetadata", "sdp", "rtsp", "libopenmpt", "libgme", "txd",
)  # fmt: skip
PROTOCOLS = (
    "file:{path}", "{path}", "http://127.0.0.1:9/a", "https://127.0.0.1:9/a", "tcp://127.0.0.1:9",
    "udp://127.0.0.1:9", "ftp://127.0.0.1:9/a", "rtmp://127.0.0.1:9/a", "concat:{path}",
    "subfile,,start,0,end,9,,:{path}", "data:audio/wav;base64,AAAA", "crypto:{path}",
    "cache:{path}", "async:{path}", "pipe:0",
)  # fmt: skip


def ran(command: list[str], data: bytes, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """A command without any jail, with a file as standard input."""
    path = folder / "clip"
    path.write_bytes(data)
    with path.open("rb") as file:
        return subprocess.run(command, stdin=file, capture_output=True, check=False, timeout=30)


def replaced(command: list[str], option: str, value: str) -> list[str]:
    """The command with another value for one of its input's options."""
    at = command.index(option) + 1
    return [*command[:at], value, *command[at + 1 :]]


def test_this_is_all_that_is_let_in() -> None:
    assert {container.value for container in Container} == DEMUXERS
    assert {decoder.split("_")[0] for decoder in DECODERS.split(",")} == DECODER_FAMILIES
    for container in Container:
        command = ffmpeg_command(container)
        before_input = command[: command.index("-i")]
        assert before_input[before_input.index("-f") + 1] == container.value
        assert before_input[before_input.index("-format_whitelist") + 1] == container.value
        assert before_input[before_input.index("-codec_whitelist") + 1] == DECODERS
        assert before_input[before_input.index("-protocol_whitelist") + 1] == "fd"


@pytest.mark.parametrize("name", texts(NO_BAIT))
def test_our_own_sniffing_takes_no_list_for_sound(name: str) -> None:
    assert sniff(texts(NO_BAIT)[name].encode()) is None


@pytest.mark.parametrize("demuxer", THAT_OPEN_MORE)
def test_a_demuxer_that_opens_more_is_refused_though_sniffing_is_passed_by(
    demuxer: str, tmp_path: Path
) -> None:
    command = replaced(ffmpeg_command(Container.WAV), "-f", demuxer)
    refused = ran(command, sounds.plain_wav(), tmp_path)
    assert refused.returncode != 0
    assert refused.stdout == b""
    words = refused.stderr.decode()
    assert "whitelist" in words or "Unknown input format" in words, words


@pytest.mark.parametrize("address", PROTOCOLS)
def test_no_protocol_but_the_open_descriptor_is_let_in(address: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.wav"
    secret.write_bytes(sounds.plain_wav())
    command = replaced(ffmpeg_command(Container.WAV), "-i", address.format(path=secret))
    at = command.index("-fd")
    refused = ran(command[:at] + command[at + 2 :], sounds.plain_wav(), tmp_path)
    assert refused.returncode != 0
    assert refused.stdout == b""
    assert b"not on whitelist 'fd'" in refused.stderr


def test_a_decoder_that_is_not_listed_is_refused(tmp_path: Path) -> None:
    film = sounds.encoded(".mkv", "-c:a", "ac3")
    command = ffmpeg_command(Container.MATROSKA)
    refused = ran(command, film, tmp_path)
    assert refused.stdout == b""
    assert b"not on whitelist" in refused.stderr
    taken = ran(replaced(command, "-codec_whitelist", "ac3"), film, tmp_path)
    assert len(taken.stdout) > 10_000, "it is the list that refuses it"
