"""The same by HTTP: the site's own web server, and 64 desks that ask it for clips."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bench.leases.clients import NUM_CLIENTS, PER_CALL, Taken, joined
from bench.leases.world import FIRST_REVIEWER

if TYPE_CHECKING:
    from collector.models import Campaign

CALLS_PER_DESK = 12
PATIENCE_S = 120.0


@contextmanager
def served() -> Iterator[int]:
    """The web server as ``make up`` starts it; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [
        sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}",
        "--workers", "2", "--worker-class", "gthread", "--threads", "8", "--no-control-socket",
        "--log-level", "error",
    ]  # fmt: skip
    environment = {**os.environ, "ALLOWED_HOSTS": "127.0.0.1", "INSECURE_HTTP": "1"}
    server = subprocess.Popen(command, env=environment)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("The web server did not start.")


def by_http(campaign: Campaign) -> tuple[Taken, float]:
    """What 64 desks got, and the seconds that it took."""
    sessions = [signed_in(FIRST_REVIEWER + number) for number in range(NUM_CLIENTS)]
    with served() as port, ThreadPoolExecutor(NUM_CLIENTS) as pool:
        list(pool.map(lambda key: desk(port, campaign.slug, key, 1), sessions[:8]))  # warmed up
        began = time.perf_counter()
        parts = list(pool.map(lambda key: desk(port, campaign.slug, key, CALLS_PER_DESK), sessions))
        return joined(parts), time.perf_counter() - began


def signed_in(user_id: int) -> str:
    """The key of a session of this account."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from collector.models import User

    session = SessionStore()
    session[SESSION_KEY] = str(user_id)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = User.objects.get(pk=user_id).get_session_auth_hash()
    session.create()
    return str(session.session_key)


def desk(port: int, slug: str, key: str, calls: int) -> Taken:
    """One desk on one connection. Its clips are put off for a day, or it would get them again."""
    from django.db import connection

    taken = Taken([], [])
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    token = "t" * 32
    headers = {"Cookie": f"sessionid={key}; csrftoken={token}", "X-CSRFToken": token}
    for _ in range(calls):
        began = time.perf_counter()
        line.request("POST", f"/api/v1/campaigns/{slug}/review/next?count={PER_CALL}", b"", headers)
        answer = line.getresponse()
        body = answer.read()
        taken.calls_s.append(time.perf_counter() - began)
        if answer.status != 200:
            raise RuntimeError(f"The server answered {answer.status}: {body[:300]!r}")
        got = [uuid.UUID(case["id"]) for case in json.loads(body)["cases"]]
        taken.ids.extend(got)
        _let_go(got)
    connection.close()
    return taken


def _let_go(ids: list[uuid.UUID]) -> None:
    """Out of this desk's hands and not into another's, as a vote would do."""
    from validation.models import ReviewCase

    ReviewCase.objects.filter(pk__in=ids).update(leased_by=None)
