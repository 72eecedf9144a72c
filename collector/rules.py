"""Pure rules of collecting: no database, no web."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import unicodedata

from collector.errors import DigestMissing, DigestWrong, NotAdult, Unprocessable
from collector.models import ConsentBy
from collector.models.about import LANGUAGE_TAG

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


def consents_for(*, adult: bool, guardian: bool) -> ConsentBy:
    """Who consents: an adult for themselves, or a guardian for a child; NotAdult for neither."""
    if not (adult or guardian):
        raise NotAdult
    return ConsentBy.SELF if adult else ConsentBy.GUARDIAN


def language_tag(text: str) -> str:
    """A BCP 47 tag in the case that RFC 5646, section 2.1.1, recommends: sr-Latn, de-AT.

    Raises Unprocessable when it does not have the shape of one; no register is asked.
    """
    if not re.fullmatch(LANGUAGE_TAG, text) or len(text) > 35:
        raise Unprocessable(f"{text!r} is no language tag. Use one such as en, de-AT or sr-Latn.")
    first, *rest = text.lower().split("-")
    after_singleton = False
    tags = [first]
    for part in rest:
        cased = {2: part.upper(), 4: part.title()}.get(len(part), part)
        tags.append(part if after_singleton else cased)
        after_singleton = after_singleton or len(part) == 1
    return "-".join(tags)
