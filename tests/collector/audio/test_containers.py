"""A file is what its bytes say, and its structure tells when its end is missing."""

from __future__ import annotations

import io
import struct

import pytest

from collector.audio.containers import Container, is_incomplete, sniff
from tests.collector.audio.material import encode, speech, stream

OPUS = ("-c:a", "libopus")

SIGNATURES = [
    (b"RIFF\x24\0\0\0WAVE", Container.WAV),
    (b"RF64\xff\xff\xff\xffWAVE", Container.WAV),
    (b"RIFF\x24\0\0\0AVI ", None),
    (b"RIFF\x24\0\0\0WEBP", None),
    (b"fLaC\0\0\0\x22\x10\0\x10\0", Container.FLAC),
    (b"OggS\0\x02\0\0\0\0\0\0", Container.OGG),
    (b"\x1aE\xdf\xa3\x9fB\x86\x81", Container.MATROSKA),
    (b"\0\0\0\x1cftypM4A ", Container.MP4),
    (b"\0\0\0\x08wide\0\0\0\x10", Container.MP4),
    (b"ID3\x04\0\0\0\0\0\x23", Container.MP3),
    (b"\xff\xfb\x90\x64", Container.MP3),
    (b"\xff\xf3\x40\xc4", Container.MP3),
    (b"\xff\xf1\x50\x80", Container.AAC),
    (b"\xff\xfe<\0h\0", None),  # UTF-16 text
    (b"#EXTM3U\n#EXT", None),
    (b"\xff", None),
    (b"", None),
]


@pytest.mark.parametrize(("head", "container"), SIGNATURES)
def test_the_first_bytes_tell_the_container(head: bytes, container: Container | None) -> None:
    assert sniff(head) is container


WHOLE = {
    Container.WAV: lambda: encode(speech(), ".wav"),
    Container.OGG: lambda: encode(speech(), ".ogg", *OPUS),
    Container.MP4: lambda: encode(speech(), ".m4a"),
}


@pytest.mark.parametrize("container", WHOLE)
def test_a_whole_file_is_complete_and_no_shorter_one(container: Container) -> None:
    data = WHOLE[container]()
    assert not is_incomplete(container, io.BytesIO(data))
    for kept in (len(data) - 1, len(data) * 9 // 10, len(data) // 2, 30, 13):
        assert is_incomplete(container, io.BytesIO(data[:kept])), f"{kept} of {len(data)} bytes"


@pytest.mark.parametrize("length", [0, 0x7FFF_F000, 0x8000_0000, 0xFFFF_FFFF])
def test_a_streamed_wav_names_no_length_and_is_whole(length: int) -> None:
    head = b"RIFF\0\0\0\0WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 16_000, 32_000, 2, 16)
    data = head + b"data" + struct.pack("<I", length) + bytes(32_000)
    assert not is_incomplete(Container.WAV, io.BytesIO(data))


def test_a_fragmented_mp4_is_whole() -> None:
    live = stream(speech(), "mp4", "-movflags", "frag_keyframe+empty_moov")
    assert not is_incomplete(Container.MP4, io.BytesIO(live))


def test_an_mp4_box_of_length_zero_reaches_to_the_end() -> None:
    data = b"\0\0\0\x10ftypM4A \0\0\0\0" + b"\0\0\0\0mdat" + bytes(100)
    assert not is_incomplete(Container.MP4, io.BytesIO(data))


def test_a_64_bit_mp4_box_is_measured() -> None:
    box = struct.pack(">I4sQ", 1, b"mdat", 116) + bytes(100)
    assert not is_incomplete(Container.MP4, io.BytesIO(box))
    assert is_incomplete(Container.MP4, io.BytesIO(box[:-1]))


def test_hostile_lengths_do_not_loop() -> None:
    assert not is_incomplete(Container.MP4, io.BytesIO(b"\0\0\0\x02free" * 4))
    assert is_incomplete(
        Container.WAV, io.BytesIO(b"RIFF\0\0\0\0WAVE" + b"LIST\xff\xff\xff\xff" * 9)
    )
    assert is_incomplete(Container.OGG, io.BytesIO(b"OggS" + b"\xff" * 600))
