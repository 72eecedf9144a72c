"""Which walls this system lets us put around a child: probed once, then used for every child."""

from __future__ import annotations

import functools
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SYSTEM_FOLDERS = ("/usr", "/bin", "/lib", "/lib64")
PROBE_TIMEOUT_S = 5.0


@dataclass(frozen=True)
class Jail:
    """A way to start a child with walls around it.

    ``prefix(executable)`` is what stands before ``/bin/sh`` on the command line.
    """

    name: str
    description: str
    prefix: Callable[[str], list[str]]


def _bubblewrap(executable: str) -> list[str]:
    """Only the system's programs and the executable are there to be read; no /proc, no /etc."""
    folders = [part for folder in SYSTEM_FOLDERS for part in ("--ro-bind-try", folder, folder)]
    if not executable.startswith(SYSTEM_FOLDERS):
        folders += ["--ro-bind", executable, executable]
    # Without bubblewrap's own process 1 a start is cheaper, and the child's CPU time is counted as
    # ours: bubblewrap does not wait for that process, and who is not waited for is not counted.
    walls = ["--unshare-all", "--die-with-parent", "--as-pid-1", "--cap-drop", "ALL"]
    return [_tool("bwrap"), *walls, *folders, "--dir", "/empty", "--chdir", "/empty"]


def _unshare(executable: str) -> list[str]:
    walls = ["--user", "--net", "--pid", "--ipc", "--fork", "--kill-child"]
    return [_tool("unshare"), *walls]


def _no_walls(executable: str) -> list[str]:
    return []


def _tool(name: str) -> str:
    return shutil.which(name) or name


JAILS = (
    Jail("bubblewrap", "no network, no other processes, no files but the system's", _bubblewrap),
    Jail("unshare", "no network, no other processes; files as the user may read them", _unshare),
    Jail("limits", "limits only; install bubblewrap for walls without network", _no_walls),
)


def works(jail: Jail) -> bool:
    """Whether a child really starts in this jail here, which containers often forbid."""
    command = [*jail.prefix("/bin/sh"), "/bin/sh", "-c", "exit 0"]
    if not Path(command[0]).is_absolute():
        return False
    try:
        probe = subprocess.run(  # noqa: S603 - fixed words only
            command, env={}, capture_output=True, timeout=PROBE_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return probe.returncode == 0


@functools.cache
def jail_in_force() -> Jail:
    """The strongest jail that works here."""
    return next(jail for jail in JAILS if works(jail))


def describe_jail() -> str:
    """One line for logs, health pages and the operator: the jail in force and its walls."""
    jail = jail_in_force()
    return f"{jail.name}: {jail.description}"
