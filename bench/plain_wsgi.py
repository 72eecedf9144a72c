"""The site as it would be without encryption: what bench.vault compares with."""

from __future__ import annotations

from config.wsgi import application

__all__ = ["application"]

from django.conf import settings

from collector.storage import EncryptedStore, FolderStore
from collector.vault.ahead import KeysAhead
from collector.vault.keys import NO_KEY, Key

_plain = FolderStore(settings.VAR_DIR / "plain")


def _open(self: EncryptedStore, key: str, clip_key: Key) -> bytes:
    return _plain.get(key)


def _key(self: KeysAhead, clip_id: str) -> Key:
    return NO_KEY


def _get_range(self: EncryptedStore, key: str, start: int, length: int) -> bytes:
    return _plain.get_range(key, start, length)


EncryptedStore.open = _open  # type: ignore[method-assign]
EncryptedStore.get_range = _get_range  # type: ignore[method-assign]
KeysAhead.key = _key  # type: ignore[method-assign]
