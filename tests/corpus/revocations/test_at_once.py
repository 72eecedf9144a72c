"""Lists that are made at the same moment, and withdrawals meanwhile: real threads."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from collector.access import Actor
from collector.models import Campaign
from corpus.models import Revocation, RevocationList
from corpus.revocations import document
from corpus.selectors import head_of, revocations_of
from corpus.services import cut_release, publish_revocations, withdraw
from tests.corpus.rows import accepted_row, join
from tests.corpus.test_at_once import at_once
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("path", [".json", ".json.sig", "/key", "/key.pem"])
def test_whoever_asks_first_gets_the_first_list_and_all_get_the_same(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(settings, "REVOCATION_KEY_FILE", tmp_path / "key.pem")

    def ask() -> bytes:
        response: Any = Client().get(f"/api/v1/revocations{path}")
        assert response.status_code == 200, response.content
        return b"".join(response)

    answers = at_once(*[ask] * 4, publish_revocations)
    assert len({answer for answer in answers if isinstance(answer, bytes)}) == 1, answers
    assert [type(answer) for answer in answers[:4]] == [bytes] * 4
    assert RevocationList.objects.values_list("number", flat=True).get() == 1


def test_numbers_have_no_gap_and_no_list_forgets_or_repeats_a_clip(
    campaign: Campaign, curator: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(settings, "REVOCATION_KEY_FILE", tmp_path / "key.pem")
    monkeypatch.setattr("corpus.revocations.timing.QUIET", timedelta(0))
    parts = [join(campaign, number) for number in range(6)]
    clips = [accepted_row(part, text) for part in parts for text in ("yes", "no")]
    release = cut_release(Actor(user=curator.user), campaign)
    for first in range(0, len(clips), 3):
        calls = [
            lambda clip=clip: withdraw(Actor(speaker=clip.participation.speaker), clip.pk)
            for clip in clips[first : first + 3]
        ]
        answers = at_once(*calls, *[publish_revocations] * 4)
        assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    publish_revocations()
    lists = list(RevocationList.objects.order_by("number"))
    assert [each.number for each in lists] == list(range(1, len(lists) + 1))
    hashes = [document.NO_LIST, *(each.sha256 for each in lists)]
    assert [each.previous_sha256 for each in lists] == hashes[:-1]
    assert {each.clip_id for each in Revocation.objects.all()} == {clip.pk for clip in clips}
    for each in lists:
        assert (
            document.sha256_of(document.whole(head_of(each), revocations_of(each))) == each.sha256
        )
        # Each withdrawal was one revision, so a list is of one moment if both agree.
        assert each.releases[str(release.pk)]["revision"] == each.num_entries
