"""Files for readers of many clips: their keys ahead of need, and from far away the files, too."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache

from collector.storage import EncryptedStore, audio_store
from collector.storage.names import clip_text_of
from collector.vault.ahead import LONGEST_S, KeysAhead
from collector.vault.keys import Key

#: So many files make one errand: handing over each by itself would cost as much as reading it.
ERRAND = 8
#: So many errands are under way beside the one in use.
DEPTH = 2
THREADS = 4


@dataclass
class _Errand:
    """Some files, fetched by a thread: for each its bytes, or what asking for it shall raise."""

    names: Sequence[str]
    keys: Sequence[Key | Exception]
    brought: dict[str, bytes | Exception] = field(default_factory=dict)
    done_at: float = 0.0

    def run(self, store: EncryptedStore) -> _Errand:
        for name, key in zip(self.names, self.keys, strict=True):
            try:
                self.brought[name] = key if isinstance(key, Exception) else store.open(name, key)
            except Exception as error:
                self.brought[name] = error
        self.done_at = time.monotonic()
        return self

    def has_fresh(self, name: str) -> bool:
        return name in self.brought and time.monotonic() <= self.done_at + LONGEST_S


class FilesAhead:
    """Clips' files, in the order in which they are expected.

    From a bucket they are brought by threads, while those before them are being sent. From a folder
    they are read when they are asked for: passing the interpreter's lock to and fro costs twice
    what reading and decrypting do.

    For one reader in one thread. Say what is coming with ``expect``, some hundreds at a time. What
    waits for longer than ``LONGEST_S`` is read anew with a fresh key, so that a withdrawal stops a
    slow download too. Also right, only slower, for whatever was not expected.
    """

    def __init__(self, store: EncryptedStore | None = None) -> None:
        self._store = store or audio_store()
        self._keys = KeysAhead()
        self._coming: Sequence[str] = ()
        self._num_sent = 0
        self._under_way: deque[Future[_Errand]] = deque()
        self._at_hand = _Errand((), ())

    def expect(self, names: Sequence[str]) -> None:
        """These are the next to be read, in this order."""
        self._coming, self._num_sent = names, 0
        self._keys.expect([clip_text_of(name) for name in names])

    def get(self, name: str) -> bytes:
        """The file's plain bytes; raises what ``AudioStore.get`` does."""
        if not self._store.is_far:
            return self._store.open(name, self._keys.key(clip_text_of(name)))
        while self._under_way and not self._at_hand.has_fresh(name):
            self._at_hand = self._under_way.popleft().result()
        if not self._at_hand.has_fresh(name):
            self._at_hand = self._fetch(name)
        self._send_ahead()
        brought = self._at_hand.brought[name]
        if isinstance(brought, Exception):
            raise brought
        return brought

    def _fetch(self, name: str) -> _Errand:
        """This file and those after it, here and now: the first of all, or what was too old."""
        known = name in self._coming
        begin = self._coming.index(name) if known else len(self._coming)
        self._num_sent = begin + ERRAND
        names = self._coming[begin : begin + ERRAND] if known else [name]
        return self._errand(names).run(self._store)

    def _send_ahead(self) -> None:
        while len(self._under_way) < DEPTH and self._num_sent < len(self._coming):
            errand = self._errand(self._coming[self._num_sent : self._num_sent + ERRAND])
            self._num_sent += ERRAND
            self._under_way.append(_threads().submit(errand.run, self._store))

    def _errand(self, names: Sequence[str]) -> _Errand:
        # The keys are fetched here: threads would each need a connection to the database.
        return _Errand(names, [self._key(clip_text_of(name)) for name in names])

    def _key(self, clip_id: str) -> Key | Exception:
        try:
            return self._keys.key(clip_id)
        except FileNotFoundError as error:
            return error


@lru_cache
def _threads() -> ThreadPoolExecutor:
    # Made when first needed, so after a web server has forked its processes.
    return ThreadPoolExecutor(THREADS, "files-ahead")
