"""What lies in the storage is noise without its clip's key, and the key goes with the clip."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from collector import checks
from collector.errors import ClipWithdrawn, NotFound
from collector.models import Campaign, Clip, ClipKey, ClipStatus
from collector.services import (
    Derivative,
    derive,
    erase_clip,
    erase_orphans,
    transcode_clip,
    transcoding,
    withdraw_clip,
)
from collector.services.deriving import RECIPES
from collector.storage import FolderStore, audio_store, clip_folder, master_key, original_key
from collector.vault import destroy_keys
from collector.vault.envelope import EnvelopeBroken, is_sealed
from collector.vault.site_keys import SiteKeyMalformed, decode_key, encode_key
from tests.people import Person, audio_of

YES = audio_of("yes")
RUN = 32


def inner() -> FolderStore:
    """Where the bytes really lie."""
    store = audio_store().inner
    assert isinstance(store, FolderStore)
    return store


def files_of(clip: Clip) -> dict[str, bytes]:
    """What lies in the clip's folder, as it lies there."""
    return {key: inner().get(key) for key in inner().keys(clip_folder(clip.pk))}


def runs_of(data: bytes) -> set[bytes]:
    """All runs of 32 bytes that there are in it."""
    return {data[at : at + RUN] for at in range(len(data) - RUN + 1)}


@pytest.fixture
def clip(speaker: Person, campaign: Campaign) -> Clip:
    """A measured clip, with a picture of it."""
    lent = speaker.lend(campaign, "yes")
    assert transcode_clip(lent.pk)
    derive(Clip.objects.get(pk=lent.pk), Derivative.PEAKS)
    return Clip.objects.get(pk=lent.pk)


def test_no_run_of_the_audio_lies_in_the_storage(clip: Clip):
    for kind in Derivative:
        derive(Clip.objects.get(pk=clip.pk), kind)
    stored = files_of(clip)
    assert len(stored) == 5
    assert all(map(is_sealed, stored.values()))
    written = set().union(*map(runs_of, stored.values()))
    for key in stored:
        plain_runs = runs_of(audio_store().get(key))
        assert len(plain_runs) > RUN
        assert not plain_runs & written, key


def test_what_is_heard_is_what_was_sent_in_whole_and_in_part(speaker: Person, clip: Clip):
    path = f"clips/{clip.pk}/audio"
    assert speaker.get(path).content == YES
    part = speaker.get(path, Range="bytes=1000-1999")
    assert (part.status_code, part.content) == (206, YES[1000:2000])
    assert part["Content-Range"] == f"bytes 1000-1999/{len(YES)}"
    peaks = derive(clip, Derivative.PEAKS)
    assert len(speaker.get(f"clips/{clip.pk}/peaks").content) == peaks.num_bytes


def test_the_key_is_there_before_the_first_byte(db: None, monkeypatch: pytest.MonkeyPatch):
    key, seen = original_key(uuid.uuid4(), "a" * 64), []

    def put(self: FolderStore, key: str, data: bytes) -> None:
        seen.append(ClipKey.objects.filter(wrapped__isnull=False).count())

    monkeypatch.setattr(FolderStore, "put", put)
    audio_store().put(key, b"a voice")
    assert seen == [1]


def test_a_withdrawal_destroys_the_key_in_its_own_transaction(clip: Clip):
    stored = files_of(clip)
    with pytest.raises(RuntimeError), transaction.atomic():
        withdraw_clip(clip)
        raise RuntimeError
    assert audio_store().get(original_key(clip.pk, clip.original_sha256)) == YES
    assert withdraw_clip(clip)
    row = ClipKey.objects.get(pk=clip.pk)
    assert (row.wrapped, row.site_key) == (None, None)
    assert files_of(clip) == stored, "nothing has been erased yet"
    for key in stored:
        with pytest.raises(FileNotFoundError):
            audio_store().get(key)
        with pytest.raises(FileNotFoundError):
            audio_store().get_range(key, 0, 10)


def test_no_key_is_made_or_brought_back_for_what_was_taken_back(clip: Clip):
    row = ClipKey.objects.get(pk=clip.pk)
    withdraw_clip(clip)
    with pytest.raises(ClipWithdrawn):
        audio_store().put(original_key(clip.pk, "a" * 64), b"a voice")
    for change in (
        lambda: ClipKey.objects.filter(pk=clip.pk).update(
            wrapped=row.wrapped, site_key=row.site_key, destroyed_at=None
        ),
        lambda: ClipKey.objects.filter(pk=clip.pk).delete(),
    ):
        with pytest.raises(IntegrityError, match="stays so"), transaction.atomic():
            change()


def test_many_keys_are_destroyed_at_once_also_those_that_never_were(clip: Clip):
    clip_ids = [clip.pk, uuid.uuid4(), uuid.uuid4()]
    destroy_keys(clip_ids)
    destroy_keys([*clip_ids, uuid.uuid4()])
    assert ClipKey.objects.filter(wrapped=None).count() == 4
    with pytest.raises(ClipWithdrawn):
        audio_store().put(original_key(clip_ids[1], "a" * 64), b"a voice")


def test_a_clip_from_before_there_were_keys_gets_none_when_it_is_gone(clip: Clip):
    ClipKey.objects.filter(pk=clip.pk).delete()
    Clip.objects.filter(pk=clip.pk).update(status=ClipStatus.WITHDRAWN, about=None)
    with pytest.raises(ClipWithdrawn):
        audio_store().put(original_key(clip.pk, "a" * 64), b"a voice")


def test_a_withdrawal_during_a_transcode_leaves_nothing_new(
    speaker: Person, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
):
    clip = speaker.lend(campaign, "yes")
    before, examine = files_of(clip), transcoding.examine

    def withdrawn_meanwhile(*args: object) -> object:
        withdraw_clip(clip)
        return examine(*args)

    monkeypatch.setattr(transcoding, "examine", withdrawn_meanwhile)
    assert transcode_clip(clip.pk) is False
    assert files_of(clip) == before


def test_a_withdrawal_before_a_transcode_reads_ends_it_in_peace(
    speaker: Person, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
):
    clip = speaker.lend(campaign, "yes")
    read = transcoding._read_original

    def withdrawn_meanwhile(clip: Clip) -> bytes:
        withdraw_clip(clip)
        return read(clip)

    monkeypatch.setattr(transcoding, "_read_original", withdrawn_meanwhile)
    assert transcode_clip(clip.pk) is False


def test_a_withdrawal_while_a_picture_is_made_leaves_nothing_new(
    speaker: Person, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
):
    clip = speaker.lend(campaign, "yes")
    transcode_clip(clip.pk)
    clip.refresh_from_db()
    before = files_of(clip)

    def make(flac: bytes) -> bytes:
        withdraw_clip(clip)
        return b"a picture"

    recipe = RECIPES[Derivative.PEAKS]
    changed = type(recipe)(make, recipe.version, recipe.suffix, recipe.media_type)
    monkeypatch.setitem(RECIPES, Derivative.PEAKS, changed)
    with pytest.raises(NotFound):
        derive(clip, Derivative.PEAKS)
    assert files_of(clip) == before


def test_a_withdrawal_while_somebody_begins_to_listen_is_not_found(
    clip: Clip, speaker: Person, monkeypatch: pytest.MonkeyPatch
):
    def withdrawn_meanwhile(clip_id: uuid.UUID, sha256: str) -> str:
        withdraw_clip(clip)
        return original_key(clip_id, sha256)

    monkeypatch.setattr("corpus.api.clips.original_key", withdrawn_meanwhile)
    assert speaker.get(f"clips/{clip.pk}/audio").status_code == 404


def swapped(clip: Clip, other: Clip) -> None:
    inner().put(original_key(clip.pk, clip.original_sha256),
                inner().get(original_key(other.pk, other.original_sha256)))  # fmt: skip


def of_another_name(clip: Clip, other: Clip) -> None:
    inner().put(original_key(clip.pk, clip.original_sha256),
                inner().get(master_key(clip.pk, clip.master_sha256)))  # fmt: skip


def cut_off(clip: Clip, other: Clip) -> None:
    key = original_key(clip.pk, clip.original_sha256)
    inner().put(key, inner().get(key)[:-1])


def plain(clip: Clip, other: Clip) -> None:
    inner().put(original_key(clip.pk, clip.original_sha256), YES)


@pytest.mark.parametrize("tamper", [swapped, of_another_name, cut_off, plain])
def test_whoever_can_write_to_the_storage_can_put_no_voice_in_anothers_place(
    clip: Clip, speaker: Person, campaign: Campaign, tamper: Callable[[Clip, Clip], None]
):
    tamper(clip, speaker.lend(campaign, "no"))
    with pytest.raises(EnvelopeBroken, match="backup"):
        audio_store().get(original_key(clip.pk, clip.original_sha256))


def test_only_a_clips_files_are_kept(db: None):
    with pytest.raises(ValueError, match="no clip's folder"):
        audio_store().put("other/thing", b"bytes")


def test_an_orphans_key_goes_with_it_unless_its_upload_may_be_under_way(clip: Clip):
    orphan, crashed = uuid.uuid4(), uuid.uuid4()
    audio_store().put(original_key(orphan, "a" * 64), b"a voice whose row was never written")
    audio_store().put(original_key(crashed, "a" * 64), b"a voice whose bytes never came")
    audio_store().delete_folder(clip_folder(crashed))
    old = inner().root / original_key(orphan, "a" * 64)
    os.utime(old, (0, 0))
    erase_orphans()
    assert old.exists(), "the bytes are old, but the key was used just now: they are sent again"
    ClipKey.objects.update(used_at=timezone.now() - timedelta(days=2))
    erase_orphans()
    assert not old.exists()
    assert list(ClipKey.objects.values_list("pk", flat=True)) == [clip.pk]
    audio_store().put(original_key(orphan, "a" * 64), b"sent once more")
    assert audio_store().get(original_key(orphan, "a" * 64)) == b"sent once more"


def test_erased_clips_that_were_brought_back_are_erased_again(clip: Clip):
    stored = files_of(clip)
    withdraw_clip(clip)
    assert erase_clip(clip.pk)
    for key, sealed in stored.items():
        inner().put(key, sealed)
    erase_orphans(age_s=-5)
    assert files_of(clip) == {}
    assert ClipKey.objects.get(pk=clip.pk).wrapped is None


# --- what came before there was encryption -------------------------------------------------------


def make_plain(clip: Clip) -> dict[str, bytes]:
    """As if the clip had come in before there was encryption."""
    files = {key: audio_store().get(key) for key in files_of(clip)}
    for key, data in files.items():
        inner().put(key, data)
    ClipKey.objects.filter(pk=clip.pk).delete()
    return files


@pytest.fixture
def migrating(settings: Any) -> None:
    """Audio from before is being encrypted, and can be heard meanwhile."""
    settings.PLAIN_AUDIO = True


def test_a_plain_file_is_refused_unless_a_migration_is_under_way(clip: Clip, settings: Any):
    files = make_plain(clip)
    for key in files:
        with pytest.raises(EnvelopeBroken, match="run encrypt_audio first"):
            audio_store().get(key)
        with pytest.raises(EnvelopeBroken):
            audio_store().get_range(key, 0, 4)
    call_command("encrypt_audio")
    assert {key: audio_store().get(key) for key in files} == files


def encrypt(capsys: pytest.CaptureFixture[str]) -> str:
    call_command("encrypt_audio")
    return capsys.readouterr().out


def test_plain_files_can_be_read_until_they_are_encrypted(
    clip: Clip, speaker: Person, campaign: Campaign, capsys: pytest.CaptureFixture[str],
    migrating: None,
):  # fmt: skip
    speaker.lend(campaign, "no")
    files = make_plain(clip)
    assert {key: audio_store().get(key) for key in files} == files
    assert speaker.get(f"clips/{clip.pk}/audio", Range="bytes=4-7").content == YES[4:8]
    assert encrypt(capsys) == "Encrypted 3 files of 1 clips.\n"
    assert all(map(is_sealed, files_of(clip).values()))
    assert {key: audio_store().get(key) for key in files} == files
    assert encrypt(capsys) == "Encrypted 0 files of 0 clips.\n"
    plain(clip, clip)
    with pytest.raises(EnvelopeBroken):
        audio_store().get(original_key(clip.pk, clip.original_sha256))


def test_encrypting_goes_on_where_it_was_stopped(
    clip: Clip, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    migrating: None,
):  # fmt: skip
    files, put = make_plain(clip), FolderStore.put
    left = [1, 1]

    def dying(self: FolderStore, key: str, data: bytes) -> None:
        left.pop()
        put(self, key, data)

    with monkeypatch.context() as patched:
        patched.setattr(FolderStore, "put", dying)
        with pytest.raises(IndexError):
            call_command("encrypt_audio")
    assert {key: audio_store().get(key) for key in files} == files
    assert sum(map(is_sealed, files_of(clip).values())) == 2
    capsys.readouterr()
    assert encrypt(capsys) == "Encrypted 1 files of 1 clips.\n"


def test_encrypting_what_is_taken_back_meanwhile_brings_nothing_back(
    clip: Clip, monkeypatch: pytest.MonkeyPatch
):
    make_plain(clip)
    put = FolderStore.put

    def withdrawn_meanwhile(self: FolderStore, key: str, data: bytes) -> None:
        if withdraw_clip(clip):
            erase_clip(clip.pk)
        put(self, key, data)

    monkeypatch.setattr(FolderStore, "put", withdrawn_meanwhile)
    call_command("encrypt_audio")
    assert files_of(clip) == {}
    assert ClipKey.objects.get(pk=clip.pk).wrapped is None
    assert Clip.objects.get(pk=clip.pk).status == ClipStatus.ERASED


# --- what an operator is told --------------------------------------------------------------------


def ids() -> list[str | None]:
    return [message.id for message in checks.say_where_keys_lie()]


def test_the_check_tells_of_keys_that_lie_wrong(settings, tmp_path: Path):
    settings.SITE_KEYS_DIR = tmp_path / "keys"
    assert ids() == ["collector.W002"], "missing"
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    (keys / "a.key").touch(mode=0o600)
    assert ids() == []
    (keys / "a.key").chmod(0o640)
    assert ids() == ["collector.W003"], "others may read it"
    settings.STORAGE_URL = tmp_path.as_uri()
    assert ids() == ["collector.E002", "collector.W003"], "beside what they encrypt"
    settings.SITE_KEYS = ["nonsense"]
    assert ids() == ["collector.E001"], "no key"


@pytest.mark.parametrize("text", ["", "nonsense", encode_key(bytes(31)), "ä"])
def test_what_is_no_key_is_refused_with_a_remedy(text: str):
    with pytest.raises(SiteKeyMalformed, match="--print-new"):
        decode_key(text, "SITE_KEYS")
    assert decode_key(encode_key(bytes(32)) + "\n", "SITE_KEYS") == bytes(32)
