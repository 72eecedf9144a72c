"""How a file is encrypted: chunk by chunk, so that a part of it is read without the rest.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption
and its Nonce-Reuse Misuse-Resistance, CRYPTO 2015, section 7) over AES-256-GCM (NIST SP 800-38D).
Each file has a key of its own, derived from its clip's key and a random salt by HKDF-Expand with
SHA-256 (RFC 5869, section 2.3; section 3.3 on leaving out the extraction: a clip's key is random).
A file's key encrypts nothing else, so the nonces are simply counted: eleven bytes of the chunk's
position, and one that is 1 for the last chunk alone. What is authenticated with each chunk is the
header, which holds the length of the whole, and the file's name in the storage, which holds the
clip's id. So a chunk that was changed, cut off, moved, repeated, or taken from another file does
not open.

    header   magic "CHVAULT", version 1, salt (16 bytes), length of the plain bytes (uint64, big)
    chunks   each CHUNK_NUM_BYTES of them (the last one what is left), and its tag of 16 bytes
"""

from __future__ import annotations

import hmac
import os
import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_NUM_BYTES = 32
CHUNK_NUM_BYTES = 64 * 1024
TAG_NUM_BYTES = 16
SALT_NUM_BYTES = 16
VERSION = 1
#: No kind of file that Choir takes or makes begins like this.
MAGIC = b"CHVAULT"
_HEADER = struct.Struct(f">{len(MAGIC)}sB{SALT_NUM_BYTES}sQ")
HEADER_NUM_BYTES = _HEADER.size
_LABEL = b"choir audio file"

#: Brings the stored bytes from a position on: (start, length).
ReadPart = Callable[[int, int], bytes]


class EnvelopeBroken(RuntimeError):
    """A stored file is not what was put there under this name: it must not be believed."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(
            f"{name}: {why}. Somebody or something has changed the storage: restore this file "
            "from a backup."
        )


class Header(NamedTuple):
    """What stands before the chunks."""

    salt: bytes
    num_bytes: int

    def pack(self) -> bytes:
        """Its bytes."""
        return _HEADER.pack(MAGIC, VERSION, self.salt, self.num_bytes)

    @staticmethod
    def unpack(sealed: bytes, name: str) -> Header:
        """The header of a file; EnvelopeBroken where there is none that is understood."""
        if len(sealed) < HEADER_NUM_BYTES or not is_sealed(sealed):
            raise EnvelopeBroken(name, "these are not encrypted bytes")
        _, version, salt, num_bytes = _HEADER.unpack_from(sealed)
        if version != VERSION:
            raise EnvelopeBroken(name, f"its format is version {version}, and known is {VERSION}")
        return Header(salt, num_bytes)

    @property
    def last_chunk(self) -> int:
        """The position of the last chunk; an empty file has one, which is empty."""
        return max(0, self.num_bytes - 1) // CHUNK_NUM_BYTES

    @property
    def sealed_num_bytes(self) -> int:
        """The length of the whole file."""
        return HEADER_NUM_BYTES + self.num_bytes + (self.last_chunk + 1) * TAG_NUM_BYTES


class _Chunks:
    """The chunks of one file, to be closed and opened; ``packed`` is its header as it is stored."""

    __slots__ = ("cipher", "context", "last", "name")

    def __init__(self, key: bytes, name: str, header: Header, packed: bytes) -> None:
        # HKDF-Expand, for a key as long as the hash: its first and only block.
        of_file = hmac.digest(key, _LABEL + header.salt + b"\x01", "sha256")
        self.cipher = AESGCM(of_file)
        self.context = packed + name.encode()
        self.name = name
        self.last = header.last_chunk

    def close(self, position: int, plain: memoryview) -> bytes:
        return self.cipher.encrypt(self._nonce(position), plain, self.context)

    def open(self, position: int, sealed: memoryview) -> bytes:
        try:
            return self.cipher.decrypt(self._nonce(position), sealed, self.context)
        except InvalidTag:
            why = f"chunk {position} does not open with its clip's key"
            raise EnvelopeBroken(self.name, why) from None

    def _nonce(self, position: int) -> bytes:
        return position.to_bytes(11, "big") + (b"\1" if position == self.last else b"\0")


def is_sealed(data: bytes) -> bool:
    """Whether bytes begin as an encrypted file does."""
    return data.startswith(MAGIC)


def seal(key: bytes, name: str, plain: bytes) -> bytes:
    """The bytes, encrypted by the clip's key to be kept under the name; never twice the same."""
    header = Header(os.urandom(SALT_NUM_BYTES), len(plain))
    packed = header.pack()
    chunks, view = _Chunks(key, name, header, packed), memoryview(plain)
    pieces = (
        chunks.close(position, view[position * CHUNK_NUM_BYTES :][:CHUNK_NUM_BYTES])
        for position in range(header.last_chunk + 1)
    )
    return b"".join((packed, *pieces))


def unseal(key: bytes, name: str, sealed: bytes) -> bytes:
    """The plain bytes; EnvelopeBroken unless all of them are what was sealed under the name."""
    packed = sealed[:HEADER_NUM_BYTES]
    header = Header.unpack(packed, name)
    if len(sealed) != header.sealed_num_bytes:
        raise EnvelopeBroken(name, f"it has {len(sealed)} bytes, not {header.sealed_num_bytes}")
    chunks, view = _Chunks(key, name, header, packed), memoryview(sealed)[HEADER_NUM_BYTES:]
    if chunks.last == 0:  # as of most masters: a download opens thousands of them in a second
        return chunks.open(0, view)
    return b"".join(_opened(chunks, view, 0))


def unseal_range(
    key: bytes, name: str, header_bytes: bytes, read: ReadPart, start: int, length: int
) -> bytes:
    """``length`` plain bytes from ``start`` on (fewer at the end), reading their chunks alone.

    ``header_bytes`` are the file's first HEADER_NUM_BYTES; ``read`` is asked once, if at all.
    """
    header = Header.unpack(header_bytes, name)
    end = min(start + length, header.num_bytes)
    if start >= end:
        return b""
    first, last = start // CHUNK_NUM_BYTES, (end - 1) // CHUNK_NUM_BYTES
    begin = _offset(first)
    stop = header.sealed_num_bytes if last == header.last_chunk else _offset(last + 1)
    sealed = read(begin, stop - begin)
    if len(sealed) != stop - begin:
        raise EnvelopeBroken(name, f"it ends before byte {stop}")
    chunks = _Chunks(key, name, header, header_bytes)
    opened = b"".join(_opened(chunks, memoryview(sealed), first))
    return opened[start - first * CHUNK_NUM_BYTES :][: end - start]


def _offset(position: int) -> int:
    return HEADER_NUM_BYTES + position * (CHUNK_NUM_BYTES + TAG_NUM_BYTES)


def _opened(chunks: _Chunks, sealed: memoryview, first: int) -> Iterator[bytes]:
    step = CHUNK_NUM_BYTES + TAG_NUM_BYTES
    for number, begin in enumerate(range(0, len(sealed), step)):
        yield chunks.open(first + number, sealed[begin : begin + step])
