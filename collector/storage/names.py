"""Under which keys a clip's files lie.

Every key of a clip begins with the clip's own folder, so that erasing a clip is erasing a folder;
inside it, the bytes lie under their hash.
"""

from __future__ import annotations

import uuid


def clip_folder(clip_id: uuid.UUID | str) -> str:
    """The folder that holds all of a clip's audio, and nothing else.

    A clip's id may be given as its text, in lower case: a UUID made of each of the thousands that
    a download reads in a second would cost a tenth of it.
    """
    text = str(clip_id)
    return f"clips/{text[:2]}/{text}"


def clip_id_of(key: str) -> uuid.UUID | None:
    """The clip whose folder a key lies in; None when it lies in no clip's folder."""
    parts = key.split("/")
    try:
        return uuid.UUID(parts[2]) if parts[0] == "clips" else None
    except (IndexError, ValueError):
        return None


def clip_text_of(key: str) -> str:
    """The id of the clip in whose folder a key lies, as it stands there."""
    return key.split("/", 3)[2]


def original_key(clip_id: uuid.UUID, sha256: str) -> str:
    """Where the bytes lie that the speaker's device sent."""
    return f"{clip_folder(clip_id)}/original-{sha256}"


def master_key(clip_id: uuid.UUID | str, sha256: str) -> str:
    """Where the 16 kHz master lies."""
    return f"{clip_folder(clip_id)}/master-{sha256}.flac"


def derived_key(clip_id: uuid.UUID, kind: str, sha256: str, suffix: str) -> str:
    """Where a file lies that was derived from the master, such as ``preview-9a1b….webm``."""
    return f"{clip_folder(clip_id)}/{kind}-{sha256}{suffix}"
