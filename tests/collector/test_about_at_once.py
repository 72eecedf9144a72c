"""What a speaker says of themselves, deleted at the very moment that a clip arrives."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.db import connection, transaction

from collector.access import Actor
from collector.models import Campaign, Clip, Prompt, Speaker, SpeakerSnapshot
from collector.selectors import current_consent_text
from collector.services import (
    erase_clip,
    forget_about,
    give_consent,
    join_as_speaker,
    receive_clip,
    tell_about,
)
from corpus.services import withdraw
from tests.corpus.test_at_once import at_once
from tests.people import audio_of

pytestmark = pytest.mark.django_db(transaction=True)
DATA = audio_of("yes")
SHA256 = hashlib.sha256(DATA).hexdigest()
ROUNDS = 6


@pytest.fixture
def ann(campaign: Campaign) -> Speaker:
    speaker, _ = join_as_speaker()
    text = current_consent_text(campaign)
    give_consent(speaker, campaign, version=text.version, sha256=text.sha256, adult=True)
    return speaker


def lend(speaker: Speaker, prompt: Prompt) -> Clip:
    return receive_clip(speaker, uuid.uuid4(), prompt, DATA, SHA256, {})[0]


def in_thread(call: Callable[[], object]) -> Callable[[], object]:
    """The call, fit for a thread: with a connection of its own, closed at the end."""

    def run() -> object:
        try:
            return call()
        finally:
            connection.close()

    return run


def test_a_clip_waits_for_a_deletion_that_is_under_way(ann: Speaker, campaign: Campaign):
    prompt = campaign.prompts.get(text="yes")
    tell_about(ann, {"age_band": "sixties"})
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            forget_about(ann)
            arriving = pool.submit(in_thread(lambda: lend(ann, prompt)))
            assert wait([arriving], timeout=1).not_done
        assert arriving.result(timeout=10).about_id is None
    assert Clip.objects.get().about is None


def test_a_clip_that_arrives_while_it_is_deleted_is_kept_and_says_nothing(
    ann: Speaker, campaign: Campaign
):
    prompt = campaign.prompts.get(text="yes")
    for _ in range(ROUNDS):
        tell_about(ann, {"age_band": "sixties"})
        done = at_once(
            lambda: lend(ann, prompt), lambda: forget_about(ann), lambda: lend(ann, prompt)
        )
        assert [isinstance(each, Exception) for each in done] == [False] * 3, done
        assert not SpeakerSnapshot.objects.exists()
    assert Clip.objects.filter(about=None).count() == 2 * ROUNDS


def test_answers_and_withdrawals_at_once_wait_for_each_other_and_never_for_ever(
    ann: Speaker, campaign: Campaign
):
    prompt = campaign.prompts.get(text="yes")
    for number in range(ROUNDS):
        clip = lend(ann, prompt)
        band = ["sixties", "seventies"][number % 2]
        done = at_once(
            lambda band=band: tell_about(ann, {"age_band": band}),
            lambda clip=clip: withdraw(Actor(speaker=ann), clip.pk),
            lambda: tell_about(ann, {"gender": "non-binary"}),
        )
        assert not any(isinstance(each, Exception) for each in done), done
        at_once(
            lambda clip=clip: erase_clip(clip.pk), lambda: tell_about(ann, {"age_band": "teens"})
        )
        assert Clip.objects.get(pk=clip.pk).about is None
    assert [each.age_band for each in SpeakerSnapshot.objects.all()] == ["teens"]
