"""The site's keys: replaced while all goes on, destroyed in time, and never while needed."""

from __future__ import annotations

import stat
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from collector import tasks
from collector.errors import SiteKeyMissing, StorageFailed
from collector.models import ClipKey, SiteKey, SiteKeyStatus
from collector.services import (
    destroy_retired,
    is_replacement_due,
    note_emptied,
    num_to_rewrap,
    replace_site_key,
    rewrap_some,
)
from collector.storage import audio_store, original_key
from collector.vault import destroy_key
from collector.vault.keys import NoFreshSiteKey
from collector.vault.site_keys import SiteKeys, decode_key, encode_key, site_keys
from collector.vault.wrapping import fingerprint, new_key

LONG_AGO = timezone.now() - timedelta(days=1000)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path, db: None) -> Path:
    """A site of its own: no key yet."""
    settings.SITE_KEYS_DIR = tmp_path / "keys"
    return tmp_path / "keys"


@pytest.fixture
def voices() -> Iterator[dict[str, bytes]]:
    """What was put, by its key in the storage."""
    made = {original_key(uuid.uuid4(), "a" * 64): f"voice {n}".encode() for n in range(5)}
    for key, data in made.items():
        audio_store().put(key, data)
    yield made
    for key in made:
        audio_store().delete(key)


def read(voices: dict[str, bytes]) -> dict[str, bytes]:
    return {key: audio_store().get(key) for key in voices}


def statuses() -> list[str]:
    return list(SiteKey.objects.order_by("made_at").values_list("status", flat=True))


def test_the_first_key_is_made_for_its_owner_alone(folder: Path, voices: dict[str, bytes]):
    (key,) = SiteKey.objects.all()
    (path,) = folder.iterdir()
    assert path.name == f"{key.pk}.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert fingerprint(decode_key(path.read_text(), "it")) == key.pk


def test_nothing_of_a_key_is_in_the_database(folder: Path, voices: dict[str, bytes]):
    (path,) = folder.iterdir()
    key = decode_key(path.read_text(), "it")
    (row,) = SiteKey.objects.values_list()
    assert key.hex() not in str(row) and encode_key(key) not in str(row)
    assert all(
        key not in bytes(wrapped) for wrapped in ClipKey.objects.values_list("wrapped", flat=True)
    )


def test_a_new_key_takes_over_while_everything_can_be_read(voices: dict[str, bytes]):
    replace_site_key()
    assert statuses() == [SiteKeyStatus.RETIRED, SiteKeyStatus.CURRENT]
    assert num_to_rewrap() == 5
    while rewrap_some(limit=2):
        assert read(voices) == voices
    assert num_to_rewrap() == 0
    assert ClipKey.objects.filter(site_key__status=SiteKeyStatus.CURRENT).count() == 5


def test_a_rotation_that_was_stopped_goes_on_and_makes_no_further_key(
    voices: dict[str, bytes], capsys: pytest.CaptureFixture[str]
):
    replace_site_key()
    rewrap_some(limit=2)
    call_command("rotate_site_key")
    assert "Going on" in capsys.readouterr().err
    assert statuses() == [SiteKeyStatus.RETIRED, SiteKeyStatus.CURRENT]
    assert num_to_rewrap() == 0
    call_command("rotate_site_key")
    assert statuses()[1:] == [SiteKeyStatus.RETIRED, SiteKeyStatus.CURRENT]
    assert read(voices) == voices


def test_a_retired_key_is_destroyed_when_its_days_are_over_and_not_before(
    folder: Path, voices: dict[str, bytes], settings
):
    settings.BACKUP_DAYS = 30
    old = SiteKey.objects.get().pk
    replace_site_key()
    SiteKey.objects.filter(pk=old).update(retired_at=LONG_AGO)
    assert destroy_retired() == [], "five clips need it"
    while rewrap_some():
        pass
    assert destroy_retired() == [], "backups of before still need it"
    SiteKey.objects.filter(pk=old).update(emptied_at=timezone.now() - timedelta(days=29))
    assert destroy_retired() == []
    assert (folder / f"{old}.key").exists()
    SiteKey.objects.filter(pk=old).update(emptied_at=timezone.now() - timedelta(days=31))
    assert destroy_retired() == [old]
    assert destroy_retired() == []
    assert not (folder / f"{old}.key").exists()
    assert statuses() == [SiteKeyStatus.DESTROYED, SiteKeyStatus.CURRENT]
    assert read(voices) == voices
    with pytest.raises(SiteKeyMissing):
        site_keys().cipher(old)


def test_no_key_is_destroyed_that_a_clip_needs_whatever_its_row_says(voices: dict[str, bytes]):
    old = SiteKey.objects.get().pk
    replace_site_key()
    SiteKey.objects.filter(pk=old).update(emptied_at=LONG_AGO)
    assert destroy_retired() == []
    assert read(voices) == voices


def test_a_destroyed_clips_key_is_wrapped_no_more(voices: dict[str, bytes]):
    gone = ClipKey.objects.first()
    assert gone is not None
    destroy_key(gone.pk)
    replace_site_key()
    assert num_to_rewrap() == 4
    while rewrap_some():
        pass
    gone.refresh_from_db()
    assert gone.wrapped is None


def test_the_timetable_replaces_a_key_that_is_old_and_destroys_what_is_due(
    voices: dict[str, bytes], settings, monkeypatch: pytest.MonkeyPatch
):
    settings.SITE_KEY_DAYS = 30
    monkeypatch.setattr(tasks.rewrap_keys, "delay", tasks.rewrap_keys)
    tasks.tend_site_keys()
    assert statuses() == [SiteKeyStatus.CURRENT]
    SiteKey.objects.update(made_at=timezone.now() - timedelta(days=31))
    tasks.tend_site_keys()
    assert statuses() == [SiteKeyStatus.RETIRED, SiteKeyStatus.CURRENT]
    assert num_to_rewrap() == 0
    assert SiteKey.objects.filter(emptied_at=None).count() == 1, "its days count from now"
    SiteKey.objects.filter(emptied_at__isnull=False).update(emptied_at=LONG_AGO)
    tasks.tend_site_keys()
    assert statuses() == [SiteKeyStatus.DESTROYED, SiteKeyStatus.CURRENT]
    assert read(voices) == voices


def test_a_key_that_was_lost_is_a_clear_error_and_loses_nothing_more(
    folder: Path, voices: dict[str, bytes], caplog: pytest.LogCaptureFixture
):
    (path,) = folder.iterdir()
    away = path.rename(folder.parent / path.name)
    with pytest.raises(SiteKeyMissing):
        read(voices)
    assert str(folder) in caplog.text and "Restore it" in caplog.text
    with pytest.raises(StorageFailed):
        audio_store().put(original_key(uuid.uuid4(), "a" * 64), b"a voice")
    replace_site_key()
    with pytest.raises(CommandError, match="log"):
        call_command("rotate_site_key")
    assert num_to_rewrap() == 5
    away.rename(path)
    assert read(voices) == voices


def test_a_cluster_gives_its_keys_by_the_environment(folder: Path, settings):
    first, second = encode_key(new_key()), encode_key(new_key())
    settings.SITE_KEYS = [first]
    key = original_key(uuid.uuid4(), "a" * 64)
    audio_store().put(key, b"a voice")
    assert not folder.exists()
    with pytest.raises(NoFreshSiteKey, match="--print-new"):
        replace_site_key()
    SiteKey.objects.update(made_at=LONG_AGO)
    assert not is_replacement_due(), "nobody could make its successor unasked"
    settings.SITE_KEYS = [second, first]
    replace_site_key()
    while rewrap_some():
        pass
    note_emptied()
    SiteKey.objects.filter(emptied_at__isnull=False).update(emptied_at=LONG_AGO)
    assert destroy_retired() == [], "it is still given"
    settings.SITE_KEYS = [second]
    assert len(destroy_retired()) == 1
    assert audio_store().get(key) == b"a voice"
    audio_store().delete(key)


def test_what_another_process_makes_or_destroys_is_known_at_once(folder: Path):
    one, other = SiteKeys(folder), SiteKeys(folder)
    made = [one.make() for _ in range(3)]
    assert all(other.cipher(key_id) for key_id in made), "also within one tick of the clock"
    assert other.ids() == one.ids() and set(one.ids()) == set(made)
    one.destroy(made[0])
    one.destroy(made[0])
    assert made[0] not in other.ids()
    assert len(list(folder.iterdir())) == 2


def test_an_operator_sees_which_keys_there_are(
    folder: Path, voices: dict[str, bytes], capsys: pytest.CaptureFixture[str]
):
    replace_site_key()
    call_command("site_keys")
    old, new = capsys.readouterr().out.splitlines()
    assert "retired" in old and "here" in old and old.endswith("5 clips")
    assert "current" in new and new.endswith("0 clips")
    call_command("site_keys", "--print-new")
    printed = capsys.readouterr().out
    assert decode_key(printed, "it") and printed.strip() not in {
        path.read_text().strip() for path in folder.iterdir()
    }
