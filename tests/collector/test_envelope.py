"""Encrypted files: what was put comes back, and whatever was changed does not open."""

from __future__ import annotations

import os
import uuid

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from collector.vault import envelope
from collector.vault.envelope import (
    CHUNK_NUM_BYTES,
    HEADER_NUM_BYTES,
    EnvelopeBroken,
    is_sealed,
    seal,
    unseal,
    unseal_range,
)
from collector.vault.wrapping import WrappingBroken, fingerprint, new_key, unwrap, wrap

KEY, NAME = bytes(range(32)), "clips/3f/3f0c/original-9a"
#: The sealed length of a chunk.
STEP = CHUNK_NUM_BYTES + envelope.TAG_NUM_BYTES
SIZES = [0, 1, 1000, CHUNK_NUM_BYTES - 1, CHUNK_NUM_BYTES, CHUNK_NUM_BYTES + 1, 3 * CHUNK_NUM_BYTES]


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of 16 bytes: the same code, and every place of a file can be tried."""
    monkeypatch.setattr(envelope, "CHUNK_NUM_BYTES", 16)


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_is_unsealed(size: int):
    plain = os.urandom(size)
    sealed = seal(KEY, NAME, plain)
    assert is_sealed(sealed)
    assert unseal(KEY, NAME, sealed) == plain
    chunks = max(1, -(-size // CHUNK_NUM_BYTES))
    assert len(sealed) == HEADER_NUM_BYTES + size + 16 * chunks
    assert seal(KEY, NAME, plain) != sealed, "a salt of its own each time"


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 47, 48, 49])
def test_every_range_is_what_a_plain_file_would_give(size: int, small_chunks: None):
    plain = bytes(range(size))
    sealed = seal(KEY, NAME, plain)
    for start in range(size + 3):
        for length in range(size + 5):
            asked: list[int] = []

            def read(begin: int, num_bytes: int, asked: list[int] = asked) -> bytes:
                asked.append(num_bytes)
                return sealed[begin : begin + num_bytes]

            got = unseal_range(KEY, NAME, sealed[:HEADER_NUM_BYTES], read, start, length)
            assert got == plain[start : start + length]
            touched = -(-(start % 16 + len(got)) // 16) if got else 0
            assert sum(asked) <= touched * 32, "no other chunk is read"


def test_a_change_of_any_bit_of_any_byte_is_refused(small_chunks: None):
    sealed = seal(KEY, NAME, bytes(range(40)))
    for position in range(len(sealed)):
        for bit in range(8):
            changed = bytearray(sealed)
            changed[position] ^= 1 << bit
            with pytest.raises(EnvelopeBroken, match=NAME):
                unseal(KEY, NAME, bytes(changed))


def test_a_change_within_a_range_is_refused_and_elsewhere_not_looked_at(small_chunks: None):
    plain = bytes(range(40))
    sealed = seal(KEY, NAME, plain)
    for position in range(HEADER_NUM_BYTES, len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        chunk = (position - HEADER_NUM_BYTES) // 32
        arguments = (
            KEY,
            NAME,
            sealed[:HEADER_NUM_BYTES],
            lambda b, n, c=changed: bytes(c[b : b + n]),
        )
        with pytest.raises(EnvelopeBroken):
            unseal_range(*arguments, chunk * 16, 1)
        other = (chunk + 1) % 3
        assert unseal_range(*arguments, other * 16, 1) == plain[other * 16 :][:1]


def cut(sealed: bytes, *chunks: int) -> bytes:
    """A file of these chunks of another, by their position."""
    pieces = [sealed[HEADER_NUM_BYTES + 32 * number :][:32] for number in chunks]
    return sealed[:HEADER_NUM_BYTES] + b"".join(pieces)


@pytest.mark.parametrize(
    "chunks", [(1, 0, 2), (0, 2, 1), (0, 0, 2), (0, 1), (0, 1, 1), (0, 1, 2, 2), (0, 2), (2,), ()]
)
def test_chunks_that_were_moved_repeated_or_left_out_are_refused(
    small_chunks: None, chunks: tuple[int, ...]
):
    sealed = seal(KEY, NAME, bytes(48))
    assert unseal(KEY, NAME, cut(sealed, 0, 1, 2)) == bytes(48)
    with pytest.raises(EnvelopeBroken):
        unseal(KEY, NAME, cut(sealed, *chunks))


def test_every_truncation_is_refused(small_chunks: None):
    sealed = seal(KEY, NAME, bytes(range(40)))
    for end in range(len(sealed)):
        with pytest.raises(EnvelopeBroken):
            unseal(KEY, NAME, sealed[:end])
    with pytest.raises(EnvelopeBroken):
        unseal(KEY, NAME, sealed + b"\0")


def test_a_shorter_file_that_claims_to_be_whole_is_refused(small_chunks: None):
    header = envelope.Header.unpack(seal(KEY, NAME, bytes(48)), NAME)
    sealed = seal(KEY, NAME, bytes(48))
    shorter = envelope.Header(header.salt, 32).pack() + sealed[HEADER_NUM_BYTES:][:64]
    with pytest.raises(EnvelopeBroken):
        unseal(KEY, NAME, shorter)


def test_a_range_finds_out_that_the_end_was_cut_off(small_chunks: None):
    sealed = seal(KEY, NAME, bytes(48))[:-1]
    header = sealed[:HEADER_NUM_BYTES]
    with pytest.raises(EnvelopeBroken, match="ends before"):
        unseal_range(KEY, NAME, header, lambda b, n: sealed[b : b + n], 33, 4)


@pytest.mark.parametrize(
    ("key", "name"), [(KEY, NAME + "0"), (KEY, ""), (bytes(32), NAME)], ids=["name", "none", "key"]
)
def test_a_file_opens_only_under_its_own_name_and_key(key: bytes, name: str):
    with pytest.raises(EnvelopeBroken):
        unseal(key, name, seal(KEY, NAME, b"a voice"))


def test_chunks_of_two_files_of_one_clip_do_not_mix(small_chunks: None):
    one, other = seal(KEY, NAME, bytes(48)), seal(KEY, NAME, bytes(48))
    mixed = one[: HEADER_NUM_BYTES + 32] + other[HEADER_NUM_BYTES + 32 :]
    with pytest.raises(EnvelopeBroken):
        unseal(KEY, NAME, mixed)


def test_the_key_of_a_file_is_derived_as_the_standard_says():
    sealed, name = seal(KEY, NAME, b"a voice"), NAME.encode()
    salt = envelope.Header.unpack(sealed, NAME).salt
    of_file = HKDFExpand(SHA256(), 32, b"choir audio file" + salt).derive(KEY)
    nonce, context = bytes(11) + b"\1", sealed[:HEADER_NUM_BYTES] + name
    assert AESGCM(of_file).decrypt(nonce, sealed[HEADER_NUM_BYTES:], context) == b"a voice"


def test_a_later_version_is_not_guessed_at():
    sealed = bytearray(seal(KEY, NAME, b"a voice"))
    sealed[len(envelope.MAGIC)] = 2
    with pytest.raises(EnvelopeBroken, match="version 2"):
        unseal(KEY, NAME, bytes(sealed))


def test_no_kind_of_audio_looks_encrypted():
    for begin in (b"fLaC", b"RIFF", b"OggS", b"\x1aE\xdf\xa3", b"ID3", b"CHPK", b"\x89PNG", b""):
        assert not is_sealed(begin + bytes(100))


def test_a_wrapped_key_opens_for_its_own_clip_and_site_alone():
    site, other = (AESGCM(new_key()) for _ in range(2))
    one, key = uuid.uuid4(), new_key()
    wrapped = wrap(site, one, key)
    assert unwrap(site, one, wrapped) == key
    assert wrap(site, one, key) != wrapped
    tries = [(site, uuid.uuid4(), wrapped), (other, one, wrapped), (site, one, wrapped[:-1])]
    tries += [
        (site, one, wrapped[:n] + bytes([wrapped[n] ^ 1]) + wrapped[n + 1 :])
        for n in range(len(wrapped))
    ]
    for arguments in tries:
        with pytest.raises(WrappingBroken, match="database"):
            unwrap(*arguments)


def test_a_fingerprint_tells_keys_apart():
    assert fingerprint(KEY) == fingerprint(KEY) != fingerprint(bytes(32))
    assert len(fingerprint(KEY)) == 16
