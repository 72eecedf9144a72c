"""The laptop's own services: what they say when they cannot start."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from config import embedded
from config.secrets import read_or_make_secret

ROOT = Path(__file__).resolve().parents[2]


def test_a_path_too_long_for_a_socket_is_refused_with_a_remedy(tmp_path: Path):
    deep = tmp_path / ("x" * 100)
    for service in (embedded.postgres, embedded.redis):
        with pytest.raises(embedded.ServiceFailed, match="CHOIR_VAR"), service(deep):
            pass


def test_a_taken_port_is_one_clear_line_with_the_remedy():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "manage.py", "up", "--port", str(port)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert f"make up PORT={port + 1}" in done.stderr


def test_a_secret_is_made_once_and_for_its_owner_only(tmp_path: Path):
    path = tmp_path / "secrets" / "django"
    secret = read_or_make_secret(path)
    assert len(secret) >= 50
    assert read_or_make_secret(path) == secret
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_sockets_folder_is_its_owners_and_holds_postgresqls_lock(services: None, settings):
    run = settings.VAR_DIR / "run"
    assert run.stat().st_mode & 0o777 == 0o700
    assert (run / "python_PostgresServer" / ".lockfile").exists()


def test_redis_that_runs_already_is_left_alone(services: None, settings):
    with embedded.redis(settings.VAR_DIR):
        pass
    assert embedded._redis_answers(settings.VAR_DIR)
