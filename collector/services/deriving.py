"""What is made of a master for people: a preview to hear, peaks and a spectrogram to see.

They are made when somebody first asks for them, not when the clip arrives: the preview alone costs
as much as all the rest of the pipeline, and many a clip is never opened. What is made is kept in
the clip's folder, and erased with it.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import TextChoices

from collector.audio import peaks, preview, spectrogram
from collector.audio.master import read_master
from collector.errors import ClipWithdrawn, MasterMissing, NotFound
from collector.locks import lock_live_clip
from collector.models import Clip, ClipStatus
from collector.storage import audio_store, derived_key, master_key


class Derivative(TextChoices):
    """The kinds of derived files, as they are called in addresses and keys."""

    PREVIEW = "preview"
    PEAKS = "peaks"
    SPECTROGRAM = "spectrogram"


@dataclass(frozen=True)
class Recipe:
    """How a kind is made of a master's FLAC, and in what shape it comes.

    A higher ``version`` makes every kept file of the kind stale.
    """

    make: Callable[[bytes], bytes]
    version: int
    suffix: str
    media_type: str


RECIPES = {
    Derivative.PREVIEW: Recipe(preview.make_preview, preview.VERSION, ".webm", "audio/webm"),
    Derivative.PEAKS: Recipe(
        lambda flac: peaks.make_peaks(read_master(flac)),
        peaks.VERSION,
        ".bin",
        "application/octet-stream",
    ),
    Derivative.SPECTROGRAM: Recipe(
        lambda flac: spectrogram.make_spectrogram(read_master(flac)),
        spectrogram.VERSION,
        ".png",
        "image/png",
    ),
}


@dataclass(frozen=True)
class Derived:
    """A kept file, as ``Clip.files`` describes it by its kind."""

    sha256: str
    num_bytes: int
    version: int
    master_sha256: str

    def key(self, clip_id: uuid.UUID, kind: Derivative) -> str:
        """Where it lies."""
        return derived_key(clip_id, kind, self.sha256, RECIPES[kind].suffix)


def derive(clip: Clip, kind: Derivative) -> Derived:
    """The clip's file of this kind, made now where there is no fresh one.

    Raises MasterMissing before the clip is measured, NotFound when it is taken back meanwhile.
    """
    if clip.status != ClipStatus.TRANSCODED:
        raise MasterMissing
    kept = fresh(clip, kind)
    return kept if kept is not None else _make(clip, kind)


def fresh(clip: Clip, kind: Derivative) -> Derived | None:
    """What is kept of this kind, if it was made of this master by today's recipe."""
    described = clip.files.get(kind)
    kept = Derived(**described) if described else None
    today = (RECIPES[kind].version, clip.master_sha256)
    return kept if kept and (kept.version, kept.master_sha256) == today else None


def stale_clips(kinds: list[Derivative]) -> Iterator[tuple[uuid.UUID, list[Derivative]]]:
    """The clips that lack a fresh file of one of the kinds, by id, and which they lack."""
    clips = Clip.objects.filter(status=ClipStatus.TRANSCODED).order_by("pk")
    for clip in clips.only("pk", "files", "master_sha256").iterator():
        lacking = [kind for kind in kinds if fresh(clip, kind) is None]
        if lacking:
            yield clip.pk, lacking


def _make(clip: Clip, kind: Derivative) -> Derived:
    recipe = RECIPES[kind]
    data = recipe.make(_read_master(clip))
    digest = hashlib.sha256(data).hexdigest()
    made = Derived(digest, len(data), recipe.version, clip.master_sha256)
    key = made.key(clip.pk, kind)
    try:
        audio_store().put(key, data)
    except ClipWithdrawn:
        raise NotFound from None  # its key is destroyed: nothing was written
    try:
        stale = _write_down(clip, kind, made)
    except NotFound:
        # Taken back while we worked: the erasure may already have passed by, so clean up here.
        audio_store().delete(key)
        raise
    if stale is not None and stale != key:
        audio_store().delete(stale)
    return made


def _read_master(clip: Clip) -> bytes:
    try:
        return audio_store().get(master_key(clip.pk, clip.master_sha256))
    except FileNotFoundError:
        if Clip.objects.filter(pk=clip.pk, status=ClipStatus.TRANSCODED).exists():
            raise  # the storage has lost it, which nobody must mistake for a withdrawal
        raise NotFound from None


@transaction.atomic
def _write_down(clip: Clip, kind: Derivative, made: Derived) -> str | None:
    """Enter the file into the row; the key of the one that it replaces. NotFound when gone."""
    live = lock_live_clip(clip.pk)
    if live is None or live.master_sha256 != made.master_sha256:
        raise NotFound
    before = live.files.get(kind)
    live.files = {**live.files, kind.value: asdict(made)}
    live.save(update_fields=["files"])
    return Derived(**before).key(clip.pk, kind) if before else None
