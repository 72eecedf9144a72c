"""How a clip's key is kept: encrypted by the site's key, and bound to its clip.

AES-256-GCM with a random nonce of 96 bits. NIST SP 800-38D, section 8.3, allows 2^32 of them under
one key; a site key is replaced long before.
"""

from __future__ import annotations

import hashlib
import os
import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from collector.vault.envelope import KEY_NUM_BYTES

NONCE_NUM_BYTES = 12


class WrappingBroken(RuntimeError):
    """A clip's wrapped key was changed, or belongs to another clip."""


def new_key() -> bytes:
    """A random key."""
    return os.urandom(KEY_NUM_BYTES)


def fingerprint(site_key: bytes) -> str:
    """By what a site key is known: 16 hex digits that tell nothing of the key itself."""
    return hashlib.sha256(b"choir site key" + site_key).hexdigest()[:16]


def wrap(site_key: AESGCM, clip_id: uuid.UUID, key: bytes) -> bytes:
    """A clip's key as its row keeps it: nonce, encrypted key, tag."""
    nonce = os.urandom(NONCE_NUM_BYTES)
    return nonce + site_key.encrypt(nonce, key, _context(clip_id))


def unwrap(site_key: AESGCM, clip_id: uuid.UUID | str, wrapped: bytes) -> bytes:
    """The clip's key; WrappingBroken when this is not what was wrapped for this clip."""
    nonce, sealed = wrapped[:NONCE_NUM_BYTES], wrapped[NONCE_NUM_BYTES:]
    try:
        return site_key.decrypt(nonce, sealed, _context(clip_id))
    except InvalidTag:
        raise WrappingBroken(
            f"The key of clip {clip_id} does not open: its row was changed. Restore a backup of "
            "the database."
        ) from None


def _context(clip_id: uuid.UUID | str) -> bytes:
    return b"choir clip key %s" % str(clip_id).encode()
