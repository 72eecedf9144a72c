"""``make test``: every check, in two lines of work side by side, and one line at the end.

All of them run even when one fails, so that a person sees everything that is wrong at once. The
browser's tests wait for sound most of the time, so all else runs beside them, each with services of
its own.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
NPM = [str(BIN / "npm"), "--prefix", "frontend", "run", "--silent"]
PYTEST = [str(BIN / "python"), "-m", "pytest"]
BROWSER_TESTS = "tests/journey"

CHECKS: dict[str, list[str]] = {
    "browser tests": [*PYTEST, BROWSER_TESTS],
    "lint": [str(BIN / "ruff"), "check", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "."],
    "types": [str(BIN / "mypy")],
    "page types": [*NPM, "check"],
    "page lint": [*NPM, "lint"],
    "page tests": [*NPM, "test"],
    "tests": [*PYTEST, f"--ignore={BROWSER_TESTS}"],
}
LINES = [["browser tests"], [name for name in CHECKS if name != "browser tests"]]
_COUNT = re.compile(r"(\d+) (passed|failed|skipped|errors?)\b")


@dataclass
class Result:
    """How one check ended, and the tests that it counted."""

    name: str
    holds: bool
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def num_failed(self) -> int:
        """Failed tests; a check without tests that does not hold counts as one."""
        failed = sum(self.counts.get(what, 0) for what in ("failed", "error", "errors"))
        return failed or int(not self.holds)


def run(name: str) -> Result:
    """Run one check, and show what it says line by line, with its name before each."""
    env = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    process = subprocess.Popen(
        CHECKS[name], cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    counts: dict[str, int] = {}
    assert process.stdout is not None
    for line in process.stdout:
        print(f"{name} │ {line.rstrip()}", flush=True)
        found = {what: int(number) for number, what in _COUNT.findall(_plain(line))}
        # vitest counts files and then tests; of both runners the last such line is the sum.
        counts = found or counts
    holds = process.wait() == 0
    print(f"{name} │ {'holds' if holds else 'FAILS'}", flush=True)
    return Result(name, holds, counts)


def _plain(line: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", line)


def run_all(wanted: list[str]) -> list[Result]:
    """Run the checks, each line of work in its order, the lines side by side."""
    lines = [[name for name in line if name in wanted] for line in LINES]
    with ThreadPoolExecutor(len(lines)) as pool:
        done = pool.map(lambda line: [run(name) for name in line], lines)
        return [result for results in done for result in results]


def main() -> int:
    """Run all checks (or those named); 0 when all hold."""
    started = time.monotonic()
    results = run_all(sys.argv[1:] or list(CHECKS))
    minutes = (time.monotonic() - started) / 60
    failed = ", ".join(result.name for result in results if not result.holds)
    passed, skipped = (
        sum(result.counts.get(what, 0) for result in results) for what in ("passed", "skipped")
    )
    print(f"\n{len(results)} checks in {minutes:.1f} min; failed: {failed or 'none'}")
    num_failed = sum(result.num_failed for result in results)
    print(f"{passed} passed, {num_failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
