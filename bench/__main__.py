"""``make bench``: every bench, one after the other, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys

BENCHES = (
    "pipeline", "waiting", "audio", "scoring", "prompts", "votes", "leases", "exports",
    "revocations", "vault", "withdrawals", "takeout", "page",
)  # fmt: skip


def main() -> int:
    """Run them all; the number of those that failed."""
    failed = 0
    for name in BENCHES:
        print(f"\n── {name}", flush=True)
        failed += (
            subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode != 0
        )
    return failed


if __name__ == "__main__":
    sys.exit(main())
