"""What breaks in the middle: every clip still arrives."""

from __future__ import annotations

import os
import signal
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from redis import Redis

from collector.models import Campaign, Clip, ClipStatus
from collector.storage import audio_store, clip_folder
from tests.collector.audio.bad_files import BAD_FILES
from tests.journey.conftest import Site
from tests.journey.visitor import Visitor
from tests.people import audio_of
from validation.models import CaseStatus, ReviewCase

pytestmark = pytest.mark.browser
ARRIVAL_TIMEOUT_S = 90


def wait_until(condition: Callable[[], bool], what: str, timeout_s: float = 30) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def all_scored(ids: list[uuid.UUID]) -> bool:
    cases = ReviewCase.objects.filter(clip_id__in=ids, status=CaseStatus.OPEN)
    return cases.filter(clip__pre_scores__isnull=False).count() == len(ids)


def speaker_of(site: Site, campaign: Campaign) -> Visitor:
    visitor = Visitor(site.url)
    visitor.consent(campaign)
    return visitor


def test_a_worker_killed_in_the_middle_of_a_clip(
    site: Site, make_campaign: Callable[..., Campaign]
) -> None:
    campaign = make_campaign("killed", ["yes"])
    speaker, prompt = speaker_of(site, campaign), campaign.prompts.get()
    ids = [speaker.put(audio_of("yes"), prompt) for _ in range(12)]
    claimed = Clip.objects.filter(
        pk__in=ids, status=ClipStatus.RECEIVED, claimed_until__isnull=False
    )
    wait_until(claimed.exists, "a worker takes a clip in hand")
    worker = site.pid("worker")
    os.killpg(worker, signal.SIGKILL)
    left = [clip.pk for clip in Clip.objects.filter(pk__in=ids, status=ClipStatus.RECEIVED)]
    assert left, "some were not done yet"
    wait_until(lambda: all_scored(ids), "every clip arrives", ARRIVAL_TIMEOUT_S)
    assert site.pid("worker") != worker
    assert Clip.objects.filter(pk__in=ids, attempts__gt=1).exists(), "one was begun twice"


def test_a_redis_emptied_while_clips_wait(
    site: Site, make_campaign: Callable[..., Campaign]
) -> None:
    campaign = make_campaign("emptied", ["yes"])
    speaker, prompt = speaker_of(site, campaign), campaign.prompts.get()
    redis = Redis.from_url(settings.REDIS_URL)
    queue = f"choir:{settings.CELERY_TASK_DEFAULT_QUEUE}"
    os.killpg(site.pid("worker"), signal.SIGSTOP)
    try:
        ids = [speaker.put(audio_of("yes"), prompt) for _ in range(5)]
        assert int(redis.llen(queue)) > 0, "the messages wait"
        redis.flushall()
    finally:
        os.killpg(site.pid("worker"), signal.SIGCONT)
    wait_until(lambda: all_scored(ids), "every clip arrives", ARRIVAL_TIMEOUT_S)


def test_bad_files_are_refused_with_a_reason_and_the_worker_lives_on(
    site: Site, make_campaign: Callable[..., Campaign]
) -> None:
    campaign = make_campaign("bad-input", ["yes"])
    speaker, prompt = speaker_of(site, campaign), campaign.prompts.get()
    worker = site.pid("worker")
    made = [(bad, bad.make()) for bad in BAD_FILES]
    sent = {speaker.put(d, prompt): b for b, d in made if len(d) <= settings.MAX_UPLOAD_BYTES}
    good = speaker.put(audio_of("yes"), prompt)
    unusable = Clip.objects.filter(pk__in=sent, status=ClipStatus.UNUSABLE)
    wait_until(lambda: unusable.count() == len(sent), "all are judged", ARRIVAL_TIMEOUT_S)
    found = {clip.pk: clip.problem for clip in unusable}
    assert {str(bad): found[pk] for pk, bad in sent.items()} == {
        str(bad): bad.problem.value for bad in sent.values()
    }
    wait_until(lambda: all_scored([good]), "the good one arrives", ARRIVAL_TIMEOUT_S)
    assert site.pid("worker") == worker


def test_the_same_take_eight_times_at_once_is_one_clip(
    site: Site, make_campaign: Callable[..., Campaign]
) -> None:
    campaign = make_campaign("eight", ["yes"])
    speaker, prompt, clip_id = speaker_of(site, campaign), campaign.prompts.get(), uuid.uuid4()
    with ThreadPoolExecutor(8) as pool:
        puts = [pool.submit(speaker.put, audio_of("yes"), prompt, clip_id) for _ in range(8)]
        assert {put.result() for put in puts} == {clip_id}
    originals = [key for key in audio_store().keys(clip_folder(clip_id)) if "original" in key]
    assert len(originals) == 1
    wait_until(lambda: all_scored([clip_id]), "it arrives once", ARRIVAL_TIMEOUT_S)
