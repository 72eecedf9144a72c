"""A speaker's wait while a back-fill of ten thousand clips runs: `bench.waiting`, as a table."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.prescore.targets import Row

CLIPS, TAKES = 10_000, 100
ENDED_EARLY = "the back-fill ended before the last take"


def waiting() -> list[Row]:
    """The table. Measured in a process of its own, as it needs a whole site."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "waiting.json"
        options = ["--clips", str(CLIPS), "--takes", str(TAKES), "--json", str(answer)]
        command = [sys.executable, "-m", "bench.waiting", *options]
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL)  # 1: it waits too long
        found = json.loads(answer.read_text("utf-8"))
    note = "" if found["backfill_ran_to_the_end_of_the_measurement"] else ENDED_EARLY
    return [
        Row("a speaker's score, nothing else to do, median", found["alone_median_s"], "s"),
        Row("the same during a back-fill, median", found["median_s"], "s"),
        Row("the same, p95", found["p95_s"], "s", 2, 1, at_most=True, note=note),
        Row("the longest", found["longest_s"], "s"),
        Row("clips of the back-fill a second, one worker process", found["backfill_clips_per_s"]),
        Row("that process then holds", max(found["resident_mb_of_each_process"]), "MB", 400, 300,
            at_most=True),
    ]  # fmt: skip
