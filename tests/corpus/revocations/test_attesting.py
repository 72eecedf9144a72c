"""Who pruned a copy, and says so."""

from __future__ import annotations

import pytest
from django.test import Client

from collector.access import Actor
from collector.models import Clip
from corpus.models import (
    Attestation,
    Release,
    RevocationList,
)
from corpus.selectors import attestations_of
from corpus.services import (
    make_token,
)
from tests.corpus.revocations.lists import publish, take_back
from tests.people import Person


def test_who_pruned_a_copy_says_so_with_their_token_and_is_counted(
    researcher: Person, client: Client, released: list[Clip], monkeypatch: pytest.MonkeyPatch
):
    publish(monkeypatch)
    release = Release.objects.get()
    assert researcher.get(f"releases/{release.pk}/exports/nemo").status_code == 200
    take_back(released[0])
    newest = publish(monkeypatch)
    _, token = make_token(Actor(user=researcher.user), "attests", 30)

    def attest(**said: object) -> int:
        body = {
            "format": "nemo", "revision": 1, "list_number": newest.number,
            "list_sha256": newest.sha256, "num_removed": 1, **said,
        }  # fmt: skip
        headers = {"Authorization": f"Bearer {token}"}
        path = f"/api/v1/releases/{release.pk}/attestations"
        return client.post(path, body, "application/json", headers=headers).status_code

    assert attest(list_sha256="0" * 64) == 404
    assert attest(format="mp3") == 400
    assert [attest(), attest(), Attestation.objects.count()] == [201, 200, 1]
    assert attestations_of([released[0].pk]).count() == 1
    assert attestations_of([released[1].pk]).count() == 0
    assert attest(list_number=1, list_sha256=RevocationList.objects.get(number=1).sha256) == 201
    assert attestations_of([released[0].pk]).count() == 1, "the list before did not name it"
    headers = {"Authorization": f"Bearer {token}"}
    request_id = released[0].withdrawal.request_id
    receipt = client.get(f"/api/v1/withdrawals/{request_id}").json()
    assert receipt["fetched"]["num_pruned"] == 1, "in the receipt of who took the clip back"
    path = f"/api/v1/releases/{release.pk}"
    refused = client.patch(path, {"is_public": True}, "application/json", headers=headers)
    assert refused.json()["code"] == "token_only_reads"
