"""The one seam through which audio is read and written.

Every key of a clip begins with the clip's own folder, so that erasing a clip is erasing a folder;
inside it, the bytes lie under their hash. Two clips never share bytes: one can be erased and the
other stays whole.
"""

from __future__ import annotations

import os
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

from django.conf import settings

from collector.errors import StorageFailed

if TYPE_CHECKING:
    from obstore.store import S3Config


class AudioStore(Protocol):
    """Keeps bytes under keys such as ``clips/3f/3f0c…/original-9a1b…``."""

    def put(self, key: str, data: bytes) -> None:
        """Store durably: when this returns, the bytes survive a power cut. A repeat is harmless."""

    def get(self, key: str) -> bytes:
        """All bytes under the key. Raises FileNotFoundError when there are none."""

    def get_range(self, key: str, start: int, length: int) -> bytes:
        """``length`` bytes from ``start`` on."""

    def delete(self, key: str) -> None:
        """Erase one key. A repeat is harmless."""

    def delete_folder(self, prefix: str) -> int:
        """Erase all keys under ``prefix/``; the number of keys erased. A repeat is harmless."""

    def keys(self, prefix: str) -> list[str]:
        """All keys under ``prefix/``, in order."""

    def keys_older_than(self, prefix: str, age_s: float) -> Iterator[str]:
        """Keys under ``prefix/`` whose bytes were stored at least ``age_s`` ago, in any order."""


class FolderStore:
    """Files under a folder: the laptop's storage."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, data: bytes) -> None:
        """See AudioStore: written aside, synced, renamed into place, and the folder synced."""
        path = self.root / key
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=".aside-")
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(aside).replace(path)
            self._sync_folders(path.parent)
        except OSError as error:
            raise StorageFailed from error

    def _sync_folders(self, folder: Path) -> None:
        # A new name is only durable once its folder, and that folder's own name, are synced.
        while True:
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            if folder == self.root:
                return
            folder = folder.parent

    def get(self, key: str) -> bytes:
        """See AudioStore."""
        return (self.root / key).read_bytes()

    def get_range(self, key: str, start: int, length: int) -> bytes:
        """See AudioStore."""
        with (self.root / key).open("rb") as file:
            file.seek(start)
            return file.read(length)

    def delete(self, key: str) -> None:
        """See AudioStore."""
        (self.root / key).unlink(missing_ok=True)

    def delete_folder(self, prefix: str) -> int:
        """See AudioStore."""
        folder = self.root / prefix
        if not folder.is_dir():
            return 0
        files = list(folder.iterdir())
        for file in files:
            file.unlink(missing_ok=True)
        folder.rmdir()
        self._sync_folders(folder.parent)
        return len(files)

    def keys(self, prefix: str) -> list[str]:
        """See AudioStore."""
        files = (path for path in (self.root / prefix).rglob("*") if path.is_file())
        return sorted(path.relative_to(self.root).as_posix() for path in files)

    def keys_older_than(self, prefix: str, age_s: float) -> Iterator[str]:
        """See AudioStore; also finds what a crash left lying aside."""
        latest = time.time() - age_s
        for path in (self.root / prefix).rglob("*"):
            if path.is_file() and path.stat().st_mtime <= latest:
                yield path.relative_to(self.root).as_posix()


class BucketStore:
    """A bucket at S3, GCS or Azure, through obstore."""

    def __init__(self, url: str) -> None:
        from obstore.store import from_url

        # A wrong checksum is refused by the server, so a put that returns has stored these bytes.
        checked: S3Config | None = {"checksum_algorithm": "SHA256"} if url[:2] == "s3" else None
        plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://")
        self.store = from_url(url, config=checked, client_options={"allow_http": plain})

    def put(self, key: str, data: bytes) -> None:
        """See AudioStore."""
        import obstore
        from obstore.exceptions import BaseError

        try:
            obstore.put(self.store, key, data)
        except BaseError as error:
            raise StorageFailed from error

    def get(self, key: str) -> bytes:
        """See AudioStore."""
        import obstore

        return bytes(obstore.get(self.store, key).bytes())

    def get_range(self, key: str, start: int, length: int) -> bytes:
        """See AudioStore."""
        import obstore

        return bytes(obstore.get_range(self.store, key, start=start, length=length))

    def delete(self, key: str) -> None:
        """See AudioStore."""
        import obstore

        obstore.delete(self.store, [key])

    def delete_folder(self, prefix: str) -> int:
        """See AudioStore."""
        import obstore

        keys = self.keys(prefix)
        if keys:
            obstore.delete(self.store, keys)
        return len(keys)

    def keys(self, prefix: str) -> list[str]:
        """See AudioStore."""
        import obstore

        found = obstore.list(self.store, prefix=prefix).collect()
        return sorted(str(meta["path"]) for meta in found)

    def keys_older_than(self, prefix: str, age_s: float) -> Iterator[str]:
        """See AudioStore."""
        import obstore

        latest = datetime.now(UTC) - timedelta(seconds=age_s)
        for page in obstore.list(self.store, prefix=prefix):
            yield from (str(meta["path"]) for meta in page if meta["last_modified"] <= latest)


@lru_cache
def audio_store() -> AudioStore:
    """The store that ``STORAGE_URL`` names: ``file:///folder`` or ``s3://bucket/prefix`` …"""
    parts = urlsplit(settings.STORAGE_URL)
    if parts.scheme == "file":
        return FolderStore(Path(unquote(parts.path)))
    return BucketStore(settings.STORAGE_URL)


def clip_folder(clip_id: uuid.UUID) -> str:
    """The folder that holds all of a clip's audio, and nothing else."""
    return f"clips/{clip_id.hex[:2]}/{clip_id}"


def clip_id_of(key: str) -> uuid.UUID | None:
    """The clip whose folder a key lies in; None when it lies in no clip's folder."""
    parts = key.split("/")
    try:
        return uuid.UUID(parts[2]) if parts[0] == "clips" else None
    except (IndexError, ValueError):
        return None


def original_key(clip_id: uuid.UUID, sha256: str) -> str:
    """Where the bytes lie that the speaker's device sent."""
    return f"{clip_folder(clip_id)}/original-{sha256}"


def master_key(clip_id: uuid.UUID, sha256: str) -> str:
    """Where the 16 kHz master lies."""
    return f"{clip_folder(clip_id)}/master-{sha256}.flac"


def derived_key(clip_id: uuid.UUID, kind: str, sha256: str, suffix: str) -> str:
    """Where a file lies that was derived from the master, such as ``preview-9a1b….webm``."""
    return f"{clip_folder(clip_id)}/{kind}-{sha256}{suffix}"
