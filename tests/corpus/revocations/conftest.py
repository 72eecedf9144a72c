"""What lists are made of in these tests: a release, and a key of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from collector.models import Campaign, Clip
from tests.corpus.rows import accepted_row, join
from tests.people import Person


@pytest.fixture(autouse=True)
def own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test's lists begin with a key of their own."""
    path = tmp_path / "key.pem"
    monkeypatch.setattr(settings, "REVOCATION_KEY_FILE", path)
    return path


@pytest.fixture
def released(campaign: Campaign, curator: Person) -> list[Clip]:
    """Four clips in a release, of one speaker."""
    part = join(campaign, 1)
    clips = [accepted_row(part, text) for text in ("yes", "no", "go", "stop")]
    assert curator.post("campaigns/words/releases").status_code == 201
    return sorted(clips, key=lambda clip: clip.pk)
