"""Pure rules of collecting: no database, no web."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import unicodedata

from collector.errors import DigestMissing, DigestWrong, Unprocessable

_SHA256_ITEM = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]+):\s*(?=,|;|$)")


def announced_sha256(content_digest: str) -> str:
    """The hex SHA-256 out of a ``Content-Digest`` header (RFC 9530, section 2)."""
    found = _SHA256_ITEM.search(content_digest)
    if found is None:
        raise DigestMissing
    try:
        digest = base64.b64decode(found[1], validate=True)
    except binascii.Error:
        raise DigestMissing from None
    if len(digest) != hashlib.sha256().digest_size:
        raise DigestMissing
    return digest.hex()


def check_digest(data: bytes, announced: str) -> None:
    """Raise DigestWrong unless the bytes have the announced hex SHA-256."""
    if hashlib.sha256(data).hexdigest() != announced:
        raise DigestWrong


def normalised_text(text: str) -> str:
    """A prompt's text as every loader can read it: NFC, single U+0020, no control characters.

    Raises Unprocessable when nothing is left.
    """
    composed = unicodedata.normalize("NFC", text)
    spaced = "".join(" " if unicodedata.category(c)[0] in "ZC" else c for c in composed)
    words = spaced.split()
    if not words:
        raise Unprocessable("A prompt needs a text: this one is empty.")
    return " ".join(words)


def normalised_phrase(phrase: str) -> str:
    """A recovery phrase as it is hashed, however it was typed."""
    return " ".join(unicodedata.normalize("NFKD", phrase).lower().split())
