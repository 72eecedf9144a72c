"""A folder as the storage."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from collector.errors import StorageFailed


def _pieces(descriptor: int) -> Iterator[bytes]:
    left = os.fstat(descriptor).st_size
    while left > 0 and (piece := os.read(descriptor, left)):
        left -= len(piece)
        yield piece


class FolderStore:
    """Files under a folder: the laptop's storage."""

    is_far = False

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
        # By the system's own calls: pathlib and io cost more than the bytes of a short clip.
        descriptor = os.open(f"{self.root}/{key}", os.O_RDONLY)
        try:
            return b"".join(_pieces(descriptor))
        finally:
            os.close(descriptor)

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
