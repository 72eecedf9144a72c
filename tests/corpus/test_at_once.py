"""What happens at the same moment: real threads, each with a connection of its own."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from collector.access import Actor
from collector.models import (
    Campaign,
    Clip,
    ClipStatus,
    ConsentEvent,
    Membership,
    Prompt,
    Role,
    User,
)
from collector.selectors import current_consent_text
from collector.services import give_consent, join_as_speaker
from corpus.models import Release, ReleaseEntry
from corpus.selectors import live_entries
from corpus.services import cut_release, withdraw
from validation.models import CaseStatus, Review, ReviewCase, Verdict
from validation.services import cast_vote, lease_next_case

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], object]) -> list[object]:
    """All calls started together, each in a thread; their answers, or what they raised."""
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        gate.wait()
        try:
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def clips(campaign: Campaign) -> Iterator[list[Clip]]:
    """Forty transcoded clips with an open case each, of forty speakers (rows only)."""
    made = []
    text, prompt = current_consent_text(campaign), Prompt.objects.filter(campaign=campaign).first()
    for _ in range(40):
        speaker, _phrase = join_as_speaker()
        consent, _ = give_consent(
            speaker, campaign, version=text.version, sha256=text.sha256, adult=True,
            purposes=text.purposes,
        )  # fmt: skip
        clip = Clip.objects.create(
            participation=consent.participation, prompt=prompt, consent=consent,
            status=ClipStatus.TRANSCODED, original_sha256="a" * 64, original_num_bytes=1,
            master_sha256="b" * 64, master_num_bytes=1, num_samples=16_000, nudge_at=None,
        )  # fmt: skip
        ReviewCase.objects.create(clip=clip, status=CaseStatus.OPEN, nudge_at=None)
        made.append(clip)
    yield made
    assert ConsentEvent.objects.count() == 40


def member(campaign: Campaign, name: str, role: Role) -> Actor:
    user = User.objects.create_user(f"{name}@example.org")
    Membership.objects.create(user=user, campaign=campaign, role=role)
    return Actor(user=user)


def test_no_clip_is_leased_twice(campaign: Campaign, clips: list[Clip]):
    reviewers = [member(campaign, f"reviewer-{n}", Role.REVIEWER) for n in range(8)]
    taken: Counter[object] = Counter()
    for _ in range(5):
        calls = [lambda who=who: lease_next_case(who, campaign) for who in reviewers]
        cases = at_once(*calls)
        assert all(isinstance(case, ReviewCase) for case in cases), cases
        taken.update(case.pk for case in cases)  # type: ignore[attr-defined]
        # Judged as unsure, so that each asks for another clip in the next round.
        for who, case in zip(reviewers, cases, strict=True):
            cast_vote(who, case.pk, Verdict.UNSURE)  # type: ignore[attr-defined]
            ReviewCase.objects.filter(pk=case.pk).update(status=CaseStatus.REJECTED)
    assert len(taken) == 40
    assert set(taken.values()) == {1}


def test_the_same_vote_sent_twice_at_once_counts_once(campaign: Campaign, clips: list[Clip]):
    reviewer = member(campaign, "reviewer", Role.REVIEWER)
    case = lease_next_case(reviewer, campaign)
    assert case is not None
    answers = at_once(*[lambda: cast_vote(reviewer, case.pk, Verdict.ACCEPT)] * 4)
    assert sorted(cast.is_new for cast in answers) == [False, False, False, True]  # type: ignore
    assert Review.objects.count() == 1


def test_a_withdrawal_and_a_cut_at_once_leave_no_clip_in_a_release(
    campaign: Campaign, clips: list[Clip]
):
    curator = member(campaign, "curator", Role.CURATOR)
    ReviewCase.objects.update(status=CaseStatus.ACCEPTED)
    for clip in clips[:8]:
        speaker = Actor(speaker=clip.participation.speaker)
        answers = at_once(
            lambda: cut_release(curator, campaign),
            lambda pk=clip.pk, who=speaker: withdraw(who, pk),
        )
        assert not [answer for answer in answers if isinstance(answer, Exception)], answers
        for release in Release.objects.all():
            assert not live_entries(release).filter(clip=clip).exists()
    assert Release.objects.count() == 8
    assert not ReleaseEntry.objects.filter(
        is_withdrawn=False, clip__status=ClipStatus.WITHDRAWN
    ).exists()


def test_two_curators_cut_two_versions(campaign: Campaign, clips: list[Clip]):
    curators = [member(campaign, f"curator-{n}", Role.CURATOR) for n in range(4)]
    ReviewCase.objects.update(status=CaseStatus.ACCEPTED)
    releases = at_once(*[lambda who=who: cut_release(who, campaign) for who in curators])
    assert sorted(release.version for release in releases) == [1, 2, 3, 4]  # type: ignore


def test_a_withdrawal_and_a_vote_at_once_leave_the_case_closed(
    campaign: Campaign, clips: list[Clip]
):
    reviewer = member(campaign, "reviewer", Role.REVIEWER)
    for _ in range(8):
        case = lease_next_case(reviewer, campaign)
        assert case is not None
        speaker = Actor(speaker=case.clip.participation.speaker)
        at_once(
            lambda pk=case.pk: cast_vote(reviewer, pk, Verdict.ACCEPT),
            lambda pk=case.clip_id, who=speaker: withdraw(who, pk),
        )
        case.refresh_from_db()
        assert case.status == CaseStatus.CLOSED
        assert Clip.objects.get(pk=case.clip_id).status == ClipStatus.WITHDRAWN
