"""The running site has a list from its first answer on, and everybody can check it."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest

from clients import choir_sync
from tests.journey.conftest import Site

pytestmark = pytest.mark.browser  # as the other tests of the running site


def test_the_first_list_and_its_key_are_there_at_once(site: Site, rows: None, tmp_path: Path):
    with urllib.request.urlopen(f"{site.url}/api/v1/revocations.json") as answer:
        assert json.loads(answer.read())["list_number"] >= 1
    key = site.var_dir / "secrets" / "revocations.pem"
    assert key.stat().st_mode & 0o777 == 0o600
    assert choir_sync.main(["check", "--site", site.url, str(tmp_path)]) == 0
