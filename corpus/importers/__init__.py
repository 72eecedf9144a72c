"""Speech from elsewhere, read as it lies there. One file for each layout.

An importer is a pure function from a folder to rows: what is said where by whom, or why a line
cannot be used. It neither reads sound nor knows the database; ``corpus.services.importing`` does.
What a name or an ending claims is not believed: layouts are told by their tables' first lines,
sounds by their own first bytes.
"""

from __future__ import annotations

from pathlib import Path

from corpus.importers import (
    common_voice,
    deepspeech,
    librispeech,
    ljspeech,
    nemo,
    open_speech_recording,
    open_stt,
    speech_commands,
)
from corpus.importers.rows import Found, Importer, Refused

_FORMATS = (
    common_voice,
    speech_commands,
    librispeech,
    ljspeech,
    deepspeech,
    nemo,
    open_stt,
    open_speech_recording,
)

#: By name, in the order in which they are tried.
IMPORTERS: dict[str, Importer] = {module.IMPORTER.format: module.IMPORTER for module in _FORMATS}


def recognise(root: Path) -> Importer | None:
    """The importer whose layout the folder has, or None."""
    return next((each for each in IMPORTERS.values() if each.is_like(root)), None)


__all__ = ["IMPORTERS", "Found", "Importer", "Refused", "recognise"]
