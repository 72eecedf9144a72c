"""What old backups are worth after a withdrawal: nothing, shown by restoring them whole."""

from __future__ import annotations

import shutil
import uuid
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from collector.models import Campaign, Clip, SiteKey
from collector.services import destroy_retired, erase_clip, replace_site_key, rewrap_some
from collector.storage import audio_store, clip_folder
from tests.corpus.backups import Backup, copy_keys
from tests.corpus.hunt import places
from tests.corpus.hunt.prey import Prey
from tests.device import link
from tests.people import Person, audio_of
from tests.pipeline import process

#: What is not committed is in no dump.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A storage and keys of the test's own; a place for its backups."""
    settings.SITE_KEYS_DIR = tmp_path / "keys"
    settings.BACKUP_DAYS = 30
    monkeypatch.setattr(audio_store().inner, "root", tmp_path / "audio")
    return tmp_path


@pytest.fixture
def clip(site: Path, speaker: Person, campaign: Campaign) -> Clip:
    return process(speaker.lend(campaign, "yes"))


@pytest.fixture
def kept(site: Path, speaker: Person, campaign: Campaign) -> Clip:
    return process(speaker.lend(campaign, "no"))


def forget(speaker: Person, clip: Clip, *, everything: bool = False) -> Prey:
    """Take the clip back, or all that there is, and erase it; all bytes that there were of it."""
    prey = Prey.of(clip)
    scope = {"everything": True} if everything else {"clips": [str(clip.pk)]}
    address = f"/api/v1/withdrawals/{uuid.uuid4()}"
    done = speaker.client.put(address, scope, content_type="application/json")
    assert done.json()["num_clips"] == 1
    assert erase_clip(clip.pk)
    assert audio_store().keys(clip_folder(clip.pk)) == []
    return prey


def rotate() -> None:
    """Replace the site's key, as the timetable does."""
    replace_site_key()
    while rewrap_some():
        pass
    destroy_retired()


def let_pass(days: float) -> None:
    """So many days since the last clip's key was wrapped anew."""
    SiteKey.objects.filter(emptied_at__isnull=False, destroyed_at=None).update(
        emptied_at=timezone.now() - timedelta(days=days)
    )
    destroy_retired()


def files_of(*clips: Clip) -> set[str]:
    return {key for clip in clips for key in audio_store().keys(clip_folder(clip.pk))}


def test_an_old_copy_of_the_storage_is_noise_at_once(
    site: Path, clip: Clip, kept: Clip, speaker: Person
):
    copy = site / "copy"
    shutil.copytree(site / "audio", copy)
    prey = forget(speaker, clip)
    shutil.copytree(copy, site / "audio", dirs_exist_ok=True)
    restored = audio_store().keys(clip_folder(clip.pk))
    assert len(restored) == 2, "the bytes are back"
    for key in restored:
        with pytest.raises(FileNotFoundError):
            audio_store().get(key)
    places.assert_no_trace([prey], places.storage())
    assert speaker.get(f"clips/{clip.pk}/audio").status_code == 404
    assert speaker.get(f"clips/{kept.pk}/audio").content == audio_of("no")


def test_an_old_backup_of_all_is_noise_once_its_site_key_is_destroyed(
    site: Path, clip: Clip, kept: Clip, speaker: Person
):
    """Database and storage together, restored whole, beside a site that goes on."""
    both = {str(clip.pk), str(kept.pk)}
    heard = {key: audio_store().get(key) for key in files_of(clip, kept)}
    backup = Backup.take(site / "backup")
    safe = copy_keys(site / "safe")
    prey = forget(speaker, clip)
    rotate()

    let_pass(days=29)
    restored = backup.restore(site / "restored", copy_keys(safe))
    within = restored.open_all()
    assert (within.files, within.refused, within.clips_with_keys) == (heard, {}, both)
    with pytest.raises(AssertionError, match=str(clip.pk)):
        places.assert_no_trace([prey], within.files.items())

    let_pass(days=31)
    copy_keys(safe)
    after = restored.open_all()
    assert (after.files, after.clips_with_keys) == ({}, set())
    assert after.refused == dict.fromkeys(heard, "SiteKeyMissing")
    places.assert_no_trace([prey], [*backup.places(), *restored.places()])
    places.assert_no_trace([prey], places.storage())
    assert speaker.get(f"clips/{kept.pk}/audio").content == audio_of("no")


def test_a_restored_site_opens_within_the_days_but_for_what_was_taken_back(
    site: Path, clip: Clip, kept: Clip, speaker: Person, campaign: Campaign
):
    """The documented commands, each in a process of its own."""
    Campaign.objects.update(accepts_devices=True)
    link(speaker, campaign)
    other = Person(Client())
    other.consent(campaign)
    of_other = process(other.lend(campaign, "go"))
    _, device = link(other, campaign)
    voice = device.participation.pseudonym
    heard = {key: audio_store().get(key) for key in files_of(kept)}
    backup = Backup.take(site / "backup")
    prey = [forget(speaker, clip), forget(other, of_other, everything=True)]
    rotate()
    let_pass(days=29)
    call_command("taken_back", stdout=(record := StringIO()))

    restored = backup.restore(site / "restored", copy_keys(site / "safe"))
    restored.manage("rotate_site_key")
    said = restored.manage("after_restore", said=record.getvalue())
    assert "Taken back again: 2 clips" in said
    assert "Ended again: 1 consents or purposes of them, 1 devices" in said
    opened = restored.open_all()
    assert (opened.files, opened.clips_with_keys) == (heard, {str(kept.pk)})
    assert set(opened.refused.values()) == {"FileNotFoundError"}, "those keys are destroyed here"
    places.assert_no_trace(prey, [*restored.places(), *opened.files.items()])
    stands = restored.manage("taken_back").split()
    assert {each.clip_id for each in prey} | {str(device.pk), voice} <= set(stands)
    assert (stands.count("consent"), stands.count("device")) == (1, 1), "nobody else's ended"
