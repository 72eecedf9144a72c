"""Secrets that a site makes for itself at its first start."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def read_or_make_secret(path: Path) -> str:
    """The secret kept in ``path``; made, readable by its owner only, when there is none yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        secret = secrets.token_urlsafe(50)
        file.write(secret)
    return secret
