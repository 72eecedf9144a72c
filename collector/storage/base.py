"""What every store of audio can do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol


class AudioStore(Protocol):
    """Keeps bytes under keys such as ``clips/3f/3f0c…/original-9a1b…``."""

    @property
    def is_far(self) -> bool:
        """Whether a read waits for a network, so that it pays to read ahead in other threads."""

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
