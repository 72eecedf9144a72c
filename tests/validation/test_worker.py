"""A real worker on real Redis: who goes first, and what a sudden death costs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from redis import Redis

from collector.models import Campaign, Clip, ClipStatus, Event, EventKind
from collector.storage import audio_store, clip_folder
from collector.tasks import transcode
from config.celery import InOrder, app
from corpus.models import RevocationList
from corpus.tasks import publish_revocations
from tests.people import Person
from tests.pipeline import process
from validation.models import CaseStatus, PreScore, ReviewCase
from validation.tasks import rescore

ROOT = Path(__file__).parents[2]
WORDS = ["yes", "no", "go", "stop", "help", "start"]
PATIENCE_S = 90.0

pytestmark = pytest.mark.django_db(transaction=True)
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(transactional_db: None) -> Iterator[Start]:
    """Starts programs of the site on the test's own database and Redis; ends them afterwards."""
    database = connection.settings_dict
    host = database["HOST"] or database["OPTIONS"]["host"]
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgres://postgres@/{database['NAME']}?host={host}",
        "REDIS_URL": settings.REDIS_URL,
        "STORAGE_URL": settings.STORAGE_URL,
    }

    with ExitStack() as stack:

        def begin(*arguments: str) -> subprocess.Popen[bytes]:
            process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment)
            stack.callback(lambda: (process.terminate(), process.wait(timeout=40)))
            return process

        app.control.purge()
        yield begin
    app.control.purge()


def start_worker(start: Start, *options: str) -> subprocess.Popen[bytes]:
    return start(
        "-m", "celery", "--quiet", "--app", "config.celery", "worker", "--loglevel", "WARNING",
        "--concurrency", "1", "--without-gossip", "--without-mingle", *options,
    )  # fmt: skip


def wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def kill_child_of(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the process that hears clips, as the kernel does when memory runs out."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(children[0]), signal.SIGKILL)


def test_the_queues_are_always_looked_into_in_the_same_order():
    order = InOrder()
    order.update({"backfill", "punctual", "speaking"})
    assert order.consume(3) == ["punctual", "speaking", "backfill"]
    order.rotate("punctual")
    assert order.consume(1) == ["punctual"]
    order.update(["other", "backfill"])
    assert order.consume(2) == ["backfill", "other"]


def test_the_list_of_what_was_taken_back_waits_for_nothing_but_what_is_in_hand(
    speaker: Person, campaign: Campaign, start: Start
):
    clips = [speaker.lend(campaign, text) for text in WORDS]
    for clip in clips:
        transcode.delay(str(clip.pk))
    assert not RevocationList.objects.exists()
    publish_revocations.delay()
    start_worker(start)
    transcoded = Event.objects.filter(kind=EventKind.CLIP_TRANSCODED)
    wait_for(RevocationList.objects.exists, "the list is made")
    assert transcoded.count() <= 1, "before what has waited for longer"
    wait_for(lambda: transcoded.count() == len(clips), "the rest follows")


def test_a_speaker_s_clip_goes_before_a_back_fill_that_came_first(
    speaker: Person, campaign: Campaign, start: Start
):
    for text in WORDS:
        process(speaker.lend(campaign, text))
    PreScore.objects.update(calibration="0")
    for clip in Clip.objects.all():
        rescore.delay([str(clip.pk)])
    last = speaker.lend(campaign, "yes")
    start_worker(start)
    again = Event.objects.filter(kind=EventKind.CLIP_SCORED, data__again=True)
    wait_for(lambda: again.count() == len(WORDS), "the back-fill ends")
    scored = Event.objects.get(kind=EventKind.CLIP_SCORED, clip_id=last.pk)
    assert all(scored.pk < event.pk for event in again)


def test_a_killed_worker_and_a_poisoned_clip_cost_no_other_clip(
    speaker: Person, campaign: Campaign, start: Start
):
    worker = start_worker(start, "--beat", "--schedule", str(settings.VAR_DIR / "beat"))
    clips = [speaker.lend(campaign, text) for text in WORDS]
    poisoned = speaker.lend(campaign, "yes", b"fLaC" + b"\xff" * 2_000)
    wait_for(lambda: PreScore.objects.count() >= 2, "the first clips are heard")
    kill_child_of(worker)
    open_cases = ReviewCase.objects.filter(status=CaseStatus.OPEN)
    wait_for(lambda: open_cases.count() == len(clips), "all clips reach the reviewers")
    assert PreScore.objects.count() == len(clips)
    wait_for(
        lambda: Clip.objects.get(pk=poisoned.pk).status == ClipStatus.UNUSABLE,
        "the poisoned clip is set aside",
    )


def test_a_back_fill_survives_the_worker_that_it_runs_in(
    speaker: Person, campaign: Campaign, start: Start, monkeypatch: pytest.MonkeyPatch
):
    # On a busy machine a process takes seconds to start, and no clip may be given up meanwhile.
    monkeypatch.setenv("WORK_LEASE_S", "8")
    for text in WORDS * 2:
        process(speaker.lend(campaign, text))
    broken = Clip.objects.latest("received_at")
    for key in audio_store().keys(clip_folder(broken.pk)):
        audio_store().delete(key)
    PreScore.objects.update(calibration="0")
    worker = start_worker(start)
    wait_for(lambda: bool(app.control.ping(timeout=1)), "the worker has started")
    command = start("manage.py", "rescore", "--campaign", campaign.slug)
    heard = PreScore.objects.exclude(calibration="0")
    wait_for(lambda: heard.count() >= 2, "the back-fill has begun")
    kill_child_of(worker)
    wait_for(lambda: command.poll() is not None, "the command ends")
    assert command.returncode == 1, "one clip could not be heard"
    left = Clip.objects.exclude(pk__in=heard.values("clip"))
    assert list(left) == [broken]


def test_stopping_the_command_stops_the_back_fill_and_the_next_one_goes_on(
    speaker: Person, campaign: Campaign, start: Start
):
    for text in WORDS:
        process(speaker.lend(campaign, text))
    PreScore.objects.update(calibration="0")
    command = start("manage.py", "rescore", "--campaign", campaign.slug)
    broker = Redis.from_url(settings.REDIS_URL)
    wait_for(lambda: broker.llen("choir:backfill") > 0, "the back-fill has begun")
    command.send_signal(signal.SIGINT)
    assert command.wait(timeout=20) == 130
    heard = PreScore.objects.exclude(calibration="0")
    assert not heard.exists(), "no worker ran"
    app.control.purge()
    start_worker(start)
    again = start("manage.py", "rescore", "--campaign", campaign.slug)
    assert again.wait(timeout=PATIENCE_S) == 0
    assert heard.count() == len(WORDS)
