"""What is hunted: one clip, and where it stands as far as people know."""

from __future__ import annotations

import base64
import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import soundfile

from collector.models import Clip
from collector.storage import audio_store, clip_folder

#: As long as no two sounds of noise share by chance, and as short as a rest of one could be.
RUN_NUM_BYTES = 24
#: The share of a file in which it is surely sound, and not what all files of its kind begin and
#: end with: half of a short WebM is its header.
SOUND_FROM, SOUND_TO = 0.6, 0.85


def noise(container: str = "WAV") -> bytes:
    """A third of a second of noise of its own, as FLAC or WAV."""
    samples = np.random.default_rng(uuid.uuid4().int % 2**32).normal(0, 0.1, 5_000)
    file = io.BytesIO()
    soundfile.write(file, samples, 16_000, format=container, subtype="PCM_16")
    return file.getvalue()


def samples_of(sound: bytes) -> bytes:
    """What is packed in it."""
    samples, _ = soundfile.read(io.BytesIO(sound), dtype="int16")
    return bytes(samples.tobytes())


@dataclass
class Prey:
    """One clip, all bytes that there ever were of its sound, and by what its speaker is known.

    ``files`` by their names in the storage; ``sounds`` are what else it sounds the same as.
    """

    clip_id: str
    names: frozenset[str] = frozenset()
    voice: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    sounds: list[bytes] = field(default_factory=list)
    is_withdrawn: bool = False
    is_held: bool = False

    @staticmethod
    def of(clip: Clip, *names: str) -> Prey:
        """A clip that has just come, with all that it is now."""
        part = clip.participation
        assert part is not None
        known = (str(part.speaker_id), part.pseudonym, str(clip.consent_id), *names)
        made = Prey(str(clip.pk), frozenset(known), part.pseudonym)
        made.gather()
        return made

    @property
    def folder(self) -> str:
        """Where its files lie."""
        return clip_folder(uuid.UUID(self.clip_id))

    @property
    def is_gone(self) -> bool:
        """Taken back, and not kept by the law: nothing of it may be anywhere."""
        return self.is_withdrawn and not self.is_held

    @property
    def is_out(self) -> bool:
        """In no circulation: for good, or as long as it is held."""
        return self.is_withdrawn or self.is_held

    @property
    def original(self) -> bytes:
        """As it was sent."""
        return next(data for key, data in self.files.items() if "original-" in key)

    def gather(self) -> None:
        """Remember whatever the storage holds of it now, and its bare samples."""
        for key in audio_store().keys(self.folder):
            if key not in self.files:
                self.files[key] = audio_store().get(key)
                if "original-" in key or "master-" in key:
                    self.sounds.append(samples_of(self.files[key]))

    def runs(self) -> Iterator[bytes]:
        """Pieces of its sound, as they are and as texts would hold them."""
        for data in (*self.files.values(), *self.sounds):
            first, last = int(SOUND_FROM * len(data)), int(SOUND_TO * len(data)) - RUN_NUM_BYTES
            for start in range(first, last, max(1, (last - first) // 4)):
                run = data[start : start + RUN_NUM_BYTES]
                if len(set(run)) < RUN_NUM_BYTES // 3:
                    continue  # padding and flat lines are in every file
                yield run
                yield run.hex().encode()
                yield from (base64.b64encode(data[start + n : start + n + 18]) for n in range(3))
