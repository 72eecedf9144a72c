"""What a campaign tells its recorder, and what it cannot be set to."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from collector.models import Campaign, PromptKind
from collector.models.campaign import RECORDING_RANGES
from collector.services import add_prompt
from config import demo
from tests.people import Person


def recording(person: Person, campaign: Campaign) -> dict[str, object]:
    return person.get(f"campaigns/{campaign.slug}").json()["recording"]


def test_the_recorder_is_told_how_the_campaign_wants_to_be_recorded(
    stranger: Person, campaign: Campaign
):
    assert recording(stranger, campaign) == {
        "room_tone_s": 2.0,
        "room_tone_prompt": None,
        "silence_keyword_s": 0.4,
        "silence_sentence_s": 0.8,
        "longest_take_s": 60.0,
        "prompts_per_set": 20,
        "show_heard": False,
    }


def test_room_tone_is_kept_as_the_noise_prompt_where_the_campaign_wants_it(
    stranger: Person, campaign: Campaign
):
    Campaign.objects.update(keeps_room_tone=True)
    assert recording(stranger, campaign)["room_tone_prompt"] is None, "it has no such prompt yet"
    noise = add_prompt(campaign, PromptKind.NOISE, "Keep quiet.", seconds=5)
    assert recording(stranger, campaign)["room_tone_prompt"] == str(noise.pk)


@pytest.mark.parametrize("name", RECORDING_RANGES)
@pytest.mark.parametrize("outside", ["below", "above", "nan"])
def test_the_database_refuses_a_recorder_that_could_not_work(
    campaign: Campaign, name: str, outside: str
):
    least, most = RECORDING_RANGES[name]
    value = {"below": least - 0.1, "above": most + 1, "nan": float("nan")}[outside]
    if name == "prompts_per_set":  # a whole number
        value = {"below": 0, "above": 51, "nan": 32_000}[outside]
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(**{name: value})


def test_the_demo_keeps_the_rooms_tone(db: None, stranger: Person):
    told = recording(stranger, demo.load())
    assert told["room_tone_prompt"] is not None
    assert told["prompts_per_set"] == 10
