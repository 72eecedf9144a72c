"""How long a speaker waits for their score while a back-fill runs.

    python -m bench.waiting [--clips N] [--takes N] [--concurrency N]

On real PostgreSQL, Redis, storage and a real worker, made for the run. First a campaign is filled
with clips that have no score of the model of today; `manage.py rescore` then lets the worker hear
them all, through the queue of back-fills. Meanwhile a speaker sends one take after the other, as
WebM/Opus, and waits until each is with the reviewers: upload, decoding, measuring and scoring.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import statistics
import sys
import time
import uuid
from pathlib import Path
from typing import Any

from bench.pipeline import open_campaign, site, takes
from bench.programs import children_of, running, worker

MUST_S, STRETCH_S = 2.0, 1.0
LOOK_EVERY_S = 0.01
PATIENCE_S = 60.0
PAUSE_S = (0.2, 1.0)


def fill(campaign: Any, spoken: list[tuple[str, str, bytes]], speaker: Any, num_clips: int) -> None:
    """Clips that people could review, heard by no model: some real ones, and copies of them."""
    from collector.models import Clip
    from collector.services import transcode_clip
    from collector.storage import audio_store, master_key
    from validation.models import CaseStatus, ReviewCase

    originals = []
    for _, text, data in spoken:
        clip = speaker.lend(campaign, text, data)
        transcode_clip(clip.pk)
        clip.refresh_from_db()
        originals.append((clip, audio_store().get(master_key(clip.pk, clip.master_sha256))))
    Clip.objects.update(nudge_at=None)
    made = []
    for index in range(num_clips - len(originals)):
        clip, flac = originals[index % len(originals)]
        clip = Clip.objects.get(pk=clip.pk)
        clip.pk = uuid.uuid4()
        audio_store().put(master_key(clip.pk, clip.master_sha256), flac)
        made.append(clip)
    Clip.objects.bulk_create(made, batch_size=500)
    ReviewCase.objects.bulk_create(
        [
            ReviewCase(clip_id=clip_id, campaign_id=campaign, status=CaseStatus.OPEN, nudge_at=None)
            for clip_id, campaign in Clip.objects.values_list("pk", "participation__campaign")
        ],
        batch_size=500,
    )


def wait_for_score(speaker: Any, campaign: Any, text: str, data: bytes) -> float:
    """Seconds from the first byte sent to the score."""
    from validation.models import CaseStatus, ReviewCase

    began = time.perf_counter()
    clip = speaker.lend(campaign, text, data)
    while time.perf_counter() - began < PATIENCE_S:
        if ReviewCase.objects.filter(clip=clip, status=CaseStatus.OPEN).exists():
            return time.perf_counter() - began
        time.sleep(LOOK_EVERY_S)
    raise TimeoutError(f"No score within {PATIENCE_S:.0f} s.")


def resident_mb(pid: int) -> list[float]:
    """Resident memory of the worker's child processes."""
    pages = [int(Path(f"/proc/{each}/statm").read_text().split()[1]) for each in children_of(pid)]
    return [page * os.sysconf("SC_PAGE_SIZE") / 1e6 for page in pages]


def run(num_clips: int, num_takes: int, concurrency: int) -> dict[str, Any]:
    """The figures of one run."""
    from django.test import Client

    from collector.models import PromptKind
    from collector.services import add_prompt
    from tests.people import Person
    from validation.models import PreScore

    campaign = open_campaign()
    spoken = list({text: (kind, text, data) for kind, text, data in takes()}.values())
    for kind, text, _ in spoken:
        add_prompt(campaign, PromptKind(kind), text)
    speaker = Person(Client())
    speaker.consent(campaign)
    fill(campaign, spoken, speaker, num_clips)
    chance = random.Random(1)
    with worker(concurrency) as celery:
        wait_for_score(speaker, campaign, *spoken[0][1:])  # until the worker has started
        alone_s = sorted(
            wait_for_score(speaker, campaign, *chance.choice(spoken)[1:]) for _ in range(10)
        )
        rescore = ("manage.py", "rescore", "--campaign", "bench")
        with running("rescore", *rescore, end_by=signal.SIGINT) as backfill:
            before = PreScore.objects.count()
            while PreScore.objects.count() < before + 2:
                time.sleep(LOOK_EVERY_S)
            began, before = time.perf_counter(), PreScore.objects.count()
            waits_s = []
            for _ in range(num_takes):
                waits_s.append(wait_for_score(speaker, campaign, *chance.choice(spoken)[1:]))
                time.sleep(chance.uniform(*PAUSE_S))
            took_s = time.perf_counter() - began
            heard = PreScore.objects.count() - before - num_takes
            still_running = backfill.poll() is None
            memory_mb = resident_mb(celery.pid)
    waits_s.sort()
    return {
        "clips_of_backfill": num_clips,
        "takes": num_takes,
        "worker_processes": concurrency,
        "alone_median_s": statistics.median(alone_s),
        "median_s": statistics.median(waits_s),
        "p95_s": waits_s[min(len(waits_s) - 1, round(0.95 * len(waits_s)))],
        "longest_s": waits_s[-1],
        "backfill_clips_per_s": heard / took_s,
        "backfill_ran_to_the_end_of_the_measurement": still_running,
        "resident_mb_of_each_process": memory_mb,
    }


def main() -> int:
    """Measure, print, and write JSON; 1 where a speaker waits too long."""
    parser = argparse.ArgumentParser(description="A speaker's wait while a back-fill runs.")
    parser.add_argument("--clips", type=int, default=600, help="of the back-fill (full: 10000)")
    parser.add_argument("--takes", type=int, default=25)
    parser.add_argument("--concurrency", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with site():
        found = run(options.clips, options.takes, options.concurrency)
    for name, value in found.items():
        shown = f"{value:10.3f}" if isinstance(value, float) else f"{value!s:>10}"
        print(f"{name:44} {shown}")
    print(f"must {MUST_S} s, stretch {STRETCH_S} s")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2))
    return 0 if found["p95_s"] <= MUST_S else 1


if __name__ == "__main__":
    sys.exit(main())
