"""What happens at the same moment: real threads, each with a connection of its own."""

from __future__ import annotations

import hashlib
import threading
import uuid
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
from collector.services import erase_waiting, give_consent, join_as_speaker, receive_clip
from collector.storage import audio_store, clip_folder
from corpus.models import Release, ReleaseEntry, Withdrawal
from corpus.scopes import EVERYTHING
from corpus.selectors import live_entries
from corpus.services import cut_release, pause, withdraw, withdraw_all
from validation.models import CaseStatus, Review, ReviewCase, Verdict
from validation.services import cast_vote, lease_next_case
from validation.services.hearing import _to_people

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
            speaker, campaign, version=text.version, sha256=text.sha256, adult=True
        )
        clip = Clip.objects.create(
            participation=consent.participation, prompt=prompt, consent=consent,
            status=ClipStatus.TRANSCODED, original_sha256="a" * 64, original_num_bytes=1,
            master_sha256="b" * 64, master_num_bytes=1, num_samples=16_000, nudge_at=None,
        )  # fmt: skip
        ReviewCase.objects.create(clip=clip, status=CaseStatus.OPEN, nudge_at=None)
        made.append(clip)
    yield made
    assert ConsentEvent.objects.exclude(kind="withdrawn").count() == 40


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


def test_two_withdrawals_of_everything_at_once_are_one(campaign: Campaign, clips: list[Clip]):
    speaker = clips[0].participation.speaker
    Clip.objects.update(participation=clips[0].participation, consent=clips[0].consent, about=None)
    actor = Actor(speaker=speaker)
    answers = at_once(*[lambda: withdraw_all(actor, EVERYTHING)] * 4)
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    assert sorted(answer.num_clips for answer in answers) == [0, 0, 0, 40]  # type: ignore
    assert Withdrawal.objects.count() == 40


def test_withdrawals_of_many_clips_and_cuts_at_once_wait_and_never_for_ever(
    campaign: Campaign, clips: list[Clip]
):
    curator = member(campaign, "curator", Role.CURATOR)
    ReviewCase.objects.update(status=CaseStatus.ACCEPTED)
    groups = [clips[0:10], clips[10:20], clips[20:30]]
    for group in groups:
        part = group[0].participation
        Clip.objects.filter(pk__in=[clip.pk for clip in group]).update(
            participation=part, consent=group[0].consent
        )
    for group in groups:
        actor = Actor(speaker=group[0].participation.speaker)
        answers = at_once(
            lambda: cut_release(curator, campaign),
            lambda who=actor: withdraw_all(who, EVERYTHING),
            lambda who=actor: pause(who, EVERYTHING),
            lambda: cut_release(curator, campaign),
        )
        assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    gone = Clip.objects.filter(status=ClipStatus.WITHDRAWN)
    assert gone.count() == 30
    assert not ReleaseEntry.objects.filter(is_withdrawn=False, clip__in=gone).exists()
    for release in Release.objects.all():
        assert live_entries(release).count() == 10 or release.version < 6


def test_a_withdrawal_and_an_answer_of_the_machine_at_once_leave_no_score(
    campaign: Campaign, clips: list[Clip]
):
    ReviewCase.objects.update(status=CaseStatus.SCORING)
    for clip in clips[:8]:
        case = ReviewCase.objects.select_related("clip", "campaign").get(clip=clip)
        speaker = Actor(speaker=clip.participation.speaker)
        at_once(
            lambda case=case: _to_people(case, None),
            lambda pk=clip.pk, who=speaker: withdraw(who, pk),
        )
        case.refresh_from_db()
        assert case.status == CaseStatus.CLOSED


def test_an_upload_and_everything_at_once_leave_nothing_behind(campaign: Campaign):
    data = b"RIFF" + b"x" * 400
    sha256 = hashlib.sha256(data).hexdigest()
    prompt = Prompt.objects.filter(campaign=campaign).first()
    assert prompt is not None
    text = current_consent_text(campaign)
    for _ in range(6):
        speaker, _phrase = join_as_speaker()
        give_consent(speaker, campaign, version=text.version, sha256=text.sha256, adult=True)
        clip_id = uuid.uuid4()
        at_once(
            lambda who=speaker, pk=clip_id: receive_clip(who, pk, prompt, data, sha256, {}),
            lambda who=speaker: withdraw_all(Actor(speaker=who), EVERYTHING),
        )
        while erase_waiting():
            pass
        assert not Clip.objects.exclude(status=ClipStatus.ERASED).exists()
        assert audio_store().keys(clip_folder(clip_id)) == []
