#!/usr/bin/env python3
"""Brings a fresh machine to where Choir can start: Python and Node packages, the built pages.

Needs Python 3.11 with venv and pip, and nothing else: it runs before anything is installed. Each
step is skipped when what it depends on has not changed since it last succeeded.

    python3 bootstrap.py [--dev] [--browser]
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMPS = VENV / "stamps"
LOG = ROOT / "var" / "log" / "bootstrap.log"
FRONTEND = ROOT / "frontend"
SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


class StepFailed(Exception):
    """A step failed; the message is one line with the remedy."""


def fingerprint(*paths: Path) -> str:
    """A hash of the files' names and bytes (folders: of all files below them)."""
    digest = hashlib.sha256(sys.version.encode())
    for path in paths:
        files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
        for file in files:
            if "node_modules" not in file.parts and "dist" not in file.relative_to(ROOT).parts:
                digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def step(
    title: str,
    command: list[str],
    *,
    makes: Path | None,
    depends: list[Path],
    remedy: str,
    cwd: Path = ROOT,
) -> None:
    """Run the command, unless what it makes is there, made from the same dependencies."""
    stamp = STAMPS / hashlib.sha256(title.encode()).hexdigest()[:16]
    wanted = fingerprint(*depends)
    if makes and makes.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    started = time.monotonic()
    if not run_with_progress(title, command, cwd, started):
        raise StepFailed(f"{title} failed. {remedy} (The whole story: {LOG})")
    begin = "\r" if sys.stdout.isatty() else ""
    print(f"{begin}▸ {title} ({time.monotonic() - started:.0f} s)   ", flush=True)
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)


def run_with_progress(title: str, command: list[str], cwd: Path, started: float) -> bool:
    """True when the command succeeds; its output goes to the log, a turning wheel to the screen."""
    path = os.pathsep.join([str(VENV / "bin"), os.environ.get("PATH", "")])
    with LOG.open("ab") as log:
        log.write(f"\n$ {' '.join(command)}\n".encode())
        log.flush()
        process = subprocess.Popen(  # noqa: S603 - our own commands
            command, cwd=cwd, stdout=log, stderr=log, env={**os.environ, "PATH": path}
        )
        turn = 0
        while process.poll() is None:
            if sys.stdout.isatty():
                wheel, seconds = SPINNER[turn % len(SPINNER)], time.monotonic() - started
                print(f"\r{wheel} {title} ({seconds:.0f} s)", end="", flush=True)
            turn += 1
            time.sleep(0.1)
    return process.returncode == 0


def python_packages(dev: bool) -> None:
    """The virtual environment, with every package pinned."""
    python = VENV / "bin" / "python"
    if not python.exists():
        step(
            "Making the virtual environment",
            [sys.executable, "-m", "venv", str(VENV)],
            makes=python,
            depends=[],
            remedy="On Debian: apt install python3-venv.",
        )
    pinned = ROOT / ("requirements-dev.txt" if dev else "requirements.txt")
    step(
        f"Installing Python packages ({pinned.name})",
        [str(python), "-m", "pip", "install", "--quiet", "--requirement", str(pinned)],
        makes=VENV / "bin" / ("pytest" if dev else "celery"),
        depends=[pinned],
        remedy="Check the network and the package index, then run it again.",
    )


def frontend() -> None:
    """The pages' scripts and styles, built by the Node that came as a wheel."""
    npm = str(VENV / "bin" / "npm")
    step(
        "Installing the pages' packages",
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        makes=FRONTEND / "node_modules",
        depends=[FRONTEND / "package-lock.json"],
        remedy="Check the network and the npm registry, then run it again.",
        cwd=FRONTEND,
    )
    step(
        "Building the pages",
        [npm, "run", "build"],
        makes=FRONTEND / "dist" / ".vite" / "manifest.json",
        depends=[FRONTEND],
        remedy="Mend what the log names, then run it again.",
        cwd=FRONTEND,
    )


def translations() -> None:
    """The interface's texts in every language, as Django reads them."""
    catalogues = FRONTEND / "locale"
    pybabel = str(VENV / "bin" / "pybabel")
    step(
        "Compiling the translations",
        [pybabel, "--quiet", "compile", "--directory", str(catalogues),
         "--domain", "django djangojs"],
        makes=catalogues / "de" / "LC_MESSAGES" / "django.mo",
        depends=sorted(catalogues.rglob("*.po")),
        remedy="Mend the catalogue that the log names, then run it again.",
    )  # fmt: skip


def browsers() -> None:
    """What the browser tests drive: Chromium, and where it can be had, Firefox."""
    may_install = os.geteuid() == 0 and shutil.which("apt-get")
    if not find_chromium():
        playwrights = [str(VENV / "bin" / "playwright"), "install", "chromium"]
        command = _apt_install("chromium") if may_install else playwrights
        _install("Chromium", command)
    # Firefox's microphone is deaf without a sound system.
    needed = {"firefox-esr": find_firefox(), "pulseaudio": shutil.which("pulseaudio")}
    needed["pulseaudio-utils"] = shutil.which("paplay")
    missing = [package for package, found in needed.items() if not found]
    if missing and may_install:
        try:
            _install("Firefox", _apt_install(*missing))
        except StepFailed as error:
            print(f"▸ {error} Without it the tests in Firefox are skipped.")


def _install(name: str, command: list[str]) -> None:
    remedy = f"Install {name} by hand, then run it again."
    title = f"Installing {name} for the browser tests"
    step(title, command, makes=None, depends=[], remedy=remedy)


def _apt_install(*packages: str) -> list[str]:
    install = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    return ["sh", "-c", f"apt-get update && {install}"]


def find_chromium() -> str | None:
    """The path of a Chromium on this machine."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for path in map(shutil.which, names) if path), None)


def find_firefox() -> str | None:
    """The path of a Firefox on this machine."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


def main() -> int:
    """All steps; 1 with one clear line when one fails."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs this may have any Python
        print("Choir needs Python 3.11 or later; this is " + sys.version.split()[0])
        return 1
    LOG.parent.mkdir(parents=True, exist_ok=True)
    try:
        python_packages(dev="--dev" in sys.argv)
        frontend()
        translations()
        if "--browser" in sys.argv:
            browsers()
    except StepFailed as error:
        print(f"\n✗ {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
