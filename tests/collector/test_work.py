"""Claims and reminders: who works on a row, and when the sweep speaks up."""

from __future__ import annotations

import time
from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from collector import tasks as collector_tasks
from collector.models import Campaign, Clip, ClipStatus
from collector.services import transcode_clip, withdraw_clip
from tests.people import Person
from validation import tasks as validation_tasks
from validation.models import CaseStatus, ReviewCase
from validation.services import open_case, score_case


@pytest.fixture
def nudged(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What the sweeps send to the broker, instead of sending it."""
    sent: list[tuple[str, str]] = []
    for task in (collector_tasks.transcode, collector_tasks.erase, validation_tasks.prescore):
        name = task.name.rpartition(".")[2]
        monkeypatch.setattr(task, "delay", lambda pk, name=name: sent.append((name, pk)))
    return sent


def sweep() -> None:
    collector_tasks.sweep()
    validation_tasks.sweep()


def time_passes(seconds: float) -> None:
    """As if the rows were that much older."""
    for model in (Clip, ReviewCase):
        for row in model.objects.all():
            for name in ("nudge_at", "claimed_until"):
                at = getattr(row, name)
                if at is not None:
                    setattr(row, name, at - timedelta(seconds=seconds))
            row.save()


def test_a_fresh_clip_is_left_to_its_own_message(speaker: Person, campaign: Campaign, nudged):
    speaker.lend(campaign, "yes")
    sweep()
    assert nudged == []


def test_a_lost_message_is_made_good_at_every_step(speaker: Person, campaign: Campaign, nudged):
    clip = speaker.lend(campaign, "yes")
    steps = [
        ("transcode", lambda: transcode_clip(clip.pk)),
        ("prescore", lambda: open_case(clip.pk)),
        ("prescore", lambda: score_case(ReviewCase.objects.get().pk)),
    ]
    for name, step in steps:
        nudged.clear()
        time_passes(5)
        sweep()
        assert nudged == [(name, str(clip.pk))]
        assert step()
    nudged.clear()
    time_passes(10_000)
    sweep()
    assert nudged == [], "nothing waits for a worker any more"
    withdraw_clip(clip)
    time_passes(5)
    sweep()
    assert nudged == [("erase", str(clip.pk))]


def test_reminders_come_at_ever_longer_intervals(speaker: Person, campaign: Campaign, nudged):
    speaker.lend(campaign, "yes")
    began_s = time.monotonic()
    reminded_s = [0.0]
    for seconds in range(1, 71):
        time_passes(1)
        before = len(nudged)
        sweep()
        # The clock on the wall goes on as well.
        now_s = seconds + time.monotonic() - began_s
        reminded_s += [now_s] * (len(nudged) - before)
    # Each comes with the next look, which may be a second late: so compare what lies between.
    between_s = [after - before for before, after in pairwise(reminded_s)]
    assert between_s == pytest.approx([4, 8, 16, 32], abs=1.5)


def test_a_dead_workers_clip_is_given_to_another(speaker: Person, campaign: Campaign, nudged):
    clip = speaker.lend(campaign, "yes")
    assert Clip.claim(clip.pk, ClipStatus.RECEIVED)
    assert not Clip.claim(clip.pk, ClipStatus.RECEIVED)
    time_passes(3)
    sweep()
    assert nudged == [], "its worker may still live"
    time_passes(2)
    sweep()
    assert nudged == [("transcode", str(clip.pk))]
    assert Clip.claim(clip.pk, ClipStatus.RECEIVED)


def test_a_claim_is_for_one_status_only(speaker: Person, campaign: Campaign):
    clip = speaker.lend(campaign, "yes")
    assert not Clip.claim(clip.pk, ClipStatus.TRANSCODED)
    assert transcode_clip(clip.pk)
    assert not Clip.claim(clip.pk, ClipStatus.RECEIVED)
    case = open_case(clip.pk)
    assert case is not None
    assert open_case(clip.pk) == case, "the same clip again is the same case"
    assert ReviewCase.claim(case.pk, CaseStatus.SCORING)
    assert not ReviewCase.claim(case.pk, CaseStatus.SCORING)
    assert ReviewCase.objects.get().claimed_until > timezone.now()
