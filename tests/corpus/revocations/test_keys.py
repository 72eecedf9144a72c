"""The key that signs the lists: made once, handed over, refused where it is another."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from corpus.errors import RevocationKeyWrong
from corpus.revocations import keys
from corpus.services import (
    publish_revocations,
    rotate_key,
)
from corpus.services import revocations as service


def test_a_key_is_made_once_and_is_its_owner_s_alone(tmp_path: Path):
    path = tmp_path / "secrets" / "key.pem"
    first = keys.read_or_make_key(path)
    assert keys.public_of(keys.read_or_make_key(path)) == keys.public_of(first)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["key.pem"]


def test_a_file_that_is_no_key_is_refused():
    with pytest.raises(keys.KeyUnreadable, match="PEM"):
        keys.parse_key(b"hello")


def test_only_the_key_before_hands_over():
    old, new, other = keys.make_key(), keys.public_of(keys.make_key()), keys.make_key()
    signed = keys.hand_over(old, new)
    assert keys.is_handed_over(keys.public_of(old), new, signed)
    assert not keys.is_handed_over(keys.public_of(other), new, signed)
    assert not keys.is_handed_over(keys.public_of(old), keys.public_of(other), signed)


def test_a_new_key_is_signed_by_the_old_one_and_signs_from_then_on(
    client: Client, own_key: Path, db: None
):
    publish_revocations()
    was = own_key.read_bytes()
    rotate_key()
    assert own_key.read_bytes() == was, "nothing is replaced before the world is told"
    old, new = client.get("/api/v1/revocations/key").json()
    assert keys.is_handed_over(old["public_key"], new["public_key"], new["signature"])
    assert keys.is_signed(new["public_key"], b"x", service.sign(b"x"))
    assert [path.name for path in own_key.parent.glob("key.pem*")] == ["key.pem"]
    assert own_key.stat().st_mode & 0o777 == 0o600


def test_a_machine_with_another_key_signs_nothing(
    own_key: Path, db: None, monkeypatch: pytest.MonkeyPatch
):
    publish_revocations()
    other = keys.as_pem(keys.make_key()).decode()
    monkeypatch.setattr(settings, "REVOCATION_KEY", other)
    with pytest.raises(RevocationKeyWrong):
        service.sign(b"x")
    monkeypatch.setattr(settings, "REVOCATION_KEY", own_key.read_text())
    assert service.sign(b"x")
