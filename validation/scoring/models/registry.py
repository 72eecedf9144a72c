"""The models at hand, by language."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from validation.scoring.models.listener import Listener, MoonshineListener
from validation.scoring.models.onnx_folder import OnnxFolder
from validation.scoring.models.tags import best_tag, normalised

BUILT_IN: Final = "en"
#: Models of this many languages stay loaded in a process; each may hold hundreds of megabytes.
MAX_LOADED: Final = 4


def listener_for(language: str, folders: Mapping[str, Path]) -> Listener | None:
    """The model that hears a language (a BCP 47 tag), or None: then a clip goes unscored.

    ``folders``: `onnx-asr` model folders by language tag; one for `en` takes the place of the
    model that comes with Choir. Raises ModelFolderError where a folder cannot be used.
    """
    tag = best_tag(language, [BUILT_IN, *folders])
    if tag is None:
        return None
    if tag not in folders:
        return _moonshine()
    # onnxruntime's sessions do not survive a fork, so a child loads its own.
    model = _opened(folders[tag], normalised(language).split("-")[0], os.getpid())
    return model if model.knows_language else None


@lru_cache(maxsize=1)
def _moonshine() -> Listener:
    return MoonshineListener()


@lru_cache(maxsize=MAX_LOADED)
def _opened(folder: Path, language: str, _process_id: int) -> OnnxFolder:
    return OnnxFolder(folder, language)
