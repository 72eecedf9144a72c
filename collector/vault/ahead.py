"""Keys for readers of many clips: fetched some hundreds at a time, and soon forgotten."""

from __future__ import annotations

import time
from collections.abc import Sequence

from collector.vault.keys import NO_KEY, Key, destroyed, keys_to_read

#: For how long a key that was fetched ahead may be used, in seconds: so much later than its
#: destruction a reader may still open what is still stored.
LONGEST_S = 0.5


class KeysAhead:
    """Keys of the clips that are about to be read, by one query for all that are expected.

    For one reader in one thread. Say what is coming with ``expect``, some hundreds at a time, then
    ask for ``key``. Also right, only slower, for whatever was not expected.
    """

    def __init__(self) -> None:
        self._coming: Sequence[str] = ()
        self._keys: dict[str, Key | None] = {}
        self._fetched_at = 0.0

    def expect(self, clip_ids: Sequence[str]) -> None:
        """These are the next to be read, in this order; UUIDs as lower-case texts."""
        self._coming = clip_ids

    def key(self, clip_id: str) -> Key:
        """The clip's key; FileNotFoundError when it was destroyed."""
        if clip_id not in self._keys or time.monotonic() > self._fetched_at + LONGEST_S:
            self._fetch(clip_id)
        key = self._keys[clip_id]
        if key is None:
            raise destroyed(clip_id)
        return key

    def _fetch(self, clip_id: str) -> None:
        coming = self._coming
        wanted = coming[coming.index(clip_id) :] if clip_id in coming else [clip_id]
        self._fetched_at = time.monotonic()
        # Those without a row too: else each of them would be asked for again.
        self._keys = dict.fromkeys(wanted, NO_KEY)
        self._keys.update(keys_to_read(wanted))
