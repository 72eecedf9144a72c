"""What a campaign tells its recorder, and what it cannot be set to."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from collector.models import Campaign, PromptKind, PromptTally, Topic, User
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


@pytest.fixture
def operator(db: None) -> Client:
    """Somebody in the administration."""
    client = Client()
    user = User.objects.create_superuser("operator@example.org")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def saved(operator: Client, row: Model, **changes: object) -> dict[str, object]:
    """Open the row's form, change something, save; what the form found wrong."""
    address = reverse(f"admin:collector_{row._meta.model_name}_change", args=[row.pk])
    form = operator.get(address).context["adminform"].form
    body = {name: value for name, value in form.initial.items() if value is not None}
    body |= {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0, **changes}
    body = {name: value for name, value in body.items() if value is not False and value is not None}
    answer = operator.post(address, body)
    if answer.status_code == 302:
        return {}
    errors = answer.context["adminform"].form.errors
    assert errors, "what was refused says why"
    return dict(errors)


def wanted(text: str) -> int | None:
    return PromptTally.objects.get(prompt__text=text).wanted


def test_an_operator_sets_the_recorder_up_in_the_administration(
    operator: Client, campaign: Campaign
):
    assert "silence_keyword_s" in saved(operator, campaign, silence_keyword_s=0)
    assert saved(operator, campaign, silence_keyword_s=0.6) == {}
    assert recording(Person(operator), campaign)["silence_keyword_s"] == 0.6


def test_quotas_set_in_the_administration_hold_at_once(operator: Client, campaign: Campaign):
    yes = campaign.prompts.get(text="yes")
    topic = Topic.objects.create(campaign=campaign, name="Answers")
    assert saved(operator, campaign, wanted_takes=9) == {}
    assert saved(operator, yes, topic=topic.pk) == {}
    assert saved(operator, topic, wanted_takes=5) == {}
    assert (wanted("yes"), wanted("no")) == (5, 9)
    assert saved(operator, yes, topic=topic.pk, wanted_takes=2) == {}
    assert wanted("yes") == 2
    assert "wanted_takes" in saved(operator, yes, wanted_takes=0)
    assert saved(operator, yes, wanted_takes=None) == {}
    operator.post(reverse("admin:collector_topic_delete", args=[topic.pk]), {"post": "yes"})
    assert wanted("yes") == 9
    assert saved(operator, yes, is_open=False) == {}
    assert not PromptTally.objects.get(prompt=yes).is_offered
    listed = operator.get(reverse("admin:collector_prompt_changelist"))
    assert "0 / 9" in listed.content.decode()


def test_the_demo_keeps_the_rooms_tone(db: None, stranger: Person):
    told = recording(stranger, demo.load())
    assert told["room_tone_prompt"] is not None
    assert told["prompts_per_set"] == 10
