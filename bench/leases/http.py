"""The same by HTTP: the site's own web server, and 64 desks that ask it for clips."""

from __future__ import annotations

import http.client
import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from bench.leases.clients import NUM_CLIENTS, PER_CALL, Taken, joined
from bench.leases.world import FIRST_REVIEWER
from bench.programs import HOST, web

if TYPE_CHECKING:
    from collector.models import Campaign

CALLS_PER_DESK = 12
PATIENCE_S = 120.0


def by_http(campaign: Campaign) -> tuple[Taken, float]:
    """What 64 desks got, and the seconds that it took."""
    sessions = [signed_in(FIRST_REVIEWER + number) for number in range(NUM_CLIENTS)]
    with web(processes=2) as server, ThreadPoolExecutor(NUM_CLIENTS) as pool:
        port = server.port
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
    line = http.client.HTTPConnection(HOST, port, timeout=PATIENCE_S)
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
