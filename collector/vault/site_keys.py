"""The site's keys themselves: files of one folder, or given by the environment; never in rows.

A key is known by its fingerprint, so that a wrong file under a right name is found out.
"""

from __future__ import annotations

import base64
import binascii
import logging
import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from collector.errors import SiteKeyMissing
from collector.vault.envelope import KEY_NUM_BYTES
from collector.vault.wrapping import fingerprint, new_key

log = logging.getLogger(__name__)

SUFFIX = ".key"


class SiteKeyMalformed(ValueError):
    """What should be a key is none."""


def encode_key(key: bytes) -> str:
    """A key as a line of text."""
    return base64.urlsafe_b64encode(key).decode()


def decode_key(text: str, where: str) -> bytes:
    """The key that a line of text holds; SiteKeyMalformed where it holds none."""
    try:
        key = base64.urlsafe_b64decode(text.strip())
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_NUM_BYTES:
        raise SiteKeyMalformed(
            f"{where} holds no site key. One is {KEY_NUM_BYTES} random bytes in URL-safe base64; "
            "make one with: manage.py site_keys --print-new"
        )
    return key


class SiteKeys:
    """The keys of a folder, and those that are given beside them."""

    def __init__(self, folder: Path, given: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.given = [decode_key(text, "SITE_KEYS") for text in given]
        self._ciphers: dict[str, AESGCM] = {}
        self._read_at: int | None = None

    @property
    def given_ids(self) -> list[str]:
        """The fingerprints of what the environment gives, in its order."""
        return [fingerprint(key) for key in self.given]

    def ids(self) -> list[str]:
        """The fingerprints of all keys that are here: the given ones, then the newest files."""
        files = sorted(self._files(), key=lambda path: path.stat().st_mtime, reverse=True)
        return [*self.given_ids, *(path.stem for path in files)]

    def cipher(self, key_id: str) -> AESGCM:
        """The key, ready to wrap and unwrap; SiteKeyMissing when it is not here."""
        self._read_if_changed()
        if key_id not in self._ciphers:
            self._read()  # two changes may be nearer to each other than the folder's clock tells
        try:
            return self._ciphers[key_id]
        except KeyError:
            log.critical(
                "Site key %s is neither in %s nor in SITE_KEYS. Restore it from the copy that you "
                "keep apart from the backups; without it, what it wrapped is lost.",
                key_id,
                self.folder,
            )
            raise SiteKeyMissing from None

    def make(self) -> str:
        """A new key, kept in the folder for its owner alone; its fingerprint."""
        key = new_key()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(fingerprint(key))
        aside = path.with_suffix(".new")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(encode_key(key) + "\n")
            file.flush()
            os.fsync(file.fileno())
        aside.rename(path)
        # A key that a power cut takes away would take every voice that it wrapped along.
        self._sync_folder()
        return path.stem

    def destroy(self, key_id: str) -> None:
        """Overwrite the key's file and remove it; a repeat is harmless."""
        path, aside = self._path(key_id), self._path(key_id).with_suffix(".old")
        if path.exists():
            path.rename(aside)  # so that nobody reads a key that is half overwritten
        if aside.exists():
            with aside.open("r+b") as file:
                file.write(b"\0" * aside.stat().st_size)
                file.flush()
                os.fsync(file.fileno())
            aside.unlink()
            self._sync_folder()
        self._ciphers.pop(key_id, None)

    def _path(self, key_id: str) -> Path:
        return self.folder / f"{key_id}{SUFFIX}"

    def _files(self) -> list[Path]:
        return list(self.folder.glob(f"*{SUFFIX}"))

    def _sync_folder(self) -> None:
        descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _read_if_changed(self) -> None:
        # Asked each time: what another process made is known at once, and what it destroyed is
        # forgotten by all.
        try:
            changed_at = self.folder.stat().st_mtime_ns
        except FileNotFoundError:
            changed_at = 0
        if changed_at != self._read_at:
            self._read()
            self._read_at = changed_at

    def _read(self) -> None:
        keys = list(self.given)
        for path in self._files():
            with suppress(FileNotFoundError):  # destroyed since it was listed
                keys.append(decode_key(path.read_text(encoding="ascii"), str(path)))
        self._ciphers = {fingerprint(key): AESGCM(key) for key in keys}


def site_keys() -> SiteKeys:
    """The keys of this site (``SITE_KEYS_DIR``, ``SITE_KEYS``)."""
    return _site_keys(Path(settings.SITE_KEYS_DIR), tuple(settings.SITE_KEYS))


@lru_cache
def _site_keys(folder: Path, given: tuple[str, ...]) -> SiteKeys:
    return SiteKeys(folder, given)
