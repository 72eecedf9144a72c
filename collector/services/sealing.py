"""Encrypting what lies in the storage from before there was encryption."""

from __future__ import annotations

import uuid

from django.db.models import Exists, OuterRef, QuerySet

from collector.errors import ClipWithdrawn
from collector.models import Clip, ClipKey, ClipStatus
from collector.models.clip import GONE
from collector.storage import audio_store, clip_folder
from collector.vault.envelope import is_sealed, seal
from collector.vault.keys import key_to_write


def unsealed_clips() -> QuerySet[Clip]:
    """The clips of which something may still lie unencrypted."""
    sealed = ClipKey.objects.filter(clip_id=OuterRef("pk"), holds_plain=False)
    return Clip.objects.exclude(status=ClipStatus.ERASED).filter(~Exists(sealed)).order_by("pk")


def seal_clip(clip_id: uuid.UUID) -> int:
    """Encrypt all files of a clip that are not; how many it were. A repeat is harmless.

    One file after the other is replaced by its encryption, so a crash in between loses nothing,
    and the rest is encrypted the next time. From its end on, no plain file of the clip is believed.
    """
    try:
        key = key_to_write(clip_id)
    except ClipWithdrawn:
        return 0
    names = audio_store().keys(clip_folder(clip_id))
    num_files = sum(_seal_file(clip_id, name, key) for name in names)
    ClipKey.objects.filter(pk=clip_id).update(holds_plain=False)
    return num_files


def _seal_file(clip_id: uuid.UUID, name: str, key: bytes) -> bool:
    store = audio_store().inner
    try:
        plain = store.get(name)
    except FileNotFoundError:
        return False  # replaced by a fresher one, or erased, since it was listed
    if is_sealed(plain):
        return False
    store.put(name, seal(key, name, plain))
    if Clip.objects.filter(pk=clip_id, status__in=GONE).exists():
        # Taken back while we worked: the erasure may already have passed by, so clean up here.
        store.delete(name)
        return False
    return True
