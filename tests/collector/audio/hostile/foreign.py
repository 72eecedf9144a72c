"""Files that are no recording at all, or a recording in a form that is not let in."""

from __future__ import annotations

import functools
import gzip
import io
import lzma
import struct
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from collector.audio.problems import Problem
from tests.collector.audio.hostile import sounds
from tests.collector.audio.hostile.files import HostileFile, family

MEGABYTE = 1_000_000
ENCODED = {
    "clip.aiff": (),
    "clip.au": (),
    "clip.caf": (),
    "clip.w64": (),
    "clip.voc": (),
    "clip.wv": (),
    "clip.tta": (),
    "clip.ac3": (),
    "clip.eac3": (),
    "clip.dts": ("-strict", "-2", *sounds.AT_48_KHZ),
    "clip.mp2": (),
    "clip.wma": (),
    "clip.asf": (),
    "clip.amr": ("-ar", "8000"),
    "clip.avi": (),
    "clip.flv": ("-ar", "44100"),
    "clip.ts": (),
    "clip.mpg": (*sounds.AT_48_KHZ, "-c:a", "mp2"),
    "clip.nut": (),
    "clip.mka-ac3.mkv": ("-c:a", "ac3"),
    "clip-mp2.mkv": ("-c:a", "mp2"),
    "clip-alac.m4a": ("-c:a", "alac"),
    "clip-amr.3gp": ("-c:a", "libopencore_amrnb", "-ar", "8000"),
    "clip-adpcm.wav": ("-c:a", "adpcm_ima_wav"),
    "clip-g726.wav": ("-c:a", "g726", "-ar", "8000"),
}


def zip_of(data: bytes, levels: int = 1) -> bytes:
    """A zip in a zip in a zip."""
    for _ in range(levels):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo("clip.wav"), data)
        data = file.getvalue()
    return data


def tar_of(name: str, data: bytes) -> bytes:
    """A tar with one file whose name may lead outside."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return file.getvalue()


def gzip_of(data: bytes, levels: int = 1) -> bytes:
    """Gzip in gzip: 10 MB of zeros become some hundred bytes."""
    for _ in range(levels):
        data = gzip.compress(data, mtime=0)
    return data


def no_sound() -> Iterator[HostileFile]:
    """What else lies on a disk."""
    zeros = bytes(10 * MEGABYTE)
    not_audio: dict[str, Callable[[], bytes]] = {
        "one-byte.wav": lambda: b"R",
        "three-bytes.flac": lambda: b"fLa",
        "zeros.wav": lambda: bytes(4096),
        "ones.wav": lambda: b"\xff" * 4096,
        "text.txt": lambda: b"Not a recording.\n" * 99,
        "page.html": lambda: b"<!doctype html><audio src=x onerror=alert(1)>",
        "data.json": lambda: b'{"audio": "\\u0000"}' + b"[" * 50_000,
        "script.sh": lambda: b"#!/bin/sh\nid\n",
        "program.elf": lambda: Path(sys.executable).read_bytes()[:4096],
        "program.exe": lambda: b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + bytes(400),
        "pickle.pkl": lambda: b"\x80\x04cposix\nsystem\n(S'id'\ntR.",
        "document.pdf": lambda: b"%PDF-1.7\n1 0 obj<</OpenAction 2 0 R>>endobj\n",
        "document.ps": lambda: b"%!PS\n(/etc/passwd) (r) file\n",
        "picture.png": lambda: b"\x89PNG\r\n\x1a\n" + bytes(500),
        "picture.jpg": lambda: b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(500),
        "picture.gif": lambda: b"GIF89a" + bytes(500),
        "picture.webp": lambda: b"RIFF\x24\0\0\0WEBPVP8 " + bytes(500),
        "picture.bmp": lambda: b"BM" + bytes(500),
        "picture.tiff": lambda: b"II*\0" + bytes(500),
        "picture.ppm": lambda: b"P6 99999 99999 255\n" + bytes(500),
        "film.y4m": lambda: b"YUV4MPEG2 W64 H64 F25:1\nFRAME\n" + bytes(6144),
        "song.mid": lambda: b"MThd\0\0\0\6\0\1\0\1\0\x60MTrk\0\0\0\4\0\xff\x2f\0",
        "song.mod": lambda: b"song".ljust(1080, b"\0") + b"M.K." + bytes(2048),
        "song.ape": lambda: b"MAC \x96\x0f" + bytes(500),
        "song.rm": lambda: b".RMF\0\0\0\x12" + bytes(500),
        "captions.srt": lambda: b"1\n00:00:00,000 --> 00:00:09,000\nhello\n",
        "captions.vtt": lambda: b"WEBVTT\n\n00:00.000 --> 00:09.000\nhello\n",
        "bomb.zip": lambda: zip_of(zeros, 3),
        "bomb.gz": lambda: gzip_of(zeros, 3),
        "bomb.xz": lambda: lzma.compress(zeros),
        "clip.zip": lambda: zip_of(sounds.plain_wav()),
        "outside.tar": lambda: tar_of("../../clip.wav", sounds.plain_wav()),
        "device.tar": lambda: tar_of("/dev/zero", b""),
    }
    cases = {name: (make, Problem.NOT_AUDIO) for name, make in not_audio.items()}
    yield from family("foreign", {"empty.wav": (lambda: b"", Problem.EMPTY), **cases})


def other_codecs() -> Iterator[HostileFile]:
    """Real sound in containers or codecs that are not on our list."""
    for name, options in ENCODED.items():
        make = functools.partial(sounds.encoded, Path(name).suffix, *options)
        yield HostileFile("foreign-sound", name, make, Problem.NOT_AUDIO)


def files() -> Iterator[HostileFile]:
    """Every foreign file of the corpus."""
    yield from no_sound()
    yield from other_codecs()
