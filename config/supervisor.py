"""Starts everything that a site needs on one machine, keeps it running, and stops it again.

The steps are those of any deployment (services, migrations, static files, then three programs);
a cluster does them with its own means, see deploy/.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import segno
from django.core.management import call_command

from collector.services import require_site_key
from config import embedded
from config.https import Certificate, certificate_for, is_loopback, main_address, own_names

STOP_TIMEOUT_S = 15
START_TIMEOUT_S = 60
RESTART_PAUSE_S = 1.0


class CannotStart(RuntimeError):
    """A step failed; the message is one line with the remedy."""


@dataclass
class Program:
    """A child process that should be running."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None


@dataclass
class Supervisor:
    """One site on one machine."""

    var_dir: Path
    host: str
    port: int
    workers: int
    with_demo: bool
    certificate: Certificate | None = None
    programs: list[Program] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Start everything, watch over it until a signal comes, stop everything."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._stop.set())
        self._check_port()
        self._certify()
        say("Starting the database and Redis")
        with embedded.services(self.var_dir):
            self._prepare()
            try:
                self._start_programs()
                self._greet()
                self._watch()
            finally:
                self._stop_programs()
        say("Stopped.")

    @property
    def url(self) -> str:
        """Where the site answers, on this machine and, with HTTPS, in the room."""
        if self.certificate is None:
            return f"http://{'localhost' if self.host == '127.0.0.1' else self.host}:{self.port}"
        anywhere = self.host == "0.0.0.0"  # noqa: S104 - only compared
        return f"https://{main_address() if anywhere else self.host}:{self.port}"

    def _check_port(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as error:
                raise CannotStart(
                    f"Cannot listen on {self.host}:{self.port} ({error.strerror}). Stop what uses "
                    f"the port, or choose another: make up PORT={self.port + 1}"
                ) from error

    def _certify(self) -> None:
        """Make a certificate where others are to reach the site, and nobody else sees to HTTPS."""
        if is_loopback(self.host) or "SITE_URL" in os.environ:
            return
        names = own_names(self.host)
        self.certificate = certificate_for(names, self.var_dir / "https")
        os.environ.setdefault("ALLOWED_HOSTS", ",".join(names))
        # A browser that was told to insist on HTTPS refuses certificates that it must ask about.
        os.environ.setdefault("HSTS_SECONDS", "0")

    def _prepare(self) -> None:
        steps: list[tuple[str, Callable[[], object]]] = [
            ("Bringing the tables up to date", lambda: call_command("migrate", verbosity=0)),
            ("Looking for the site's key", require_site_key),
            (
                "Collecting the pages' files",
                lambda: call_command("collectstatic", interactive=False, verbosity=0),
            ),
        ]
        for title, step in steps:
            say(title)
            try:
                step()
            except Exception as error:
                raise CannotStart(f"{title} failed: {error}") from error

    def _start_programs(self) -> None:
        say("Starting the web server, the worker and the timetable")
        celery = [sys.executable, "-m", "celery", "--quiet", "--app", "config.celery"]
        bind = f"{self.host}:{self.port}"
        self.programs = [
            Program("web", [
                sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", bind, "--workers", "2",
                "--worker-class", "gthread", "--threads", "8", "--no-control-socket",
                *self._https_options(),
            ]),
            Program("worker", [
                *celery, "worker", "--loglevel", "INFO", "--concurrency", str(self.workers),
                "--without-gossip", "--without-mingle",
            ]),
            Program("timetable", [
                *celery, "beat", "--loglevel", "WARNING", "--pidfile", "",
                "--schedule", str(self.var_dir / "timetable"),
            ]),
        ]  # fmt: skip
        for program in self.programs:
            self._start(program)
        self._wait_until_it_answers()

    def _https_options(self) -> list[str]:
        if self.certificate is None:
            return []
        files = ["--certfile", str(self.certificate.chain), "--keyfile", str(self.certificate.key)]
        return ["--config", "python:config.gunicorn_https", *files]

    def _start(self, program: Program) -> None:
        with self._log(program.name).open("ab") as log:
            # In a session of its own: Ctrl-C reaches the supervisor alone, which stops the others
            # in order, so that a worker ends its clip first.
            program.process = subprocess.Popen(  # noqa: S603 - our own programs
                program.command,
                stdin=subprocess.DEVNULL,
                stdout=None if program.name == "web" else log,  # mails of the console backend
                stderr=log,
                start_new_session=True,
                env={**os.environ, "SITE_URL": os.environ.get("SITE_URL", self.url)},
            )
        self._write_state()

    def _log(self, name: str) -> Path:
        folder = self.var_dir / "log"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{name}.log"

    def _write_state(self) -> None:
        # For operators and tests: which process is which.
        pids = {p.name: p.process.pid for p in self.programs if p.process is not None}
        state = {"url": self.url, "supervisor": os.getpid(), **pids}
        (self.var_dir / "up.json").write_text(json.dumps(state), encoding="ascii")

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while not _answers(f"{self.url}/healthz", self.certificate):
            if time.monotonic() > deadline or self._has_died("web"):
                raise CannotStart(f"The web server does not answer; see {self._log('web')}")
            if self._stop.wait(0.1):
                return

    def _has_died(self, name: str) -> bool:
        processes = [p.process for p in self.programs if p.name == name]
        return any(process is not None and process.poll() is not None for process in processes)

    def _greet(self) -> None:
        from config import demo

        if self.certificate is not None:
            self._invite()
        say(f"Choir is at {self.url}   (Ctrl-C stops it; logs are in {self.var_dir / 'log'})")
        if self.with_demo:
            links = demo.sign_in_links(demo.load(), self.url)
            print("\n  Sign in once as", flush=True)
            for name, address in links:
                print(f"    {name:16} {address}", flush=True)
            print(flush=True)

    def _invite(self) -> None:
        """Show the room the way: the address for phones in the same network."""
        print(flush=True)
        segno.make(self.url, micro=False).terminal(compact=True)
        print(
            f"\n  For phones in this network: {self.url}\n"
            "  They will warn once that they do not know this machine's certificate, for it was\n"
            "  made here just now: no authority vouches for a laptop. Choose to go on; the\n"
            "  connection is encrypted, and without it browsers give no microphone.\n",
            flush=True,
        )

    def _watch(self) -> None:
        while not self._stop.wait(RESTART_PAUSE_S):
            for program in self.programs:
                if program.process is not None and program.process.poll() is not None:
                    code = program.process.returncode
                    say(
                        f"The {program.name} ended ({code}) and is started again; see "
                        f"{self._log(program.name)}"
                    )
                    self._start(program)

    def _stop_programs(self) -> None:
        say("Stopping")
        running = [p.process for p in self.programs if p.process and p.process.poll() is None]
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(timeout=STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                # A whole session, so that no child of it stays behind.
                os.killpg(process.pid, signal.SIGKILL)
        (self.var_dir / "up.json").unlink(missing_ok=True)


def _answers(address: str, certificate: Certificate | None) -> bool:
    trust = None
    if certificate is not None:
        trust = ssl.create_default_context(cafile=str(certificate.authority))
    try:
        with urllib.request.urlopen(address, timeout=2, context=trust) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def say(text: str) -> None:
    """One line of progress."""
    print(f"▸ {text}", flush=True)
