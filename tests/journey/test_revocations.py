"""The running site makes its lists by itself, and everybody can check them."""

from __future__ import annotations

import json
import time
import urllib.request
from pathlib import Path
from urllib.error import HTTPError

import pytest

from clients import choir_sync
from tests.journey.conftest import Site

pytestmark = pytest.mark.browser  # as the other tests of the running site


def first_list(site: Site) -> bytes:
    deadline = time.monotonic() + 90
    while True:
        try:
            with urllib.request.urlopen(f"{site.url}/api/v1/revocations.json") as answer:
                return bytes(answer.read())
        except HTTPError as error:
            assert error.code == 404
        assert time.monotonic() < deadline, "the worker makes no list"
        time.sleep(0.5)


def test_the_worker_makes_the_key_and_the_first_list(site: Site, rows: None, tmp_path: Path):
    assert json.loads(first_list(site))["list_number"] >= 1
    key = site.var_dir / "secrets" / "revocations.pem"
    assert key.stat().st_mode & 0o777 == 0o600
    assert choir_sync.main(["check", "--site", site.url, str(tmp_path)]) == 0
