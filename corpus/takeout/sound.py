"""Reading the recordings of an archive, clip after clip."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence

from collector.storage import audio_store
from collector.vault.ahead import KeysAhead
from collector.vault.keys import Key


class Sound:
    """Brings the files of clips, two of a clip in a row, with the keys of many by one query."""

    def __init__(self) -> None:
        self._ahead = KeysAhead()
        self._last: tuple[uuid.UUID, Key] | None = None
        self._store = audio_store().with_keys(self._key)

    def expect(self, clip_ids: Sequence[str]) -> None:
        """These clips come next, in this order."""
        self._ahead.expect(clip_ids)

    def reader(self, key: str) -> Callable[[], Iterable[bytes]]:
        """What reads the file under a storage key; FileNotFoundError when it is gone by then."""
        return lambda: (self._store.get(key),)

    def _key(self, clip_id: uuid.UUID) -> Key:
        if self._last is None or self._last[0] != clip_id:
            self._last = clip_id, self._ahead.key(str(clip_id))
        return self._last[1]
