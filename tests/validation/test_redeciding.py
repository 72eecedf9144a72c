"""Earlier cases brought to the rules of today: by whom, how far, and that nothing is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from collector.access import Actor
from collector.models import Campaign, Event, EventKind
from config.pipeline import STARTS_FOR_ALL
from tests.people import Person
from tests.pipeline import judge, process
from validation import tasks
from validation.models import CaseStatus, PolicyName, PreScore, Redecision, ReviewCase, ReviewPolicy
from validation.selectors import latest_redecision
from validation.services import ask_redecision, overdue_redecision, redecide_some
from validation.services import redeciding as verbs


@pytest.fixture
def accepted(
    speaker: Person, reviewer: Person, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> list[ReviewCase]:
    """Three clips that one vote each has accepted; then the rule asks for two."""
    monkeypatch.setattr(verbs, "CHUNK", 2)
    ReviewPolicy.objects.update(name=PolicyName.EVIDENCE, blind_share=0, gold_share=0)
    cases = []
    for _ in range(3):
        clip = process(speaker.lend(campaign, "yes"))
        PreScore.objects.filter(clip=clip).update(match=0.99)
        cases.append(judge(reviewer, campaign, "accept"))
    assert {case.status for case in cases} == {CaseStatus.ACCEPTED}
    ReviewPolicy.objects.update(name=PolicyName.TWO_VOTES)
    return cases


def statuses() -> set[str]:
    return set(ReviewCase.objects.values_list("status", flat=True))


def test_workers_do_some_at_a_time_and_say_how_far_they_are(
    accepted: list[ReviewCase], curator: Person, campaign: Campaign
):
    asked = ask_redecision(Actor(user=curator.user), campaign)
    assert (asked.num_cases, asked.num_done, asked.completed_at) == (3, 0, None)
    assert redecide_some()
    asked.refresh_from_db()
    assert (asked.num_done, asked.num_moved, asked.completed_at) == (2, 2, None)
    assert [redecide_some() for _ in range(3)] == [True, True, False]
    asked.refresh_from_db()
    assert (asked.num_done, asked.num_moved) == (3, 3)
    assert asked.completed_at is not None
    assert statuses() == {CaseStatus.OPEN}
    kinds = [EventKind.REDECISION_ASKED, EventKind.REDECISION_DONE]
    journal = Event.objects.filter(kind__in=kinds).order_by("id").values_list("kind", "data")
    assert list(journal) == [
        (kinds[0], {"campaign": campaign.slug, "num_cases": 3}),
        (kinds[1], {"campaign": campaign.slug, "num_moved": 3}),
    ]


def test_asked_again_it_begins_again_and_what_was_under_way_stops(
    accepted: list[ReviewCase], curator: Person, campaign: Campaign,
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    actor = Actor(user=curator.user)
    ask_redecision(actor, campaign)
    really = verbs._redecide_one

    def changed_meanwhile(pk: object) -> bool:
        ask_redecision(actor, campaign)
        return really(pk)

    monkeypatch.setattr(verbs, "_redecide_one", changed_meanwhile)
    assert not redecide_some(), "whoever was overtaken does not go on"
    monkeypatch.undo()
    found = Redecision.objects.get()
    assert (found.num_done, found.num_moved, found.num_cases) == (0, 0, 3)
    while redecide_some():
        pass
    found.refresh_from_db()
    assert (found.num_done, found.num_moved) == (3, 1), "two had moved before"
    assert ask_redecision(actor, campaign).pk != found.pk


def test_a_lost_message_is_made_up_for_by_the_sweep(
    accepted: list[ReviewCase], curator: Person, campaign: Campaign,
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    asked = ask_redecision(Actor(user=curator.user), campaign)
    assert not overdue_redecision(), "a worker may be at it"
    Redecision.objects.update(nudge_at=timezone.now() - timedelta(seconds=1))
    sent: list[bool] = []
    monkeypatch.setattr(tasks.redecide, "delay", lambda: sent.append(True))
    tasks.sweep()
    assert sent == [True]
    while sent:  # each message sends the next
        sent.pop()
        tasks.redecide()
    asked.refresh_from_db()
    assert asked.completed_at is not None
    assert statuses() == {CaseStatus.OPEN}
    assert STARTS_FOR_ALL[EventKind.REDECISION_ASKED] is tasks.redecide


def test_only_curators_ask_by_the_api_and_by_the_page(
    accepted: list[ReviewCase], curator: Person, reviewer: Person, campaign: Campaign
):
    path = f"campaigns/{campaign.slug}/review/redecision"
    address = reverse("redecide", args=[campaign.slug])
    assert curator.get(path).status_code == 404
    assert reviewer.get(path).status_code == reviewer.post(path, {}).status_code == 403
    assert reviewer.client.post(address).status_code == 403
    assert curator.client.get(address).status_code == 405
    assert latest_redecision(campaign) is None

    answer = curator.post(path, {})
    assert (answer.status_code, answer.json()["num_cases"]) == (202, 3)
    assert curator.client.post(address).status_code == 302
    assert Redecision.objects.get().asked_by == curator.user
    shown = curator.client.get(reverse("policy", args=[campaign.slug])).content.decode()
    assert "0 of 3 clips judged anew" in shown and "Judge 3 earlier clips anew" in shown
    while redecide_some():
        pass
    assert curator.get(path).json()["num_moved"] == 3
    shown = curator.client.get(reverse("policy", args=[campaign.slug])).content.decode()
    assert "3 clips have another verdict since" in shown and "data-unsettled" not in shown
