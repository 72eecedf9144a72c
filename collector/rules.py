"""Pure rules of collecting: no database, no web."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import unicodedata
import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from collector.errors import (
    DigestMissing,
    DigestWrong,
    NotAdult,
    NotFound,
    PurposeNotOffered,
    Unprocessable,
)
from collector.models import ConsentBy, Purpose
from collector.models.about import LANGUAGE_TAG
from collector.models.consent import BASE_PURPOSE

#: A whole number that is believed: a longer one is in no column of the database and no file's
#: length, and Python itself refuses to read thousands of digits.
DIGITS = "[0-9]{1,18}"
_SHA256_ITEM = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]+):\s*(?=,|;|$)")


def whole_number(text: str) -> int | None:
    """The whole number that somebody wrote; None for everything else, and for too long a one."""
    return int(text) if re.fullmatch(DIGITS, text) else None


def row_number(text: str) -> int:
    """The number of a row that a form names; NotFound when no row can have it."""
    number = whole_number(text)
    if number is None:
        raise NotFound
    return number


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
        raise Unprocessable(_("A prompt needs a text: this one is empty."))
    return " ".join(words)


def normalised_phrase(phrase: str) -> str:
    """A recovery phrase as it is hashed, however it was typed."""
    return " ".join(unicodedata.normalize("NFKD", phrase).lower().split())


@dataclass(frozen=True)
class Offer:
    """A prompt that a speaker may be offered, and what speaks for and against it."""

    id: uuid.UUID
    kind: str
    text: str
    seconds: float | None = None
    takes: int = 0  # of this speaker
    level: int = 0  # of what the campaign wants, from 0 to 15
    is_skipped: bool = False
    is_latest: bool = False  # what this speaker said last


_BLOCKS = ("keyword", "sentence", "noise")


def ring_place(seed: str) -> float:
    """A place on the ring of prompts, from 0 to below 1, that is always the same for the seed."""
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:6], "big") / 2**48


def in_order(offers: Sequence[Offer], seed: str) -> list[Offer]:
    """The order in which a set is read.

    Keywords together, then sentences, then noise, for each has a rhythm of its own; in each block
    what the speaker said least and the campaign needs most comes first, shuffled by the seed among
    equals. What was skipped comes last. The same word never comes twice in a row where that can be
    avoided, nor what was said last of all as the first.
    """

    def rank(offer: Offer) -> tuple[bool, int, int, int, float]:
        place = ring_place(f"{seed} {offer.id} {offer.takes}")
        block = _BLOCKS.index(offer.kind)
        return (offer.is_skipped, block, offer.takes, offer.level, place)

    ranked = sorted(offers, key=rank)
    latest = next((_word(offer) for offer in ranked if offer.is_latest), None)
    ordered: list[Offer] = []
    for is_skipped in (False, True):
        for kind in _BLOCKS:
            block = [o for o in ranked if (o.is_skipped, o.kind) == (is_skipped, kind)]
            before = _word(ordered[-1]) if ordered else latest
            ordered += spread_out(block, before)
    return ordered


def _word(offer: Offer) -> str:
    return offer.text.casefold()


def spread_out(offers: Sequence[Offer], before: str | None = None) -> list[Offer]:
    """The offers in their order, but no word twice in a row, nor first after itself (``before``).

    Where one word is more than half of all, that cannot be; then it comes as often as possible.
    """
    left = list(offers)
    spread: list[Offer] = []
    while left:
        chosen = _next_but(before, left)
        left.remove(chosen)
        spread.append(chosen)
        before = _word(chosen)
    return spread


def _next_but(before: str | None, left: Sequence[Offer]) -> Offer:
    others = [offer for offer in left if _word(offer) != before]
    if not others:
        return left[0]
    counts = Counter(map(_word, left))
    for offer in others:
        if _can_be_spread(counts - Counter([_word(offer)]), _word(offer)):
            return offer
    return max(others, key=lambda offer: counts[_word(offer)])


def _can_be_spread(counts: Counter[str], before: str) -> bool:
    """Whether words that often can follow ``before`` with none twice in a row."""
    total = counts.total()
    return all(
        count <= (total // 2 if word == before else (total + 1) // 2)
        for word, count in counts.items()
    )


def consents_for(*, adult: bool, guardian: bool) -> ConsentBy:
    """Who consents: an adult for themselves, or a guardian for a child; NotAdult for neither."""
    if not (adult or guardian):
        raise NotAdult
    return ConsentBy.SELF if adult else ConsentBy.GUARDIAN


def purposes_agreed(offered: Collection[str], ticked: Collection[str]) -> list[str]:
    """The purposes of a consent, in their order: the base and what was ticked.

    Raises PurposeNotOffered for one that the text does not ask about.
    """
    if not set(ticked) <= set(offered):
        raise PurposeNotOffered
    return [str(each) for each in Purpose if each == BASE_PURPOSE or each in ticked]


def language_tag(text: str) -> str:
    """A BCP 47 tag in the case that RFC 5646, section 2.1.1, recommends: sr-Latn, de-AT.

    Raises Unprocessable when it does not have the shape of one; no register is asked.
    """
    if not re.fullmatch(LANGUAGE_TAG, text) or len(text) > 35:
        fault = _("“{typed}” is no language tag. Use one such as en, de-AT or sr-Latn.")
        raise Unprocessable(fault.format(typed=text))
    first, *rest = text.lower().split("-")
    after_singleton = False
    tags = [first]
    for part in rest:
        cased = {2: part.upper(), 4: part.title()}.get(len(part), part)
        tags.append(part if after_singleton else cased)
        after_singleton = after_singleton or len(part) == 1
    return "-".join(tags)
