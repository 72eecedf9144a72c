"""Write FLAC files of hours of silence in a few kilobytes (RFC 9639): decompression bombs."""

from __future__ import annotations

import struct

BLOCK_SAMPLES = 65_535


def silent_flac(duration_s: int, sampling_rate_hz: int = 8_000, channels: int = 1) -> bytes:
    """Silence, each block as "all samples are zero": some 10 bytes for 65,535 samples."""
    num_samples = duration_s * sampling_rate_hz
    num_blocks = num_samples // BLOCK_SAMPLES
    num_samples = num_blocks * BLOCK_SAMPLES
    blocks = (_block(number, channels) for number in range(num_blocks))
    return b"fLaC" + _stream_info(num_samples, sampling_rate_hz, channels) + b"".join(blocks)


def _stream_info(num_samples: int, sampling_rate_hz: int, channels: int) -> bytes:
    last_and_length = struct.pack(">I", 0x80 << 24 | 34)
    blocks = struct.pack(">HH", BLOCK_SAMPLES, BLOCK_SAMPLES) + bytes(6)
    packed = sampling_rate_hz << 44 | (channels - 1) << 41 | (16 - 1) << 36 | num_samples
    return last_and_length + blocks + packed.to_bytes(8, "big") + bytes(16)


def _block(number: int, channels: int) -> bytes:
    head = b"\xff\xf8" + bytes([0x70, (channels - 1) << 4])
    head += _as_utf8(number) + struct.pack(">H", BLOCK_SAMPLES - 1)
    head += _crc(head, 0x07, 8).to_bytes(1, "big")
    body = head + bytes(3) * channels  # "constant" and the constant, zero
    return body + _crc(body, 0x8005, 16).to_bytes(2, "big")


def _as_utf8(number: int) -> bytes:
    return chr(number).encode("utf-8", "surrogatepass")


def _crc(data: bytes, polynomial: int, bits: int) -> int:
    crc, top, mask = 0, 1 << (bits - 1), (1 << bits) - 1
    for byte in data:
        crc ^= byte << (bits - 8)
        for _ in range(8):
            crc = (crc << 1 ^ polynomial if crc & top else crc << 1) & mask
    return crc
