"""Clips per second and core from upload to scored, and the time of each step.

    python -m bench.pipeline

On real PostgreSQL, Redis and storage, made for the run. The steps are the verbs that the web
server and the worker call, one clip after the other in one process: what it prints is the cost
on one core. Audio: the keywords and sentences of tests/audio, as WebM/Opus like a browser's.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collector.models import Campaign

AUDIO = Path(__file__).parents[1] / "tests" / "audio"
ROUNDS = 3
Times = dict[str, list[float]]


@contextmanager
def site() -> Iterator[None]:
    """A site of the bench's own, migrated and empty, gone afterwards."""
    var = tempfile.mkdtemp(prefix="choir-bench-")
    os.environ.update(
        CHOIR_VAR=var,
        DJANGO_SETTINGS_MODULE="config.settings",
        RATE_UPLOADS="1000000/min",
        LOG_LEVEL="WARNING",
        ALLOWED_HOSTS="testserver",
    )
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from config import embedded

    settings.STATIC_ROOT.mkdir(parents=True)  # nothing is served from it, but it is looked for
    try:
        with embedded.services(settings.VAR_DIR):
            call_command("migrate", verbosity=0)
            yield
    finally:
        shutil.rmtree(var, ignore_errors=True)


def open_campaign() -> Campaign:
    """A campaign that takes clips, with a text to agree to."""
    from collector.access import OPERATOR
    from collector.models import Campaign
    from collector.services import publish_consent_text

    campaign = Campaign.objects.create(
        slug="bench", name="Bench", description="-", language="en", status="open"
    )
    publish_consent_text(OPERATOR, campaign, "Bench.")
    return campaign


def store_many(files: Iterable[tuple[str, bytes]]) -> None:
    """Put files into the storage, encrypted as all are, without waiting for the disk each time."""
    from django.db import transaction

    from collector.storage import EncryptedStore, FolderStore

    class Unsynced(FolderStore):
        def put(self, key: str, data: bytes) -> None:
            path = self.root / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    store = EncryptedStore(Unsynced(Path(os.environ["CHOIR_VAR"]) / "audio"))
    with transaction.atomic():
        for key, data in files:
            store.put(key, data)


def takes() -> list[tuple[str, str, bytes]]:
    """Kind, text and WebM/Opus bytes of every spoken clip of tests/audio."""
    from tests.collector.audio.material import encode

    rows = [json.loads(line) for line in (AUDIO / "manifest.jsonl").read_text("utf-8").splitlines()]
    options = ("-ar", "48000", "-c:a", "libopus", "-b:a", "128k")
    return [
        (
            r["kind"],
            r["text"],
            encode((AUDIO / r["audio_filepath"]).read_bytes(), ".webm", *options),
        )
        for r in rows
        if r["kind"] != "noise"
    ]


def timed(times: Times, name: str, step: Callable[[], object]) -> None:
    """Run the step and note how long it took, in seconds."""
    began = time.perf_counter()
    step()
    times[name].append(time.perf_counter() - began)


def run(spoken: list[tuple[str, str, bytes]]) -> Times:
    """All takes, a few times over, through every step."""
    from django.test import Client

    from collector.models import Clip, PromptKind
    from collector.services import add_prompt, transcode_clip
    from tests.people import Person
    from validation.models import CaseStatus, ReviewCase
    from validation.services import open_case, score_case

    campaign = open_campaign()
    speaker = Person(Client())
    speaker.consent(campaign)
    times: Times = defaultdict(list)
    for turn in range(ROUNDS + 1):
        if turn == 1:
            times.clear()  # the first round warms up: the model is loaded, caches are filled
        for kind, text, data in spoken:
            prompt = add_prompt(campaign, PromptKind(kind), text)
            timed(times, "upload", partial(speaker.put, data, prompt))
            clip = Clip.objects.latest("received_at")
            timed(times, "transcode", partial(transcode_clip, clip.pk))
            case = open_case(clip.pk)
            assert case is not None, "the clip was transcoded"
            timed(times, f"pre-score, {kind}", partial(score_case, case.pk))
    assert not ReviewCase.objects.exclude(status=CaseStatus.OPEN).exists(), "all were scored"
    return times


def report(times: Times, num_clips: int) -> dict[str, object]:
    """Print the table; returns the same as figures."""
    total_s = sum(sum(values) for values in times.values())
    print(f"{'step':24} {'median ms':>10} {'share':>7}")
    for name, values in times.items():
        median_ms = statistics.median(values) * 1000
        print(f"{name:24} {median_ms:10.1f} {sum(values) / total_s:7.0%}")
    clips_per_s = num_clips / total_s
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{clips_per_s:.1f} clips per second and core, upload to scored ({num_clips} clips)")
    print(f"{memory_mb:.0f} MB resident at most (web server and worker in one process)")
    medians = {name: statistics.median(values) * 1000 for name, values in times.items()}
    return {"clips_per_s_and_core": clips_per_s, "median_ms": medians, "max_rss_mb": memory_mb}


def main() -> None:
    """Measure and print."""
    with site():
        spoken = takes()
        report(run(spoken), len(spoken) * ROUNDS)


if __name__ == "__main__":
    main()
