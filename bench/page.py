"""What the first page costs on a cheap phone: `python -m bench.page`.

In Chromium, against the whole site, with an empty cache: a processor four times slower, 1.6 Mbit/s,
150 ms there and back. The profile and the measurement are those of tests/journey/test_weight.py,
which also asserts the weight; this runs it and prints what it measures.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """One line for each page; the tests' own exit code."""
    command = [sys.executable, "-m", "pytest", "-s", "tests/journey/test_weight.py"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
