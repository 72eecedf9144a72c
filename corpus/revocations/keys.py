"""The key that signs lists (Ed25519, RFC 8032), kept outside the database.

Whoever has the database alone, or a backup of it, can sign nothing.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

_HANDOVER = b"choir revocations: the next key is "


class KeyUnreadable(ValueError):
    """What is said to be the key is none."""


def make_key() -> Ed25519PrivateKey:
    """A new key."""
    return Ed25519PrivateKey.generate()


def as_pem(key: Ed25519PrivateKey) -> bytes:
    """PKCS 8, as openssl reads it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def parse_key(pem: bytes) -> Ed25519PrivateKey:
    """The key of a PEM text; KeyUnreadable when it is none."""
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise KeyUnreadable(f"This is no PEM private key without a password: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnreadable("This private key is not one of Ed25519.")
    return key


def read_or_make_key(path: Path) -> Ed25519PrivateKey:
    """The key kept in ``path``; made, readable by its owner only, when there is none yet."""
    with suppress(FileNotFoundError):
        return parse_key(path.read_bytes())
    path.parent.mkdir(parents=True, exist_ok=True)
    # Whole before it has its name, and never over another: two programs start at once.
    with suppress(FileExistsError):
        write_key(path, make_key())
    return parse_key(path.read_bytes())


def write_key(path: Path, key: Ed25519PrivateKey) -> None:
    """Keep a key in a file that is not there yet; FileExistsError otherwise."""
    descriptor, aside = tempfile.mkstemp(dir=path.parent)  # 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(as_pem(key))
            file.flush()
            os.fsync(file.fileno())
        Path(path).hardlink_to(aside)
    finally:
        Path(aside).unlink()


def beside(path: Path) -> Path:
    """Where the key lies that will follow the one in ``path``."""
    return path.with_name(f"{path.name}.next")


def public_of(key: Ed25519PrivateKey) -> str:
    """The public key's 32 bytes, as hex."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def public_pem(public: str) -> str:
    """A public key as openssl reads it."""
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def fingerprint(public: str) -> str:
    """The SHA-256 of the 32 bytes, as hex in groups of four: to compare by eye."""
    digest = hashlib.sha256(bytes.fromhex(public)).hexdigest()
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


def hand_over(old: Ed25519PrivateKey, new_public: str) -> str:
    """The old key's signature (hex) under the next one: who trusts the one may trust the other."""
    return old.sign(_HANDOVER + new_public.encode()).hex()


def is_handed_over(old_public: str, new_public: str, signature: str) -> bool:
    """Whether the old key signed the new one."""
    return is_signed(old_public, _HANDOVER + new_public.encode(), signature)


def is_signed(public: str, content: bytes, signature: str) -> bool:
    """Whether the signature (hex) is the key's under exactly these bytes."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature), content)
    except (InvalidSignature, ValueError):
        return False
    return True
