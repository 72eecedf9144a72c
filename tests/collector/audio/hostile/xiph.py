"""FLAC (RFC 9639) and Ogg (RFC 3533) files that are odd, chained, or lie."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from collector.audio.problems import Problem
from tests.collector.audio.flac_craft import silent_flac
from tests.collector.audio.hostile import sounds
from tests.collector.audio.hostile.files import HostileFile, Sound, family

WHOLE = Sound(sounds.NUM_SAMPLES)
OPUS_WHOLE = Sound(sounds.NUM_SAMPLES_AT_48_KHZ, 48_000, tolerance_samples=960)
TWICE = Sound(2 * sounds.NUM_SAMPLES_AT_48_KHZ, 48_000, tolerance_samples=960)
VORBIS_WHOLE = Sound(sounds.NUM_SAMPLES, tolerance_samples=512)
STREAM_INFO_AT, STREAM_INFO_BYTES = 8, 34
NO_GRANULE = (1 << 64) - 1
OGG_POLYNOMIAL = 0x04C11DB7


def stream_info(**changes: int) -> bytes:
    """The clip's FLAC with fields of STREAMINFO replaced: rate_hz, channels, bits, num_samples."""
    data = sounds.flac()
    packed = int.from_bytes(data[STREAM_INFO_AT + 10 : STREAM_INFO_AT + 18], "big")
    for field, value in changes.items():
        shift, bits = {
            "rate_hz": (44, 20),
            "channels": (41, 3),
            "bits": (36, 5),
            "num_samples": (0, 36),
        }[field]
        packed = packed & ~(((1 << bits) - 1) << shift) | value << shift
    at = STREAM_INFO_AT + 10
    return data[:at] + packed.to_bytes(8, "big") + data[at + 8 :]


def with_block(kind: int, body: bytes, claimed_bytes: int | None = None) -> bytes:
    """The clip's FLAC with one more metadata block behind STREAMINFO."""
    data = sounds.flac()
    at = STREAM_INFO_AT + STREAM_INFO_BYTES
    length = len(body) if claimed_bytes is None else claimed_bytes
    first = bytes([data[4] & 0x7F]) + data[5:at]
    last = data[4] & 0x80
    return data[:4] + first + struct.pack(">I", (kind | last) << 24 | length) + body + data[at:]


def with_md5(digest: bytes) -> bytes:
    """The clip's FLAC with another MD5 of its sound."""
    at = STREAM_INFO_AT + 18
    return sounds.flac()[:at] + digest + sounds.flac()[at + 16 :]


def flac_frames() -> bytes:
    """The clip's frames without any head."""
    return sounds.streamed("flac")[-2_000:]


def pages(data: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of each Ogg page."""
    start = 0
    while start + 27 <= len(data):
        table = data[start + 27 : start + 27 + data[start + 26]]
        end = start + 27 + len(table) + sum(table)
        yield start, end
        start = end


def page_crc(page: bytes) -> int:
    """The CRC of a page whose CRC field is zero."""
    crc = 0
    for byte in page:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ OGG_POLYNOMIAL if crc & 0x8000_0000 else crc << 1) & 0xFFFF_FFFF
    return crc


def with_page(data: bytes, index: int, offset: int, new: bytes) -> bytes:
    """The file with bytes of one page replaced, and its CRC made right again."""
    start, end = list(pages(data))[index]
    page = bytearray(data[start:end])
    page[offset : offset + len(new)] = new
    page[22:26] = bytes(4)
    page[22:26] = struct.pack("<I", page_crc(bytes(page)))
    return data[:start] + bytes(page) + data[end:]


def numbered(data: bytes, serial: int) -> bytes:
    """The file with another serial number on all its pages."""
    for index in range(len(list(pages(data)))):
        data = with_page(data, index, 14, struct.pack("<I", serial))
    return data


def interleaved(one: bytes, other: bytes) -> bytes:
    """The pages of two files in turn: two streams at once."""
    pairs = zip(pages(one), pages(other), strict=True)
    return b"".join(one[a:b] + other[c:d] for (a, b), (c, d) in pairs)


def opus() -> bytes:
    """The clip as Ogg Opus, a page for every 0.2 s."""
    return sounds.encoded(".opus", *sounds.OPUS, "-page_duration", "200000")


def opus_head(offset: int, new: bytes) -> bytes:
    """The clip as Ogg Opus with bytes of OpusHead replaced (RFC 7845, 5.1)."""
    return with_page(opus(), 0, 28 + offset, new)


def without_page(data: bytes, index: int) -> bytes:
    """The file with one page missing."""
    start, end = list(pages(data))[index]
    return data[:start] + data[end:]


def empty_pages(count: int) -> bytes:
    """Pages without packets, of a stream of their own."""
    page = b"OggS\0\0" + struct.pack("<QIII", NO_GRANULE, 99, 0, 0) + b"\0"
    page = page[:22] + struct.pack("<I", page_crc(page)) + page[26:]
    return page * count


def flac_files() -> Iterator[HostileFile]:
    """FLAC files."""
    picture = struct.pack(">III", 3, 9, 5) + b"image/png" + bytes(4)
    yield from family(
        "flac",
        {
            "rate-0.flac": (lambda: stream_info(rate_hz=0), WHOLE),
            "rate-655350.flac": (lambda: silent_flac(1, 655_350), Problem.TOO_LARGE),
            "rate-lies.flac": (lambda: stream_info(rate_hz=48_000), Problem.DAMAGED),
            "channels-lie.flac": (lambda: stream_info(channels=7), WHOLE),
            "bits-lie.flac": (lambda: stream_info(bits=31), Problem.DAMAGED),
            "samples-2-to-the-36.flac": (
                lambda: stream_info(num_samples=(1 << 36) - 1),
                Problem.DAMAGED,
            ),
            "samples-2-to-the-31.flac": (lambda: stream_info(num_samples=1 << 31), Problem.DAMAGED),
            "samples-fewer.flac": (lambda: stream_info(num_samples=10), Problem.DAMAGED),
            "samples-unknown.flac": (lambda: stream_info(num_samples=0), WHOLE),
            "md5-false.flac": (lambda: with_md5(b"\x55" * 16), WHOLE),
            "md5-none.flac": (lambda: with_md5(bytes(16)), WHOLE),
            "padding-16-mb.flac": (lambda: with_block(1, bytes((1 << 24) - 1)), WHOLE),
            "padding-lies.flac": (lambda: with_block(1, b"", (1 << 24) - 1), Problem.DAMAGED),
            "comment-of-4-gb.flac": (lambda: with_block(4, b"\xff" * 40), WHOLE),
            "picture-of-4-gb.flac": (lambda: with_block(6, picture + b"\xff" * 40), WHOLE),
            "seek-table-of-noise.flac": (lambda: with_block(3, b"\xfe" * 18 * 50), WHOLE),
            "cue-sheet-of-noise.flac": (lambda: with_block(5, b"\x7f" * 396), Problem.DAMAGED),
            "second-stream-info.flac": (lambda: with_block(0, bytes(34)), Problem.DAMAGED),
            "reserved-block.flac": (lambda: with_block(126, b"x" * 50), WHOLE),
            "behind-id3.flac": (lambda: b"ID3\4\0\0\0\0\0\0" + sounds.flac(), Problem.DAMAGED),
            "no-head.flac": (lambda: b"fLaC" + flac_frames(), Problem.DAMAGED),
            "only-head.flac": (lambda: sounds.flac()[:42], Problem.DAMAGED),
            "twice.flac": (lambda: sounds.flac() * 2, Problem.DAMAGED),
            "zip-behind.flac": (lambda: sounds.flac() + b"PK\3\4" + bytes(600), Problem.DAMAGED),
            "s24.flac": (lambda: sounds.encoded(".flac", "-sample_fmt", "s32"), WHOLE),
            "rate-192000.flac": (
                lambda: sounds.encoded(".flac", "-ar", "192000"),
                Sound(sounds.NUM_SAMPLES * 12, 192_000, tolerance_samples=2),
            ),
            "surround.flac": (
                lambda: sounds.encoded(".flac", "-ac", "8"),
                Problem.TOO_MANY_CHANNELS,
            ),
            "rate-changes.flac": (
                lambda: sounds.streamed("flac") + sounds.streamed("flac", "-ar", "48000"),
                Problem.DAMAGED,
            ),
        },
    )


def ogg_files() -> Iterator[HostileFile]:
    """Ogg files."""
    yield from family(
        "ogg",
        {
            "opus.ogg": (opus, OPUS_WHOLE),
            "vorbis.ogg": (lambda: sounds.encoded(".ogg", *sounds.VORBIS), VORBIS_WHOLE),
            "flac.oga": (lambda: sounds.encoded(".oga", "-c:a", "flac"), WHOLE),
            "chained-same.ogg": (lambda: opus() * 2, TWICE),
            "chained-own-numbers.ogg": (lambda: opus() + numbered(opus(), 7), TWICE),
            "two-at-once.ogg": (lambda: interleaved(opus(), numbered(opus(), 7)), OPUS_WHOLE),
            "chained-vorbis-opus.ogg": (
                lambda: sounds.encoded(".ogg", *sounds.VORBIS) + opus(),
                Problem.DAMAGED,
            ),
            "chained-other-rate.ogg": (
                lambda: (
                    sounds.encoded(".ogg", *sounds.VORBIS)
                    + sounds.encoded(".ogg", *sounds.VORBIS, "-ar", "44100")
                ),
                Problem.DAMAGED,
            ),
            "pre-skip-65535.opus": (lambda: opus_head(10, b"\xff\xff"), Problem.TOO_SHORT),
            "pre-skip-0.opus": (lambda: opus_head(10, b"\0\0"), OPUS_WHOLE),
            "gain-128-db.opus": (lambda: opus_head(16, b"\xff\x7f"), Problem.DAMAGED),
            "gain-minus-128-db.opus": (lambda: opus_head(16, b"\0\x80"), Problem.SILENT),
            "version-255.opus": (lambda: opus_head(8, b"\xff"), Problem.DAMAGED),
            "channels-0.opus": (lambda: opus_head(9, b"\0"), Problem.DAMAGED),
            "channels-255.opus": (lambda: opus_head(9, b"\xff"), Problem.DAMAGED),
            "mapping-255.opus": (lambda: opus_head(18, b"\xff"), Problem.DAMAGED),
            "tags-of-4-gb.opus": (lambda: with_page(opus(), 1, 36, b"\xff" * 4), OPUS_WHOLE),
            "no-tags.opus": (lambda: without_page(opus(), 1), Problem.DAMAGED),
            "no-head.opus": (lambda: without_page(opus(), 0), Problem.DAMAGED),
            "page-missing.opus": (lambda: without_page(opus(), 2), Problem.DAMAGED),
            "crc-wrong.opus": (lambda: opus()[:-1] + bytes([opus()[-1] ^ 1]), Problem.DAMAGED),
            "granule-2-to-the-62.opus": (
                lambda: with_page(opus(), -1, 6, struct.pack("<Q", 1 << 62)),
                OPUS_WHOLE,
            ),
            "granule-none.opus": (lambda: with_page(opus(), -1, 6, b"\xff" * 8), Problem.DAMAGED),
            "granule-negative.opus": (
                lambda: with_page(opus(), -1, 6, b"\0" * 7 + b"\x80"),
                Problem.DAMAGED,
            ),
            "empty-pages-20000.opus": (lambda: opus() + empty_pages(20_000), Problem.DAMAGED),
            "text-behind.opus": (lambda: opus() + b"#EXTM3U\n" * 9, Problem.DAMAGED),
            "theora.ogv": (
                lambda: sounds.encoded(
                    ".ogv", *sounds.VIDEO, "-c:v", "libtheora", "-c:a", "libvorbis"
                ),
                Problem.HAS_VIDEO,
            ),
            "stereo.opus": (
                lambda: sounds.encoded(".opus", *sounds.OPUS, "-ac", "2"),
                Sound(sounds.NUM_SAMPLES_AT_48_KHZ, 48_000, 2, 960),
            ),
            "surround.opus": (
                lambda: sounds.encoded(".opus", *sounds.OPUS, "-ac", "6"),
                Problem.TOO_MANY_CHANNELS,
            ),
        },
    )


def files() -> Iterator[HostileFile]:
    """Every FLAC and Ogg file of the corpus but the truncated ones."""
    yield from flac_files()
    yield from ogg_files()
