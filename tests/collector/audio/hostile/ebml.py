"""WebM files (RFC 8794 EBML, RFC 9559 Matroska), written by hand so that they can lie."""

from __future__ import annotations

import functools
import struct
import zlib
from collections.abc import Iterator

from collector.audio.problems import Problem
from tests.collector.audio.hostile import sounds
from tests.collector.audio.hostile.files import HostileFile, Sound, family

EBML, DOCTYPE = 0x1A45DFA3, 0x4282
SEGMENT, SEEK_HEAD, SEEK, SEEK_ID, SEEK_POSITION = 0x18538067, 0x114D9B74, 0x4DBB, 0x53AB, 0x53AC
INFO, TIMESTAMP_SCALE, DURATION = 0x1549A966, 0x2AD7B1, 0x4489
TRACKS, TRACK, TRACK_NUMBER, TRACK_UID, TRACK_TYPE = 0x1654AE6B, 0xAE, 0xD7, 0x73C5, 0x83
CODEC_ID, AUDIO, RATE, CHANNELS, BITS = 0x86, 0xE1, 0xB5, 0x9F, 0x6264
ENCODINGS, ENCODING, COMPRESSION, ALGORITHM = 0x6D80, 0x6240, 0x5034, 0x4254
CLUSTER, TIMESTAMP, SIMPLE_BLOCK, VOID, TAGS, TAG, SIMPLE_TAG = (
    0x1F43B675,
    0xE7,
    0xA3,
    0xEC,
    0x1254C367,
    0x7373,
    0x67C8,
)
HOLDERS = (SEGMENT, CLUSTER, TRACKS, TRACK, AUDIO, INFO, SEEK_HEAD)
UNKNOWN = (1 << 56) - 1
PACKET_BYTES = 3_200  # 0.1 s
NO_LACE, XIPH, FIXED, EBML_LACE = 0, 2, 4, 6
WHOLE = Sound(sounds.NUM_SAMPLES)
DEFAULT_RATE = Sound(sounds.NUM_SAMPLES, 8_000)  # Matroska's, where none is named


def element(name: int, *bodies: bytes, claimed_bytes: int | None = None) -> bytes:
    """An element with an 8-byte length; ``claimed_bytes`` says it instead of the truth."""
    body = b"".join(bodies)
    length = len(body) if claimed_bytes is None else claimed_bytes
    identity = name.to_bytes((name.bit_length() + 7) // 8, "big")
    return identity + (1 << 56 | length).to_bytes(8, "big") + body


def number(name: int, value: int) -> bytes:
    """An element that is an unsigned integer."""
    return element(name, value.to_bytes(8, "big"))


def real(name: int, value: float) -> bytes:
    """An element that is a 64-bit float."""
    return element(name, struct.pack(">d", value))


def track(
    rate_hz: float = sounds.RATE_HZ,
    channels: int = 1,
    bits: int = 16,
    codec: bytes = b"A_PCM/INT/LIT",
    uid: int = 1,
    extra: bytes = b"",
) -> bytes:
    """A sound track."""
    audio = element(AUDIO, real(RATE, rate_hz), number(CHANNELS, channels), number(BITS, bits))
    head = number(TRACK_NUMBER, uid) + number(TRACK_UID, uid) + number(TRACK_TYPE, 2)
    return element(TRACK, head, element(CODEC_ID, codec), audio, extra)


def block(sound: bytes, time_ms: int = 0, flags: int = NO_LACE, lace: bytes = b"") -> bytes:
    """A SimpleBlock of track 1, with the head of its lace if it has one."""
    return element(SIMPLE_BLOCK, struct.pack(">BhB", 0x81, time_ms, 0x80 | flags), lace, sound)


def packets() -> list[bytes]:
    """The clip in pieces of 0.1 s."""
    pcm = sounds.pcm16()
    return [pcm[start : start + PACKET_BYTES] for start in range(0, len(pcm), PACKET_BYTES)]


def cluster(*blocks: bytes) -> bytes:
    """A cluster; the clip in plain blocks unless others are named."""
    plain = [block(packet, number * 100) for number, packet in enumerate(packets())]
    return element(CLUSTER, number(TIMESTAMP, 0), *(blocks or plain))


def webm(
    *parts: bytes,
    info: bytes | None = None,
    tracks: bytes | None = None,
    clusters: bytes | None = None,
    claimed_bytes: int | None = None,
    doctype: bytes = b"webm",
) -> bytes:
    """A whole file; what is not named is ordinary."""
    middle = number(TIMESTAMP_SCALE, 1_000_000) if info is None else info
    described = element(TRACKS, track() if tracks is None else tracks)
    sound = cluster() if clusters is None else clusters
    segment = element(
        SEGMENT, *parts, element(INFO, middle), described, sound, claimed_bytes=claimed_bytes
    )
    return element(EBML, element(DOCTYPE, doctype)) + segment


def laced(flags: int, lie: int = 0) -> bytes:
    """The first three packets in one laced block, their sizes as the lacing tells them."""
    three = packets()[:3]
    lace = {
        XIPH: b"\2" + (b"\xff" * (PACKET_BYTES // 255) + bytes([PACKET_BYTES % 255])) * 2,
        FIXED: b"\2",
        EBML_LACE: b"\2" + (0x4000 | PACKET_BYTES + lie).to_bytes(2, "big") + b"\xbf",
    }[flags]
    return webm(clusters=cluster(block(b"".join(three), 0, flags, lace)))


def compressed(sound: bytes, algorithm: int = 0) -> bytes:
    """Blocks that are said to be deflated (ContentCompression)."""
    how = element(COMPRESSION, number(ALGORITHM, algorithm))
    described = track(extra=element(ENCODINGS, element(ENCODING, how)))
    return webm(tracks=described, clusters=cluster(block(sound)))


def nested(name: int, depth: int) -> bytes:
    """Elements in elements."""
    data = b""
    for _ in range(depth):
        data = element(name, data)
    return data


def loop() -> bytes:
    """A SeekHead that says that the next SeekHead is itself."""
    seek = element(SEEK, element(SEEK_ID, SEEK_HEAD.to_bytes(4, "big")), number(SEEK_POSITION, 0))
    return element(SEEK_HEAD, seek)


def claims() -> Iterator[HostileFile]:
    """Lengths and properties that are wrong."""
    cases: dict[str, tuple[functools.partial[bytes], Problem | Sound | None]] = {
        "plain.webm": (functools.partial(webm), WHOLE),
        "live-unknown-length.webm": (functools.partial(webm, claimed_bytes=UNKNOWN), WHOLE),
        "segment-too-long.webm": (functools.partial(webm, claimed_bytes=1 << 40), Problem.DAMAGED),
        "segment-too-short.webm": (functools.partial(webm, claimed_bytes=40), Problem.DAMAGED),
        "void-of-4-gb.webm": (
            functools.partial(webm, element(VOID, claimed_bytes=1 << 32)),
            Problem.DAMAGED,
        ),
        "void-of-2-to-the-56.webm": (
            functools.partial(webm, element(VOID, claimed_bytes=(1 << 56) - 2)),
            Problem.DAMAGED,
        ),
        "doctype-unknown.webm": (functools.partial(webm, doctype=b"exe"), Problem.DAMAGED),
        "duration-nan.webm": (
            functools.partial(webm, info=real(DURATION, float("nan"))),
            WHOLE,
        ),
        "duration-10-to-the-300.webm": (functools.partial(webm, info=real(DURATION, 1e300)), WHOLE),
        "timestamp-scale-0.webm": (functools.partial(webm, info=number(TIMESTAMP_SCALE, 0)), WHOLE),
        "timestamp-scale-2-to-the-63.webm": (
            functools.partial(webm, info=number(TIMESTAMP_SCALE, 1 << 63)),
            Problem.DAMAGED,
        ),
    }
    for name, value, expected in [
        ("nan", float("nan"), DEFAULT_RATE),
        ("infinite", float("inf"), DEFAULT_RATE),
        ("0", 0.0, Problem.DAMAGED),
        ("minus-16000", -16_000.0, DEFAULT_RATE),
        ("10-to-the-9", 1e9, Problem.TOO_LARGE),
        ("10-to-the-300", 1e300, DEFAULT_RATE),
    ]:
        cases[f"rate-{name}.webm"] = (
            functools.partial(webm, tracks=track(rate_hz=value)),
            expected,
        )
    for count in (0, 8, 255, 1 << 40):
        make = functools.partial(webm, tracks=track(channels=count))
        cases[f"channels-{count}.webm"] = (
            make,
            Problem.TOO_MANY_CHANNELS if count == 8 else Problem.DAMAGED,
        )
    for bits in (0, 7, 1 << 31):
        make = functools.partial(webm, tracks=track(bits=bits))
        cases[f"bits-{bits}.webm"] = (make, Problem.DAMAGED if bits > 64 else WHOLE)
    yield from family("webm-claims", cases)  # type: ignore[arg-type]


def bomb() -> bytes:
    """400 MB, compressed: too slow to be made for those who only ask for the corpus's names."""
    return zlib.compress(bytes(400_000_000), 9)


def structure() -> Iterator[HostileFile]:
    """Lacing, compression, nesting and loops."""
    three = Sound(3 * PACKET_BYTES // 2)
    tracks = b"".join(track(uid=uid) for uid in range(1, 1001))
    yield from family(
        "webm-structure",
        {
            "lace-xiph.webm": (lambda: laced(XIPH), three),
            "lace-fixed.webm": (lambda: laced(FIXED), three),
            "lace-ebml.webm": (lambda: laced(EBML_LACE), three),
            "lace-lies.webm": (lambda: laced(EBML_LACE, lie=9_000), Problem.DAMAGED),
            "deflated.webm": (lambda: compressed(zlib.compress(sounds.pcm16())), Problem.DAMAGED),
            "deflated-bomb.webm": (lambda: compressed(bomb()), Problem.DAMAGED),
            "deflated-not-really.webm": (lambda: compressed(sounds.pcm16()), Problem.DAMAGED),
            "compressed-unknown.webm": (lambda: compressed(b"x" * 99, 77), Problem.DAMAGED),
            "tags-1000-deep.webm": (
                lambda: webm(element(TAGS, element(TAG, nested(SIMPLE_TAG, 1_000)))),
                Problem.DAMAGED,
            ),
            "ebml-head-5000-deep.webm": (lambda: nested(EBML, 5_000), Problem.DAMAGED),
            "segment-in-segment.webm": (lambda: webm(nested(SEGMENT, 100)), WHOLE),
            "seek-loop.webm": (lambda: webm(loop()), WHOLE),
            "tracks-1000.webm": (lambda: webm(tracks=tracks), Problem.DAMAGED),
            "tracks-none.webm": (lambda: webm(tracks=b""), Problem.DAMAGED),
            "clusters-none.webm": (lambda: webm(clusters=b""), Problem.DAMAGED),
            "codec-unknown.webm": (lambda: webm(tracks=track(codec=b"A_NONE")), Problem.NOT_AUDIO),
            "codec-opus-holds-pcm.webm": (
                lambda: webm(tracks=track(codec=b"A_OPUS")),
                Problem.DAMAGED,
            ),
            "codec-vorbis-no-private.webm": (
                lambda: webm(tracks=track(codec=b"A_VORBIS")),
                Problem.DAMAGED,
            ),
            "codec-subtitles.webm": (
                lambda: webm(tracks=track(codec=b"S_TEXT/UTF8")),
                Problem.DAMAGED,
            ),
            "block-of-no-bytes.webm": (
                lambda: webm(clusters=cluster(element(SIMPLE_BLOCK))),
                Problem.EMPTY,
            ),
            "block-of-track-0.webm": (
                lambda: webm(clusters=cluster(element(SIMPLE_BLOCK, b"\x80\0\0\x80abcd"))),
                Problem.DAMAGED,
            ),
            "times-run-backwards.webm": (
                lambda: webm(
                    clusters=cluster(*(block(p, 900 - 100 * n) for n, p in enumerate(packets())))
                ),
                WHOLE,
            ),
            "video.webm": (lambda: sounds.encoded(".webm", *sounds.VIDEO), Problem.HAS_VIDEO),
            "opus.webm": (
                lambda: sounds.encoded(".webm", *sounds.OPUS),
                Sound(sounds.NUM_SAMPLES_AT_48_KHZ, 48_000, tolerance_samples=960),
            ),
            "flac.mka": (lambda: sounds.encoded(".mka", "-c:a", "flac"), WHOLE),
        },
    )


def files() -> Iterator[HostileFile]:
    """Every WebM file of the corpus but the truncated ones."""
    yield from claims()
    yield from structure()
