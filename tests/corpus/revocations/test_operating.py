"""What an operator does: after a restore, and with the key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from collector.models import Clip
from corpus.errors import ListUnknown
from corpus.models import (
    RevocationList,
)
from corpus.services import (
    adopt_list,
)
from tests.corpus.revocations.lists import get_list, publish, take_back


def test_a_restored_site_goes_on_after_the_list_that_it_had_published(
    client: Client, released: list[Clip], monkeypatch: pytest.MonkeyPatch
):
    publish(monkeypatch)
    before = transaction.savepoint()
    for clip in released[:2]:
        take_back(clip)
        newest = publish(monkeypatch)
    _, content, signature = get_list(client)
    transaction.savepoint_rollback(before)
    assert RevocationList.objects.count() == 1
    with pytest.raises(ListUnknown):
        adopt_list(content.replace(b"withdrawn", b"quality"), bytes.fromhex(signature))
    adopted = adopt_list(content, bytes.fromhex(signature))
    assert (adopted.number, adopted.sha256) == (3, newest.sha256)
    assert get_list(client)[1] == content
    take_back(released[0])  # the restored database does not know of it either
    take_back(released[3])
    parsed, _, _ = (publish(monkeypatch), *get_list(client))[1:]
    assert [entry["clip_id"] for entry in parsed["entries"]] == [
        str(released[n].pk) for n in (0, 1, 3)
    ]
    with pytest.raises(ListUnknown):
        adopt_list(content, bytes.fromhex(signature))


def test_an_operator_turns_the_key_and_takes_up_a_published_list(
    client: Client, released: list[Clip], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    def run(*words: str) -> dict[str, Any]:
        call_command("revocations", *words)
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        return answer

    assert run("publish") == {"list_number": 1}
    assert run("publish") == {"list_number": None}
    assert run("fill") == {"filled": 0}
    assert (
        run("rotate")["fingerprint"]
        == client.get("/api/v1/revocations/key").json()[1]["fingerprint"]
    )
    _, content, signature = get_list(client)
    (tmp_path / "list").write_bytes(content)
    (tmp_path / "sig").write_bytes(bytes.fromhex(signature))
    with pytest.raises(SystemExit) as ended:
        run("adopt", str(tmp_path / "list"), str(tmp_path / "sig"))
    assert ended.value.code == 3, "it is here already"
