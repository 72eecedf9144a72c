"""The settings of speech models for languages other than the one that comes with Choir."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

KIND = "onnx-asr"
REMEDY = (
    f"SPEECH_MODELS takes a line each such as `de={KIND}:/models/whisper-base-de`, or one JSON "
    f'object such as {{"de": "{KIND}:/models/whisper-base-de"}}; `*` stands for any language.'
)
#: The model that comes along stays below it, whatever it hears; a test says so.
MEMORY_MB = 410
_TAG = re.compile(r"\*|[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def parse_speech_models(text: str) -> dict[str, Path]:
    """Folders by language tag. Raises ImproperlyConfigured, with a remedy, on anything else."""
    return dict(_parse_entry(tag, model) for tag, model in _entries(text.strip()))


def memory_bound_kb(asked_mb: int | None, folders: Mapping[str, Path]) -> int | None:
    """How much a worker's process may hold before it is replaced after its clip; None: anything.

    A process that grows for a reason nobody knows must not take the machine. What other models
    need is known to the operator only; replaced after each clip, a process would have to load its
    model for each.
    """
    bound_mb = (None if folders else MEMORY_MB) if asked_mb is None else asked_mb
    return bound_mb * 1_000_000 // 1024 if bound_mb else None


def _entries(text: str) -> list[tuple[str, str]]:
    if text.startswith("{"):
        try:
            return [(str(tag), str(model)) for tag, model in json.loads(text).items()]
        except ValueError as error:
            raise ImproperlyConfigured(f"SPEECH_MODELS is no JSON ({error}). {REMEDY}") from error
    lines = [line.strip() for line in re.split(r"[\n;]", text) if line.strip()]
    for line in lines:
        if "=" not in line:
            raise ImproperlyConfigured(f"SPEECH_MODELS: `{line}` has no `=`. {REMEDY}")
    return [(tag.strip(), model.strip()) for tag, _, model in (ln.partition("=") for ln in lines)]


def _parse_entry(tag: str, model: str) -> tuple[str, Path]:
    if not _TAG.fullmatch(tag):
        raise ImproperlyConfigured(f"SPEECH_MODELS: `{tag}` is no language tag. {REMEDY}")
    kind, _, folder = model.partition(":")
    if kind != KIND:
        raise ImproperlyConfigured(f"SPEECH_MODELS: unknown kind of model `{kind}`. {REMEDY}")
    path = Path(folder)
    if not path.is_absolute() or not path.is_dir():
        raise ImproperlyConfigured(
            f"SPEECH_MODELS: `{folder}` is no folder on this machine; give its full path. {REMEDY}"
        )
    return tag, path
