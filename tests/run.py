"""``make test``: every check, two at a time, and one line at the end.

All of them run even when one fails, so that a person sees everything that is wrong at once. Each
folder of tests is a check with services of its own. The browser's tests come first: they take
longest, and wait for sound most of the time. Whichever of the two lines of work is free takes the
next check, so both end at about the same time.
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
TESTS = ROOT / "tests"
#: What takes long begins early: a long check that began last would end alone.
LONGEST = ["journey", "corpus", "validation", "collector"]


def _places() -> list[str]:
    """All that holds tests, in the order in which it is run: nobody has to list a new folder."""
    holding = {path.relative_to(TESTS).parts[0] for path in TESTS.rglob("test_*.py")}
    return sorted(sorted(holding), key=lambda place: [*LONGEST, place].index(place))


FIRST, *OTHERS = [f"tests/{place}" for place in _places()]
CHECKS: dict[str, list[str]] = {
    FIRST: [*PYTEST, FIRST],
    "lint": [str(BIN / "ruff"), "check", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "."],
    "types": [str(BIN / "mypy")],
    "page types": [*NPM, "check"],
    "page lint": [*NPM, "lint"],
    "page tests": [*NPM, "test"],
    **{place: [*PYTEST, place] for place in OTHERS},
}
NUM_LINES = 2
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
    started = time.monotonic()
    env = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    # Dozens of processes are started, each of which would compile all modules anew.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
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
    seconds = time.monotonic() - started
    print(f"{name} │ {'holds' if holds else 'FAILS'} ({seconds:.0f} s)", flush=True)
    return Result(name, holds, counts)


def _plain(line: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", line)


def run_all(wanted: list[str]) -> list[Result]:
    """Run the checks in the order of CHECKS, as many side by side as there are lines of work."""
    with ThreadPoolExecutor(NUM_LINES) as pool:
        return list(pool.map(run, [name for name in CHECKS if name in wanted]))


def main() -> int:
    """Run all checks (or those named); 0 when all hold."""
    wanted = sys.argv[1:] or list(CHECKS)
    if unknown := set(wanted) - CHECKS.keys():
        sys.exit(f"There is no check {', '.join(unknown)}. There are: {', '.join(CHECKS)}.")
    started = time.monotonic()
    results = run_all(wanted)
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
