"""Keys for readers of many clips: fetched some hundreds at a time, and soon forgotten."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence

from collector.vault.keys import NO_KEY, Key, destroyed, keys_to_read

#: How long a key may be in memory, in seconds: so much later than its destruction a reader that
#: had fetched it ahead may still open what is still stored.
LONGEST_S = 1.0


class KeysAhead:
    """Keys of the clips that are about to be read, by one query for all that are expected.

    For one reader in one thread. Say what is coming with ``expect``, some hundreds at a time, then
    ask for ``key``, once for each clip. Also right, only slower, for whatever was not expected.
    """

    def __init__(self) -> None:
        self._coming: Sequence[str] = ()
        self._keys: dict[uuid.UUID, Key | None] = {}
        self._fetched_at = 0.0

    def expect(self, clip_ids: Sequence[str]) -> None:
        """These are the next to be read, in this order; UUIDs as lower-case texts."""
        self._coming = clip_ids

    def key(self, clip_id: uuid.UUID) -> Key:
        """The clip's key; FileNotFoundError when it was destroyed."""
        if clip_id not in self._keys or time.monotonic() > self._fetched_at + LONGEST_S:
            self._fetch(clip_id)
        key = self._keys.pop(clip_id)
        if key is None:
            raise destroyed(clip_id)
        return key

    def _fetch(self, clip_id: uuid.UUID) -> None:
        text = str(clip_id)
        coming = self._coming
        wanted = coming[coming.index(text) :] if text in coming else [text]
        self._fetched_at = time.monotonic()
        # Those without a row too: else each of them would be asked for again.
        self._keys = {uuid.UUID(each): NO_KEY for each in wanted}
        self._keys.update(keys_to_read(wanted))
