"""Encryption between the code that reads and writes audio and wherever it lies."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

from django.conf import settings

from collector.storage.base import AudioStore
from collector.storage.names import clip_id_of
from collector.vault.envelope import (
    HEADER_NUM_BYTES,
    EnvelopeBroken,
    is_sealed,
    seal,
    unseal,
    unseal_range,
)
from collector.vault.keys import Key, key_to_read, key_to_write

#: Brings a clip's key; FileNotFoundError when it was destroyed.
ReadKey = Callable[[uuid.UUID], Key]


class EncryptedStore:
    """Keeps each clip's files in another store, encrypted by the clip's own key.

    ``inner`` is the other store: what lies there is noise without the keys.
    """

    __slots__ = ("inner", "read_key")

    def __init__(self, inner: AudioStore, read_key: ReadKey = key_to_read) -> None:
        self.inner = inner
        self.read_key = read_key

    @property
    def is_far(self) -> bool:
        """See AudioStore."""
        return self.inner.is_far

    def with_keys(self, read_key: ReadKey) -> EncryptedStore:
        """The same store, with its keys fetched in another way, such as many at a time."""
        return EncryptedStore(self.inner, read_key)

    def put(self, key: str, data: bytes) -> None:
        """See AudioStore. Raises ClipWithdrawn when the clip's key was destroyed."""
        self.inner.put(key, seal(key_to_write(_clip(key)), key, data))

    def get(self, key: str) -> bytes:
        """See AudioStore. Raises EnvelopeBroken when the stored bytes are not what was put."""
        return self.open(key, self.read_key(_clip(key)))

    def open(self, key: str, clip_key: Key) -> bytes:
        """As ``get``, with the clip's key in hand; asks no database, so any thread may do it."""
        data = self.inner.get(key)
        if not is_sealed(data):
            return _plain(key, data, clip_key)
        return unseal(_value(key, clip_key), key, data)

    def get_range(self, key: str, start: int, length: int) -> bytes:
        """See AudioStore. Reads and decrypts the chunks that hold the range, and no others."""
        clip_key = self.read_key(_clip(key))
        header = self.inner.get_range(key, 0, HEADER_NUM_BYTES)
        if not is_sealed(header):
            return _plain(key, self.inner.get_range(key, start, length), clip_key)
        value = _value(key, clip_key)

        def read(begin: int, num_bytes: int) -> bytes:
            return self.inner.get_range(key, begin, num_bytes)

        return unseal_range(value, key, header, read, start, length)

    def delete(self, key: str) -> None:
        """See AudioStore."""
        self.inner.delete(key)

    def delete_folder(self, prefix: str) -> int:
        """See AudioStore."""
        return self.inner.delete_folder(prefix)

    def keys(self, prefix: str) -> list[str]:
        """See AudioStore."""
        return self.inner.keys(prefix)

    def keys_older_than(self, prefix: str, age_s: float) -> Iterator[str]:
        """See AudioStore."""
        return self.inner.keys_older_than(prefix, age_s)


def _clip(key: str) -> uuid.UUID:
    clip_id = clip_id_of(key)
    if clip_id is None:
        raise ValueError(f"{key!r} is in no clip's folder: no key is there to encrypt it by.")
    return clip_id


def _plain(key: str, data: bytes, clip_key: Key) -> bytes:
    # Otherwise whoever can write to the storage could put a voice of theirs in another's place.
    if not clip_key.plain_allowed:
        raise EnvelopeBroken(key, "these are not encrypted bytes")
    if not settings.PLAIN_AUDIO:
        why = (
            "it lies here unencrypted; if it is older than the encryption, run encrypt_audio first"
        )
        raise EnvelopeBroken(key, why)
    return data


def _value(key: str, clip_key: Key) -> bytes:
    if clip_key.value is None:
        raise FileNotFoundError(f"{key}: there is no key by which to open it.")
    return clip_key.value
