"""The hashes of every file in which a clip is given away, to know its copies again by."""

from __future__ import annotations

import hashlib

from collector.audio.cut import cut_second, whole_wav


def wav_hashes(flac: bytes, second_offset: int) -> dict[str, str]:
    """SHA-256 (hex) of a master as a WAV file, and of its loudest second as one.

    The keys are the names of ``Clip``'s fields. They are taken while there is audio: when a clip
    has been taken back, it is too late.
    """
    return {
        "wav_sha256": hashlib.sha256(whole_wav(flac)).hexdigest(),
        "second_wav_sha256": hashlib.sha256(cut_second(flac, second_offset)).hexdigest(),
    }
