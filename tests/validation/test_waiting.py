"""How much waits for the machine is shown, and never turned away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from collector.models import Campaign, Clip
from collector.services import transcode_clip
from tests.people import Person
from tests.pipeline import process
from validation.selectors import Waiting, waiting_for_machine
from validation.services import open_case


def waiting() -> int:
    return int(Client().get("/healthz").json()["waiting_clips"])


def test_a_clip_waits_from_its_arrival_to_its_score(speaker: Person, campaign: Campaign):
    assert waiting() == 0
    clip = speaker.lend(campaign, "yes")
    assert waiting() == 1
    transcode_clip(clip.pk)
    assert waiting() == 1
    assert open_case(clip.pk) is not None
    assert waiting() == 1
    process(clip)
    assert waiting() == 0


def test_the_oldest_is_told(speaker: Person, curator: Person, reviewer: Person, campaign: Campaign):
    process(speaker.lend(campaign, "yes"))
    for text, age_s in (("no", 40), ("go", 10)):
        clip = speaker.lend(campaign, text)
        came = timezone.now() - timedelta(seconds=age_s)
        Clip.objects.filter(pk=clip.pk).update(received_at=came)
    answer = Client().get("/healthz").json()
    assert (answer["status"], answer["waiting_clips"]) == ("ok", 2)
    assert 40 <= answer["oldest_waiting_s"] < 60
    page = curator.client.get(f"/c/{campaign.slug}/").content.decode()
    assert "2 clips are waiting to be heard by the machine; the oldest since 4" in page
    assert "waiting to be heard" not in reviewer.client.get(f"/c/{campaign.slug}/").content.decode()
    other = Campaign.objects.create(slug="other", name="Other", description="-", language="en")
    assert waiting_for_machine(other) == Waiting(0, 0.0)


@pytest.mark.parametrize(
    ("oldest_s", "age"),
    [(0.4, "0 seconds"), (1, "1 second"), (119, "119 seconds"), (120, "2 minutes"),
     (7300, "122 minutes")],
)  # fmt: skip
def test_ages_for_people(oldest_s: float, age: str):
    assert Waiting(1, oldest_s).age == age
