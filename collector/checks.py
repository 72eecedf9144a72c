"""What ``manage.py check`` says of the machine: where recordings are decoded, where keys lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register

from collector.audio.jails import JAILS, describe_jail, jail_in_force
from collector.vault.site_keys import SiteKeyMalformed, SiteKeys

WEAKEST = JAILS[-1]


@register(Tags.security, deploy=True)
def say_which_jail(
    app_configs: Sequence[AppConfig] | None = None, **_: object
) -> list[CheckMessage]:
    """Tell the jail in force here; warn when it is limits alone. Run it where the worker runs."""
    words = f"Recordings are decoded in a jail: {describe_jail()}."
    if jail_in_force() is not WEAKEST:
        return [Info(words, id="collector.I001")]
    hint = "Install bubblewrap, or run the worker in a container without network."
    return [Warning(words, hint=hint, id="collector.W001")]


@register(Tags.security)
def say_where_keys_lie(
    app_configs: Sequence[AppConfig] | None = None, **_: object
) -> list[CheckMessage]:
    """Warn of site keys that are not there, lie open, or lie beside what they encrypt."""
    folder = Path(settings.SITE_KEYS_DIR)
    try:
        keys = SiteKeys(folder, tuple(settings.SITE_KEYS))
    except SiteKeyMalformed as error:
        return [Error(str(error), id="collector.E001")]
    return [*_beside_audio(folder), *_missing(keys), *_open_to_others(folder)]


def _beside_audio(folder: Path) -> Iterator[CheckMessage]:
    storage = urlsplit(settings.STORAGE_URL)
    if storage.scheme == "file" and folder.is_relative_to(unquote(storage.path)):
        yield Error(
            f"The site's keys lie in the storage that they encrypt: {folder}.",
            hint="Set SITE_KEYS_DIR to a folder elsewhere, and move the keys there.",
            id="collector.E002",
        )


def _missing(keys: SiteKeys) -> Iterator[CheckMessage]:
    if not keys.ids():
        yield Warning(
            f"There is no site key in {keys.folder}.",
            hint="A new site makes one with its first recording. Any other cannot open its "
            "recordings: restore the folder from the copy that you keep apart.",
            id="collector.W002",
        )


def _open_to_others(folder: Path) -> Iterator[CheckMessage]:
    found = [folder, *folder.glob("*")] if folder.is_dir() else []
    for path in found:
        if path.stat().st_mode & 0o077:
            yield Warning(
                f"Others than its owner may get at {path}.",
                hint=f"chmod go= {path}",
                id="collector.W003",
            )
