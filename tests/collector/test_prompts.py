"""What speakers are asked to say next, through the API."""

from __future__ import annotations

import json
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.access import OPERATOR, Actor
from collector.models import (
    Campaign,
    CampaignStatus,
    Clip,
    Event,
    EventKind,
    Prompt,
    PromptKind,
    PromptReport,
    PromptTally,
    ReportStatus,
    Topic,
    User,
)
from collector.services import add_prompt, add_prompts, offer_again, publish_consent_text, recount
from corpus.services import withdraw
from tests.people import Person, audio_of
from tests.pipeline import process

TONE = b"any bytes: nobody decodes them here"


def next_set(person: Person, campaign: Campaign, **query: object) -> list[str]:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    response = person.get(f"campaigns/{campaign.slug}/prompts?{asked}")
    assert response.status_code == 200, response.content
    return [prompt["text"] for prompt in json.loads(response.content)]


def say(person: Person, campaign: Campaign, text: str) -> Clip:
    response = person.put(TONE, campaign.prompts.get(text=text))
    assert response.status_code == 201, response.content
    return Clip.objects.get(pk=json.loads(response.content)["id"])


def newcomer(campaign: Campaign) -> Person:
    person = Person(Client())
    person.consent(campaign)
    return person


def set_quotas(campaign: Campaign, **quotas: int | None) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(**quotas)
    offer_again(campaign)


def test_a_set_has_everything_once_and_not_in_the_same_order_for_all(
    speaker: Person, campaign: Campaign
):
    texts = sorted(campaign.prompts.values_list("text", flat=True))
    orders = {
        tuple(next_set(person, campaign))
        for person in [speaker, *(newcomer(campaign) for _ in range(4))]
    }
    assert all(sorted(order) == texts for order in orders)
    assert len(orders) > 1


def test_not_everybody_begins_with_the_same_of_many(campaign: Campaign):
    add_prompts(campaign, PromptKind.SENTENCE, [f"Sentence {n}." for n in range(100)])
    campaign.prompts.filter(kind=PromptKind.KEYWORD).update(is_open=False)
    offer_again(campaign)
    sets = [set(next_set(newcomer(campaign), campaign, limit=5)) for _ in range(8)]
    assert all(len(prompts) == 5 for prompts in sets)
    assert len(set.union(*sets)) > 15, "of 40 offered to eight people"


def test_what_i_said_comes_after_what_i_did_not(speaker: Person, campaign: Campaign):
    for text in ("yes", "no", "go"):
        say(speaker, campaign, text)
    assert set(next_set(speaker, campaign, limit=4)) == {"stop", "help", "repeat", "start"}
    assert next_set(speaker, campaign)[4:] != []


def test_the_next_set_brings_further_takes_and_not_the_last_word_first(
    speaker: Person, campaign: Campaign
):
    for _ in range(3):
        texts = next_set(speaker, campaign)
        assert len(texts) == 7
        for text in texts:
            say(speaker, campaign, text)
        assert next_set(speaker, campaign)[0] != texts[-1]


def test_what_the_campaign_has_least_of_comes_first(campaign: Campaign):
    set_quotas(campaign, wanted_takes=4)
    for text in ("yes", "no", "go", "stop"):
        say(newcomer(campaign), campaign, text)
    for _ in range(4):
        assert set(next_set(newcomer(campaign), campaign, limit=3)) == {"help", "repeat", "start"}


def test_a_full_prompt_is_offered_to_nobody_until_a_take_is_lost(
    speaker: Person, campaign: Campaign
):
    set_quotas(campaign, wanted_takes=2)
    mine, theirs = say(speaker, campaign, "yes"), say(newcomer(campaign), campaign, "yes")
    listener = newcomer(campaign)
    assert "yes" not in next_set(listener, campaign)
    withdraw(Actor(speaker=speaker.speaker), mine.pk)
    assert "yes" in next_set(listener, campaign)
    withdraw(Actor(speaker=speaker.speaker), mine.pk)
    assert PromptTally.objects.get(prompt__text="yes").takes == 1, "taken back once"
    process(theirs)
    assert Clip.objects.get(pk=theirs.pk).status == "unusable"
    assert PromptTally.objects.get(prompt__text="yes").takes == 0, "what is unusable is no take"


def test_with_all_quotas_reached_there_is_nothing_left_to_say(speaker: Person, campaign: Campaign):
    set_quotas(campaign, keyword_takes_per_speaker=1)
    for text in next_set(speaker, campaign):
        say(speaker, campaign, text)
    assert next_set(speaker, campaign) == []
    assert len(next_set(newcomer(campaign), campaign)) == 7
    set_quotas(campaign, keyword_takes_per_speaker=None, wanted_takes=1)
    assert next_set(newcomer(campaign), campaign) == []


def test_a_topic_and_a_prompt_may_have_quotas_of_their_own(campaign: Campaign):
    topic = Topic.objects.create(campaign=campaign, name="Answers", wanted_takes=1)
    Prompt.objects.filter(text__in=["yes", "no"]).update(topic=topic)
    Prompt.objects.filter(text="no").update(wanted_takes=3)
    set_quotas(campaign, wanted_takes=2)
    wanted = dict(PromptTally.objects.values_list("prompt__text", "wanted"))
    assert (wanted["yes"], wanted["no"], wanted["go"]) == (1, 3, 2)


def test_a_prompt_to_say_again_comes_first_even_with_its_quota_reached(
    speaker: Person, campaign: Campaign
):
    set_quotas(campaign, wanted_takes=1)
    say(speaker, campaign, "yes")
    yes = campaign.prompts.get(text="yes")
    texts = next_set(speaker, campaign, first=yes.pk, limit=3)
    assert (texts[0], len(texts), texts.count("yes")) == ("yes", 3, 1)
    assert next_set(speaker, campaign, first=yes.pk, limit=1) == ["yes"]


def test_what_is_no_prompt_of_the_campaign_cannot_come_first(speaker: Person, campaign: Campaign):
    path = f"campaigns/{campaign.slug}/prompts"
    assert speaker.get(f"{path}?first={uuid.uuid4()}").status_code == 404
    for nonsense in ("first=yes", "limit=0", "limit=51", "limit=x", "without=a,b"):
        assert speaker.get(f"{path}?{nonsense}").status_code == 400, nonsense


def test_a_set_fetched_ahead_is_without_what_the_device_has_in_hand(
    speaker: Person, campaign: Campaign
):
    in_hand = [str(pk) for pk in campaign.prompts.values_list("pk", flat=True)[:4]]
    texts = next_set(speaker, campaign, without=",".join(in_hand))
    assert set(texts) == set(
        campaign.prompts.exclude(pk__in=in_hand).values_list("text", flat=True)
    )


def test_a_skipped_prompt_comes_last_for_me_alone_until_i_undo_it(
    speaker: Person, campaign: Campaign
):
    path = f"prompts/{campaign.prompts.get(text='yes').pk}/skip"
    assert [speaker.post(path).status_code for _ in range(2)] == [204, 204]
    for person in (speaker, other := newcomer(campaign)):
        for text in ("no", "go", "stop", "help", "repeat", "start"):
            say(person, campaign, text)
    assert next_set(speaker, campaign)[-1] == "yes"
    assert next_set(speaker, campaign, limit=1) != ["yes"]
    assert next_set(other, campaign, limit=1) == ["yes"]
    assert [speaker.client.delete(f"/api/v1/{path}").status_code for _ in range(2)] == [204, 204]
    assert next_set(speaker, campaign, limit=1) == ["yes"]


def test_a_reported_prompt_is_out_of_circulation_until_a_curator_has_looked(
    speaker: Person, campaign: Campaign
):
    yes = campaign.prompts.get(text="yes")
    path, body = f"prompts/{yes.pk}/report", {"reason": "offensive", "note": "Rude."}
    assert [speaker.post(path, body).status_code for _ in range(2)] == [204, 204]
    assert "yes" not in next_set(newcomer(campaign), campaign)
    assert speaker.get(f"campaigns/{campaign.slug}/prompts?first={yes.pk}").status_code == 404
    assert Event.objects.get(kind=EventKind.PROMPT_REPORTED).data["reason"] == "offensive"
    assert speaker.put(TONE, yes).status_code == 201, "what was said before is not lost"

    curate(PromptReport.objects.get(), "offer_prompts_again")
    assert PromptReport.objects.get().status == ReportStatus.DISMISSED
    assert "yes" in next_set(newcomer(campaign), campaign)
    assert Event.objects.get(kind=EventKind.PROMPT_SETTLED).data["outcome"] == "dismissed"
    assert speaker.post(path, body).status_code == 204
    assert "yes" in next_set(newcomer(campaign), campaign), "one word each"

    newcomer(campaign).post(path, {"reason": "mistake"})
    curate(PromptReport.objects.get(status=ReportStatus.WAITING), "close_prompts")
    assert "yes" not in next_set(newcomer(campaign), campaign)
    assert not Prompt.objects.get(text="yes").is_open
    curate(PromptReport.objects.latest("at"), "offer_prompts_again")
    assert Event.objects.filter(kind=EventKind.PROMPT_SETTLED).count() == 2, "settled once"


def curate(report: PromptReport, action: str) -> None:
    client = Client()
    operator = User.objects.filter(is_superuser=True).first() or User.objects.create_superuser(
        "operator@example.org"
    )
    client.force_login(operator, "django.contrib.auth.backends.ModelBackend")
    body = {"action": action, "_selected_action": [report.pk]}
    assert client.post("/admin/collector/promptreport/", body).status_code == 302


def test_only_who_takes_part_may_skip_and_report(stranger: Person, campaign: Campaign):
    yes = campaign.prompts.get(text="yes")
    for verb, body in (("skip", {}), ("report", {"reason": "other"})):
        answer = stranger.post(f"prompts/{yes.pk}/{verb}", body)
        assert answer.json()["code"] == "speaker_unknown"
    other = Campaign.objects.create(
        slug="other", name="O", description="-", language="en", status="open"
    )
    publish_consent_text(OPERATOR, other, "Other.")
    stranger.consent(other)
    assert stranger.post(f"prompts/{yes.pk}/skip").json()["code"] == "consent_missing"
    assert stranger.post(f"prompts/{uuid.uuid4()}/skip").json()["code"] == "prompt_unknown"
    Campaign.objects.filter(pk=campaign.pk).update(status=CampaignStatus.DRAFT)
    assert stranger.post(f"prompts/{yes.pk}/skip").json()["code"] == "prompt_unknown"


def test_nonsense_is_no_report(speaker: Person, campaign: Campaign):
    path = f"prompts/{campaign.prompts.get(text='yes').pk}/report"
    for body in ({}, {"reason": "dull"}, {"reason": "other", "note": "x" * 501}):
        assert speaker.post(path, body).status_code == 400
    assert not PromptReport.objects.exists()


def test_room_tone_that_is_kept_anyway_is_not_asked_for_besides(
    speaker: Person, campaign: Campaign
):
    add_prompt(campaign, PromptKind.NOISE, "Keep quiet.", seconds=5)
    assert "Keep quiet." in next_set(speaker, campaign)
    Campaign.objects.update(keeps_room_tone=True)
    offer_again(campaign)
    assert "Keep quiet." not in next_set(speaker, campaign)


@pytest.mark.parametrize(
    ("takes", "wanted", "level"),
    [
        (0, None, 0), (1, None, 1), (2, None, 1), (3, None, 2), (7, None, 3), (1022, None, 9),
        (1023, None, 10), (32_766, None, 14), (32_767, None, 15), (10_000_000, None, 15),
        (0, 1, 0), (1, 1, None), (1, 2, 8), (2, 2, None), (99, 100, 15), (100, 100, None),
        (3, 1000, 0), (63, 1000, 1), (101, 100, None),
    ],
)  # fmt: skip
def test_levels_say_how_much_of_what_is_wanted_there_is(
    campaign: Campaign, takes: int, wanted: int | None, level: int | None
):
    tallies = PromptTally.objects.filter(prompt__text="yes")
    tallies.update(takes=takes, wanted=wanted)
    assert tallies.values_list("level", flat=True).get() == level


def test_a_wrong_tally_is_mended(speaker: Person, campaign: Campaign):
    say(speaker, campaign, "yes")
    assert recount() == 0
    PromptTally.objects.filter(prompt__text="yes").update(takes=40, wanted=3)
    PromptTally.objects.filter(prompt__text="no").update(is_offered=False)
    PromptTally.objects.filter(prompt__text="go").delete()
    assert recount() == 1
    assert PromptTally.objects.get(prompt__text="yes").takes == 1
    assert len(next_set(speaker, campaign)) == 7


def test_a_set_takes_one_question_to_the_database_besides_who_asks(
    speaker: Person, campaign: Campaign
):
    add_prompts(campaign, PromptKind.SENTENCE, [f"Sentence {n}." for n in range(60)])
    say(speaker, campaign, "yes")
    with CaptureQueriesContext(connection) as queries:
        assert len(next_set(speaker, campaign, limit=50)) == 50
    asked = [query["sql"].split("FROM")[1].split()[0].strip('"') for query in queries[:-1]]
    assert asked == [
        "django_session",
        "collector_speaker",
        "collector_campaign",
        "collector_participation",
    ]
    assert "collector_prompttally" in queries[-1]["sql"]


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_quota_is_ever_passed_and_nothing_needed_is_withheld(db: None, data: st.DataObject):
    wanted = data.draw(st.one_of(st.none(), st.integers(1, 4)), "wanted takes")
    mine = data.draw(st.integers(1, 3), "takes per speaker")
    slug = f"c-{uuid.uuid4().hex[:8]}"
    campaign = Campaign.objects.create(
        slug=slug, name=slug, description="-", language="en", status="open",
        wanted_takes=wanted, keyword_takes_per_speaker=mine, prompts_per_set=3,
    )  # fmt: skip
    add_prompts(
        campaign, PromptKind.KEYWORD, [f"w{n}" for n in range(data.draw(st.integers(1, 4)))]
    )
    publish_consent_text(OPERATOR, campaign, "Agree.")
    people = [newcomer(campaign) for _ in range(data.draw(st.integers(1, 3)))]
    while people:
        person = data.draw(st.sampled_from(people))
        texts = next_set(person, campaign)
        assert len(texts) == len(set(texts)) <= 3
        if not texts:
            people.remove(person)
            left = {
                t.prompt_id
                for t in PromptTally.objects.filter(campaign=campaign, level__isnull=False)
            }
            part = person.speaker.participations.get()
            assert all(part.clips.filter(prompt=pk).count() == mine for pk in left)
        for text in texts:
            say(person, campaign, text)
            part = person.speaker.participations.get()
            assert part.clips.filter(prompt__text=text).count() <= mine
            assert wanted is None or campaign.prompts.get(text=text).clips.count() <= wanted


def test_a_real_take_is_counted_until_it_is_taken_back(speaker: Person, campaign: Campaign):
    clip = process(speaker.lend(campaign, "yes", audio_of("yes")))
    assert PromptTally.objects.get(prompt__text="yes").takes == 1
    speaker.post(f"clips/{clip.pk}/withdraw")
    assert PromptTally.objects.get(prompt__text="yes").takes == 0
