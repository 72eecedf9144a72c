"""What ``manage.py check --deploy`` says of the machine that decodes recordings."""

from __future__ import annotations

from collections.abc import Sequence

from django.apps import AppConfig
from django.core.checks import CheckMessage, Info, Tags, Warning, register

from collector.audio.jails import JAILS, describe_jail, jail_in_force

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
