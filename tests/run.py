"""``make test``: every check, one after the other, and one line at the end.

All of them run even when one fails, so that a person sees everything that is wrong at once.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
NPM = [str(BIN / "npm"), "--prefix", "frontend", "run", "--silent"]

CHECKS: dict[str, list[str]] = {
    "lint": [str(BIN / "ruff"), "check", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "."],
    "types": [str(BIN / "mypy")],
    "page types": [*NPM, "check"],
    "page lint": [*NPM, "lint"],
    "page tests": [*NPM, "test"],
    "tests": [str(BIN / "python"), "-m", "pytest"],
}
_COUNT = re.compile(r"(\d+) (passed|failed|skipped|errors?)\b")


def run(name: str, command: list[str]) -> tuple[bool, dict[str, int]]:
    """Run one check, show what it says, and count the tests that it names."""
    print(f"\n── {name}: {' '.join(Path(part).name for part in command[:3])}", flush=True)
    env = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    process = subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    counts: dict[str, int] = {}
    assert process.stdout is not None
    for line in process.stdout:
        print(line, end="", flush=True)
        found = {what: int(number) for number, what in _COUNT.findall(_plain(line))}
        # vitest counts files and then tests; of both runners the last such line is the sum.
        counts = found or counts
    return process.wait() == 0, counts


def _plain(line: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", line)


def main() -> int:
    """Run all checks (or those named); 0 when all hold."""
    wanted = sys.argv[1:] or list(CHECKS)
    started, failed, passed_tests, skipped = time.monotonic(), [], 0, 0
    failed_tests = 0
    for name in wanted:
        holds, counts = run(name, CHECKS[name])
        passed_tests += counts.get("passed", 0)
        skipped += counts.get("skipped", 0)
        failed_tests += counts.get("failed", 0) + counts.get("error", 0) + counts.get("errors", 0)
        if not holds:
            failed.append(name)
    minutes = (time.monotonic() - started) / 60
    print(f"\n{len(wanted)} checks in {minutes:.1f} min; failed: {', '.join(failed) or 'none'}")
    print(f"{passed_tests} passed, {max(failed_tests, len(failed))} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
