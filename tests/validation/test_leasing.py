"""The queue under a crowd, on real PostgreSQL: none leased twice, none lost, voices mixed."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.utils import timezone

from collector.access import Actor
from collector.models import (
    Campaign,
    Clip,
    ClipStatus,
    ConsentEvent,
    Membership,
    Participation,
    Role,
    Speaker,
    User,
)
from collector.selectors import current_consent_text
from tests.people import Person
from validation.models import CaseStatus, Review, ReviewCase, Skip, Verdict
from validation.services import give_back_expired, lease_cases

THREADS = 16


def fill(campaign: Campaign, num_clips: int, num_speakers: int, rank: int = 3) -> list[Speaker]:
    """Open cases (rows only), each speaker's one after the other."""
    text = current_consent_text(campaign)
    speakers = Speaker.objects.bulk_create(
        Speaker(recovery_hash=uuid.uuid4().hex * 2) for _ in range(num_speakers)
    )
    parts = Participation.objects.bulk_create(
        Participation(speaker=speaker, campaign=campaign) for speaker in speakers
    )
    consents = ConsentEvent.objects.bulk_create(
        ConsentEvent(participation=part, kind="given", text=text) for part in parts
    )
    clips = Clip.objects.bulk_create(
        Clip(
            participation=parts[n * num_speakers // num_clips],
            consent=consents[n * num_speakers // num_clips], status=ClipStatus.TRANSCODED,
            original_sha256="a" * 64, original_num_bytes=1, master_sha256="b" * 64,
            master_num_bytes=1, num_samples=16_000, nudge_at=None,
        )
        for n in range(num_clips)
    )  # fmt: skip
    ReviewCase.objects.bulk_create(
        ReviewCase(clip=clip, campaign=campaign, status=CaseStatus.OPEN, rank=rank, nudge_at=None)
        for clip in clips
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # a site's autovacuum has done it; without it plans read all rows
    return speakers


def member(campaign: Campaign, name: str) -> Actor:
    user = User.objects.create_user(f"{name}@example.org")
    Membership.objects.create(user=user, campaign=campaign, role=Role.REVIEWER)
    return Actor(user=user)


def in_order(ids: list[uuid.UUID]) -> list[ReviewCase]:
    found = ReviewCase.objects.select_related("clip").in_bulk(ids)
    return [found[pk] for pk in ids]


def ranks(ids: list[uuid.UUID]) -> set[int]:
    return {case.rank for case in in_order(ids)}


def taken_by_all(campaign: Campaign, actors: list[Actor], per_call: int) -> list[uuid.UUID]:
    """All at once; each asks until it is given nothing new, and holds on to what it has."""
    gate = threading.Barrier(len(actors))

    def ask(actor: Actor) -> list[uuid.UUID]:
        gate.wait()
        mine: list[uuid.UUID] = []
        try:
            while True:
                got = lease_cases(actor, campaign, per_call)
                if not got:
                    return mine
                mine += got
                # As if judged by another client that has died since: the lease is left to run.
                ReviewCase.objects.filter(pk__in=got).update(leased_by=None)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actors)) as pool:
        return [pk for part in pool.map(ask, actors) for pk in part]


@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_take_two_thousand_clips_none_twice_and_none_is_lost(campaign: Campaign):
    fill(campaign, num_clips=2_000, num_speakers=100)
    actors = [member(campaign, f"reviewer-{n}") for n in range(THREADS)]
    taken = Counter(taken_by_all(campaign, actors, per_call=3))
    assert (len(taken), set(taken.values())) == (2_000, {1})
    # All of them die with what they hold: once the leases have run out, all comes back.
    assert give_back_expired() == 0
    ReviewCase.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    again = Counter(taken_by_all(campaign, actors, per_call=20))
    assert (len(again), set(again.values())) == (2_000, {1})


def test_no_voice_is_heard_many_times_in_a_row(campaign: Campaign):
    fill(campaign, num_clips=400, num_speakers=4)
    actor, heard = member(campaign, "reviewer"), []
    while cases := in_order(lease_cases(actor, campaign, 3)):
        heard += [case.clip.participation_id for case in cases]
        assert len({case.clip.participation_id for case in cases}) > 1 or len(heard) > 340
        ReviewCase.objects.filter(pk__in=[case.pk for case in cases]).update(
            status=CaseStatus.REJECTED, leased_by=None, leased_until=None
        )
    assert len(heard) == 400
    longest = run = 1
    for left, right in pairwise(heard[:300]):
        run = run + 1 if left == right else 1
        longest = max(longest, run)
    assert longest < 8, "eighty would be all of one evening"


def test_one_is_never_given_ones_own_voice_or_what_one_has_judged_or_skipped(campaign: Campaign):
    speakers = fill(campaign, num_clips=90, num_speakers=9)
    actor = member(campaign, "reviewer")
    # One speaker of the account, and one whom only this session knows.
    Speaker.objects.filter(pk=speakers[0].pk).update(user=actor.user)
    actor = Actor(user=actor.user, speaker=speakers[1])
    cases = list(ReviewCase.objects.order_by("clip__participation", "pk"))
    judged, skipped = cases[20:50], cases[50:60]
    Review.objects.bulk_create(
        Review(case=case, reviewer=actor.user, verdict=Verdict.UNSURE) for case in judged
    )
    day = timezone.now() + timedelta(days=1)
    Skip.objects.bulk_create(Skip(case=case, reviewer=actor.user, until=day) for case in skipped)
    given = []
    for _ in range(3):
        got = lease_cases(actor, campaign, 20)
        given += got
        ReviewCase.objects.filter(leased_by=actor.user).update(leased_by=None)
    assert len(given) == 30
    assert set(given) == {case.pk for case in cases[60:]}


def test_what_is_begun_comes_first_and_leaves_room_for_the_rest(campaign: Campaign):
    fill(campaign, num_clips=600, num_speakers=6, rank=0)
    actor = member(campaign, "reviewer")
    Review.objects.bulk_create(
        Review(case=case, reviewer=actor.user, verdict=Verdict.UNSURE)
        for case in ReviewCase.objects.all()
    )
    fill(campaign, num_clips=5, num_speakers=5, rank=5)
    # Everything that is begun was begun by this reviewer: the easy ones are left.
    assert ranks(lease_cases(actor, campaign, 5)) == {5}
    other = member(campaign, "other")
    assert ranks(lease_cases(other, campaign, 5)) == {0}


def test_nobody_reviews_without_an_account(speaker: Person, campaign: Campaign):
    assert speaker.post(f"campaigns/{campaign.slug}/review/next").status_code == 403
