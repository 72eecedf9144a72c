"""Keys at the same moment: real threads on the real database, each with a connection of its own."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from collector.access import Actor
from collector.errors import ClipWithdrawn
from collector.models import Campaign, Clip, ClipKey, SiteKey, SiteKeyStatus, Speaker
from collector.selectors import current_consent_text
from collector.services import (
    Derivative,
    derive,
    give_consent,
    join_as_speaker,
    receive_clip,
    replace_site_key,
    rewrap_some,
    transcode_clip,
    withdraw_clip,
)
from collector.storage import FolderStore, audio_store, clip_folder, original_key
from collector.vault import destroy_keys
from corpus.services import withdraw
from tests.corpus.test_at_once import at_once
from tests.people import audio_of

pytestmark = pytest.mark.django_db(transaction=True)
DATA = audio_of("yes")
SHA256 = hashlib.sha256(DATA).hexdigest()
ROUNDS = 5


@pytest.fixture(autouse=True)
def keys(settings, tmp_path: Path) -> None:
    """A folder of keys of its own."""
    settings.SITE_KEYS_DIR = tmp_path / "keys"


@pytest.fixture
def ann(campaign: Campaign) -> Speaker:
    speaker, _ = join_as_speaker()
    text = current_consent_text(campaign)
    give_consent(speaker, campaign, version=text.version, sha256=text.sha256, adult=True)
    return speaker


def lend(speaker: Speaker, campaign: Campaign, clip_id: uuid.UUID) -> Clip:
    return receive_clip(speaker, clip_id, campaign.prompts.get(text="yes"), DATA, SHA256, {})[0]


def nothing_opens(clip_id: uuid.UUID) -> bool:
    """Whether the clip's key is destroyed, and no file of it can be read."""
    for key in audio_store().keys(clip_folder(clip_id)):
        with pytest.raises(FileNotFoundError):
            audio_store().get(key)
    return ClipKey.objects.get(pk=clip_id).wrapped is None


def test_many_puts_of_a_new_clip_share_one_key(db: None):
    clip_id = uuid.uuid4()
    names = [original_key(clip_id, f"{n:064x}") for n in range(8)]

    def put(name: str) -> None:
        audio_store().put(name, name.encode())

    assert at_once(*[lambda name=name: put(name) for name in names]) == [None] * 8
    assert [audio_store().get(name) for name in names] == [name.encode() for name in names]
    assert SiteKey.objects.count() == 1


def test_an_upload_sent_again_while_it_is_taken_back_brings_no_key_back(
    ann: Speaker, campaign: Campaign
):
    def race(clip: Clip) -> list[object]:
        return at_once(
            *[lambda: audio_store().put(original_key(clip.pk, "a" * 64), DATA)] * 3,
            lambda: lend(ann, campaign, clip.pk),
            lambda: withdraw(Actor(speaker=ann), clip.pk),
        )

    for _ in range(ROUNDS):
        clip = lend(ann, campaign, uuid.uuid4())
        errors = [answer for answer in race(clip) if isinstance(answer, Exception)]
        assert all(isinstance(error, ClipWithdrawn) for error in errors), errors
        assert nothing_opens(clip.pk)


def test_work_on_a_clip_that_is_taken_back_brings_no_key_back(ann: Speaker, campaign: Campaign):
    def race(clip: Clip, *work: Callable[[], object]) -> None:
        at_once(*work, lambda: withdraw(Actor(speaker=ann), clip.pk))
        assert nothing_opens(clip.pk)

    for _ in range(ROUNDS):
        clip = lend(ann, campaign, uuid.uuid4())
        race(clip, partial(transcode_clip, clip.pk))
    clip = lend(ann, campaign, uuid.uuid4())
    transcode_clip(clip.pk)
    clip.refresh_from_db()
    race(
        clip, *[partial(derive, clip, kind) for kind in (Derivative.PEAKS, Derivative.SPECTROGRAM)]
    )


def test_a_withdrawal_between_the_key_and_the_bytes_leaves_noise(
    ann: Speaker, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
):
    clip = lend(ann, campaign, uuid.uuid4())
    key, put = original_key(clip.pk, "a" * 64), FolderStore.put

    def late(self: FolderStore, key: str, data: bytes) -> None:
        (withdrawn,) = at_once(lambda: withdraw_clip(clip))
        assert withdrawn is True, "it waits for no upload"
        put(self, key, data)

    with monkeypatch.context() as patched:
        patched.setattr(FolderStore, "put", late)
        audio_store().put(key, DATA)
    assert key in audio_store().keys(clip_folder(clip.pk))
    assert nothing_opens(clip.pk)


def test_a_rotation_and_withdrawals_and_uploads_at_once_get_in_nobodys_way(db: None):
    names = [original_key(uuid.uuid4(), "a" * 64) for _ in range(60)]
    for name in names[:40]:
        audio_store().put(name, name.encode())
    clip_ids = [uuid.UUID(name.split("/")[2]) for name in names]

    def rotate() -> None:
        replace_site_key()
        while rewrap_some(limit=7):
            pass

    answers = at_once(
        rotate,
        lambda: [destroy_keys(clip_ids[start : start + 5]) for start in range(0, 20, 5)],
        lambda: destroy_keys(list(reversed(clip_ids[:20]))),
        lambda: [audio_store().put(name, name.encode()) for name in names[40:]],
        lambda: [audio_store().put(name, name.encode()) for name in names[20:40]],
    )
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    while rewrap_some():
        pass
    kept = ClipKey.objects.filter(wrapped__isnull=False)
    assert {key.site_key.status for key in kept.select_related("site_key") if key.site_key} == {
        SiteKeyStatus.CURRENT
    }
    assert [audio_store().get(name) for name in names[20:]] == [n.encode() for n in names[20:]]
    assert ClipKey.objects.filter(wrapped=None).count() == 20
