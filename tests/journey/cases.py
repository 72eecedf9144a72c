"""Clips that wait at the review desk: one goes the whole way, the others are its likenesses."""

from __future__ import annotations

import time
import uuid

from django.conf import settings
from django.test import Client
from django.urls import reverse

from collector.models import Campaign, Clip, Prompt, Role, User
from collector.storage import audio_store, clip_folder
from tests.journey.conftest import member
from tests.people import Person
from validation.models import CaseStatus, GoldClip, PreScore, ReviewCase

PATIENCE_S = 60.0


def heard_by_the_machine(campaign: Campaign, text: str) -> Clip:
    """A real recording of the text, when the site's own worker has scored it."""
    speaker = Person(Client())
    speaker.consent(campaign)
    clip = speaker.lend(campaign, text)
    deadline = time.monotonic() + PATIENCE_S
    while not ReviewCase.objects.filter(clip=clip, status=CaseStatus.OPEN).exists():
        assert time.monotonic() < deadline, "the worker opens the case"
        time.sleep(0.1)
    # As many people as will look at it want these, so they are made once and copied with it.
    curator = Client()
    user = member(campaign, f"opener-{uuid.uuid4().hex[:6]}", Role.CURATOR)
    curator.force_login(user, settings.AUTHENTICATION_BACKENDS[0])
    for name in ("clip-preview", "clip-peaks", "clip-spectrogram"):
        assert curator.get(reverse(f"api:{name}", args=[clip.pk])).status_code == 200
    return Clip.objects.get(pk=clip.pk)


def likeness(
    clip: Clip, prompt: Prompt | None, heard: str = "yes", match: float = 0.97, **measured: object
) -> ReviewCase:
    """Another clip with the same sound, under a prompt and with measurements of its own."""
    source = clip.pk
    copy = Clip.objects.get(pk=source)
    copy.pk, copy.prompt = uuid.uuid4(), prompt
    copy.measurements = {**copy.measurements, **measured}
    copy.save(force_insert=True)
    store = audio_store()
    for key in store.keys(clip_folder(source)):
        name = key.rpartition("/")[2]
        store.put(f"{clip_folder(copy.pk)}/{name}", store.get(key))
    score = PreScore.objects.filter(clip=source).order_by("-at")[0]
    score.pk, score.clip, score.heard, score.match = None, copy, heard, match
    score.save(force_insert=True)
    campaign = copy.participation.campaign
    return ReviewCase.objects.create(clip=copy, campaign=campaign, status=CaseStatus.OPEN)


def practice(case: ReviewCase, curator: User, is_right: bool, explanation: str) -> GoldClip:
    """The case as a training clip, decided for good."""
    status = CaseStatus.ACCEPTED if is_right else CaseStatus.REJECTED
    ReviewCase.objects.filter(pk=case.pk).update(status=status)
    return GoldClip.objects.create(
        case=case, campaign=case.campaign, is_right=is_right, is_training=True,
        explanation=explanation, pinned_by=curator,
    )  # fmt: skip
