"""The site's own programs, for benches that ask as a browser does: web server, worker, timetable.

They are started as `up` and deployments start them, belong to the site that ``bench.pipeline.site``
made, and end with their block. What they log lies in its folder.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from django.test import Client

ROOT = Path(__file__).parents[1]
HOST = "127.0.0.1"
START_TIMEOUT_S = 60
_CELERY = ("-m", "celery", "--quiet", "--app", "config.celery")
#: Nobody is sent away for asking often.
_RATES = dict.fromkeys(("RATE_DOWNLOADS", "RATE_TAKEOUTS"), "1000000/min")

_NOBODY: Mapping[str, str] = {}


@contextmanager
def running(
    name: str,
    *arguments: str,
    end_by: signal.Signals = signal.SIGTERM,
    environment: Mapping[str, str] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """A Python program of the site, ended with the block; ``name`` is its log's."""
    with (Path(os.environ["CHOIR_VAR"]) / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, stdout=log, stderr=log,
            env={**os.environ, **(environment or {})},
        )  # fmt: skip
        try:
            yield process
        finally:
            process.send_signal(end_by)
            process.wait(timeout=60)


def worker(concurrency: int) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """A Celery worker, as `up` starts it."""
    return running(
        "worker", *_CELERY, "worker", "--loglevel", "INFO",
        "--without-gossip", "--without-mingle", "--concurrency", str(concurrency),
    )  # fmt: skip


def timetable() -> AbstractContextManager[subprocess.Popen[bytes]]:
    """Celery's timetable, as `up` starts it."""
    schedule = str(Path(os.environ["CHOIR_VAR"]) / "timetable")
    return running(
        "timetable", *_CELERY, "beat", "--loglevel", "WARNING", "--pidfile", "",
        "--schedule", schedule,
    )  # fmt: skip


def children_of(pid: int) -> list[int]:
    """The processes that a program has started (Linux)."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def most_held_mb(pid: int | str = "self") -> float:
    """The most that a process ever held; ``getrusage`` would count its parent's, too (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6


class Server(NamedTuple):
    """A running web server."""

    port: int
    pid: int

    @property
    def cpu_s(self) -> float:
        """What its processes have computed so far, in seconds of one core (Linux)."""
        stats = (Path(f"/proc/{each}/stat").read_text() for each in children_of(self.pid))
        fields = (stat.rpartition(")")[2].split()[11:13] for stat in stats)
        return sum(int(ticks) for pair in fields for ticks in pair) / os.sysconf("SC_CLK_TCK")

    @contextmanager
    def ask(
        self, method: str, path: str, headers: Mapping[str, str] = _NOBODY, body: Any = None
    ) -> Iterator[http.client.HTTPResponse]:
        """The answer, as far as its headers have come; RuntimeError where it is a refusal."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=600)
        sent = None if body is None else json.dumps(body)
        connection.request(method, path, sent, {**headers, "Content-Type": "application/json"})
        response = connection.getresponse()
        if response.status >= 300:
            raise RuntimeError(f"{path}: {response.status} {response.read()[:500]!r}")
        try:
            yield response
        finally:
            connection.close()

    def json(
        self, method: str, path: str, headers: Mapping[str, str] = _NOBODY, body: Any = None
    ) -> Any:
        """What the API answers."""
        with self.ask(method, path, headers, body) as response:
            return json.load(response)


@contextmanager
def web(
    application: str = "config.wsgi", processes: int = 1, **environment: str
) -> Iterator[Server]:
    """A web server as deployments start it, but with one process if not told otherwise."""
    with socket.create_server((HOST, 0)) as probe:
        port: int = probe.getsockname()[1]
    command = (
        "-m", "gunicorn", application, "--bind", f"{HOST}:{port}", "--workers", "1",
        "--worker-class", "gthread", "--threads", "8", "--no-control-socket",
        "--log-level", "warning",
    )  # fmt: skip
    around = {"ALLOWED_HOSTS": HOST, **_RATES, **environment}
    with running(f"web-{port}", *command, environment=around) as process:
        server = Server(port, process.pid)
        _wait_for(server)
        yield server


def _wait_for(server: Server) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        try:
            with server.ask("GET", "/healthz"):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The web server does not answer.")


@contextmanager
def whole_site(concurrency: int = 2) -> Iterator[Server]:
    """Web server, worker and timetable, with empty queues."""
    from config.celery import app

    app.control.purge()  # what the bench itself has asked for, with nobody there to do it
    with ExitStack() as stack:
        server = stack.enter_context(web())
        stack.enter_context(worker(concurrency))
        stack.enter_context(timetable())
        yield server


def header_of(client: Client) -> dict[str, str]:
    """By which a browser with this client's session is known, and may write."""
    token = "t" * 32
    session = client.cookies["sessionid"].value
    return {"Cookie": f"sessionid={session}; csrftoken={token}", "X-CSRFToken": token}
