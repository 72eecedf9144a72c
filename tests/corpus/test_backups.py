"""What old backups are worth after a withdrawal: nothing, shown by restoring them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from collector.errors import SiteKeyMissing
from collector.models import Campaign, Clip, ClipKey, SiteKey
from collector.services import destroy_retired, erase_clip, replace_site_key, rewrap_some
from collector.storage import FolderStore, audio_store, clip_folder, original_key
from corpus.models import Withdrawal
from tests.people import Person, audio_of
from tests.pipeline import process

YES = audio_of("yes")


@dataclass
class Backup:
    """A copy of the storage, and the rows of the vault with those of the clips."""

    audio: Path
    rows: str

    @staticmethod
    def take(to: Path) -> Backup:
        """Of everything that a backup has; the site's keys are kept apart from it."""
        shutil.copytree(root(), to)
        everything = [*SiteKey.objects.all(), *ClipKey.objects.all(), *Clip.objects.all()]
        return Backup(to, serializers.serialize("json", everything))

    def restore_audio(self) -> None:
        """Put all files back as they were."""
        shutil.copytree(self.audio, root(), dirs_exist_ok=True)

    def restore_rows(self) -> None:
        """Put the rows back as they were."""
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("TRUNCATE collector_clipkey, collector_sitekey")
        for row in serializers.deserialize("json", self.rows):
            row.save()


def root() -> Path:
    store = audio_store().inner
    assert isinstance(store, FolderStore)
    return store.root


@pytest.fixture
def site(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A storage and keys of the test's own; a place for its backups."""
    settings.SITE_KEYS_DIR = tmp_path / "keys"
    monkeypatch.setattr(audio_store().inner, "root", tmp_path / "audio")
    return tmp_path


@pytest.fixture
def clip(site: Path, speaker: Person, campaign: Campaign) -> Clip:
    return process(speaker.lend(campaign, "yes"))


def forget(speaker: Person, clip: Clip) -> None:
    """Take the clip back, and erase it."""
    speaker.post(f"clips/{clip.pk}/withdraw")
    assert erase_clip(clip.pk)
    assert audio_store().keys(clip_folder(clip.pk)) == []


def rotate(days: float) -> None:
    """Replace the site's key, and let so many days pass."""
    replace_site_key()
    while rewrap_some():
        pass
    destroy_retired()
    SiteKey.objects.filter(emptied_at__isnull=False, destroyed_at=None).update(
        emptied_at=timezone.now() - timedelta(days=days)
    )
    destroy_retired()


def test_an_old_copy_of_the_storage_is_noise_after_a_withdrawal(
    site: Path, clip: Clip, speaker: Person, campaign: Campaign
):
    other = process(speaker.lend(campaign, "no"))
    backup = Backup.take(site / "backup")
    forget(speaker, clip)
    backup.restore_audio()
    restored = audio_store().keys(clip_folder(clip.pk))
    assert len(restored) == 2, "the bytes are back"
    runs = {YES[at : at + 32] for at in range(len(YES) - 31)}
    for key in restored:
        with pytest.raises(FileNotFoundError):
            audio_store().get(key)
        lies = audio_store().inner.get(key)
        assert not any(lies[at : at + 32] in runs for at in range(len(lies) - 31))
    assert speaker.get(f"clips/{clip.pk}/audio").status_code == 404
    assert speaker.get(f"clips/{other.pk}/audio").content == audio_of("no")


def test_an_old_backup_of_all_is_noise_once_its_site_key_is_destroyed(
    site: Path, clip: Clip, speaker: Person, settings
):
    settings.BACKUP_DAYS = 30
    backup = Backup.take(site / "backup")
    forget(speaker, clip)
    rotate(days=31)
    backup.restore_audio()
    backup.restore_rows()
    key = original_key(clip.pk, clip.original_sha256)
    assert ClipKey.objects.get(pk=clip.pk).wrapped, "the backup knows nothing of the withdrawal"
    with pytest.raises(SiteKeyMissing):
        audio_store().get(key)
    assert speaker.get(f"clips/{clip.pk}/audio").status_code == 503


def test_a_backup_within_its_days_still_restores_everything(
    site: Path, clip: Clip, speaker: Person, settings
):
    settings.BACKUP_DAYS = 30
    backup = Backup.take(site / "backup")
    rotate(days=29)
    shutil.rmtree(root())
    backup.restore_audio()
    backup.restore_rows()
    assert speaker.get(f"clips/{clip.pk}/audio").content == YES
    call_command("rotate_site_key")
    assert speaker.get(f"clips/{clip.pk}/audio").content == YES


def test_a_restored_backup_loses_its_keys_again_with_what_was_taken_back(
    site: Path, clip: Clip, speaker: Person, monkeypatch: pytest.MonkeyPatch
):

    backup = Backup.take(site / "backup")
    forget(speaker, clip)
    backup.restore_audio()
    backup.restore_rows()

    Withdrawal.objects.all().delete()
    assert audio_store().get(original_key(clip.pk, clip.original_sha256)) == YES
    monkeypatch.setattr("sys.stdin", StringIO(f"{clip.pk}\n"))
    call_command("after_restore")
    assert ClipKey.objects.get(pk=clip.pk).wrapped is None
