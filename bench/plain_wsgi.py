"""The site as it would be without encryption: what bench.vault compares with."""

from __future__ import annotations

from config.wsgi import application

__all__ = ["application"]

from django.conf import settings

from collector.storage import EncryptedStore, FolderStore

_plain = FolderStore(settings.VAR_DIR / "plain")


def _get(self: EncryptedStore, key: str) -> bytes:
    return _plain.get(key)


EncryptedStore.get = _get  # type: ignore[method-assign]
