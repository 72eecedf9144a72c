"""The one seam through which audio is read and written.

Two clips never share bytes: one can be erased and the other stays whole. Whatever is put is
encrypted by its clip's own key (docs/encryption.md), so what lies in the folder or the bucket is
noise once that key is destroyed.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings

from collector.storage.base import AudioStore
from collector.storage.bucket import BucketStore
from collector.storage.encrypted import EncryptedStore
from collector.storage.folder import FolderStore
from collector.storage.names import (
    clip_folder,
    clip_id_of,
    derived_key,
    master_key,
    original_key,
)

__all__ = [
    "AudioStore",
    "BucketStore",
    "EncryptedStore",
    "FolderStore",
    "audio_store",
    "clip_folder",
    "clip_id_of",
    "derived_key",
    "master_key",
    "original_key",
]


@lru_cache
def audio_store() -> EncryptedStore:
    """The store that ``STORAGE_URL`` names: ``file:///folder`` or ``s3://bucket/prefix`` …"""
    parts = urlsplit(settings.STORAGE_URL)
    if parts.scheme == "file":
        return EncryptedStore(FolderStore(Path(unquote(parts.path))))
    return EncryptedStore(BucketStore(settings.STORAGE_URL))
