"""Each change of a campaign and its releases stands in the journal with who made it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from collector.access import OPERATOR, Actor
from collector.errors import RoleMissing
from collector.models import Campaign, CampaignStatus, Event, Participation, ReportStatus
from collector.services import (
    close_campaign,
    open_campaign,
    publish_consent_text,
    reopen_campaign,
    report_prompt,
    set_prompt_open,
    settle_reports,
)
from corpus.models import Release
from corpus.services import open_release, publish_terms, restore_release, retire_release
from tests.people import Person

Verb = Callable[[Actor, Campaign], object]


def _open(actor: Actor, campaign: Campaign) -> bool:
    Campaign.objects.filter(pk=campaign.pk).update(status=CampaignStatus.DRAFT)
    return open_campaign(actor, campaign)


def _reopen(actor: Actor, campaign: Campaign) -> bool:
    Campaign.objects.filter(pk=campaign.pk).update(status=CampaignStatus.CLOSED)
    return reopen_campaign(actor, campaign)


def _offer_again(actor: Actor, campaign: Campaign) -> bool:
    campaign.prompts.update(is_open=False)
    return set_prompt_open(actor, campaign.prompts.get(text="yes"), is_open=True)


def _settle(actor: Actor, campaign: Campaign) -> bool:
    prompt = campaign.prompts.get(text="yes")
    report_prompt(Participation.objects.get(), prompt, "mistake")
    return settle_reports(actor, prompt, ReportStatus.DISMISSED)


def _restore(actor: Actor, campaign: Campaign) -> bool:
    campaign.releases.update(status="retired")
    return restore_release(actor, campaign.releases.get(version=1))


VERBS: dict[str, Verb] = {
    "campaign_opened": _open,
    "campaign_closed": close_campaign,
    "campaign_reopened": _reopen,
    "prompt_opened": _offer_again,
    "prompt_closed": lambda actor, campaign: set_prompt_open(
        actor, campaign.prompts.get(text="yes"), is_open=False
    ),
    "prompt_settled": _settle,
    "consent_text_published": lambda actor, campaign: publish_consent_text(
        actor, campaign, "Another text."
    ),
    "terms_published": lambda actor, campaign: publish_terms(actor, campaign, "Identify nobody."),
    "release_opened": lambda actor, campaign: open_release(
        actor, campaign.releases.get(version=1), is_public=True
    ),
    "release_closed": lambda actor, campaign: open_release(
        actor, campaign.releases.get(version=2), is_public=False
    ),
    "release_retired": lambda actor, campaign: retire_release(
        actor, campaign.releases.get(version=1)
    ),
    "release_restored": _restore,
}


@pytest.fixture
def set_up(campaign: Campaign, speaker: Person) -> Campaign:
    """A campaign with a speaker, a release for researchers, and one for everybody."""
    for version in (1, 2):
        Release.objects.create(
            campaign=campaign,
            version=version,
            is_public=version == 2,
            validation_percent=10,
            testing_percent=10,
            licence=campaign.licence,
        )
    return campaign


def told_by(kind: str, actor: Actor, campaign: Campaign) -> list[object]:
    """Who did it, by each line of this kind that the verb has written into the journal."""
    known = set(Event.objects.values_list("pk", flat=True))
    VERBS[kind](actor, campaign)
    lines = Event.objects.exclude(pk__in=known).filter(kind=kind)
    return [line.data["by"] for line in lines]


@pytest.mark.parametrize("kind", VERBS)
def test_the_journal_says_who_did_it(kind: str, curator: Person, set_up: Campaign):
    assert curator.user is not None
    assert told_by(kind, Actor(user=curator.user), set_up) == [curator.user.pk]


@pytest.mark.parametrize("kind", VERBS)
def test_a_command_is_the_operators(kind: str, set_up: Campaign):
    assert told_by(kind, OPERATOR, set_up) == ["operator"]


@pytest.mark.parametrize("kind", VERBS)
def test_nobody_else_does_it(kind: str, researcher: Person, set_up: Campaign):
    before = Event.objects.filter(kind=kind).count()
    with pytest.raises(RoleMissing):
        VERBS[kind](Actor(user=researcher.user), set_up)
    assert Event.objects.filter(kind=kind).count() == before


def test_an_operator_who_is_signed_in_is_named(researcher: Person, campaign: Campaign):
    assert researcher.user is not None
    close_campaign(Actor(user=researcher.user, is_operator=True), campaign)
    assert Event.objects.get(kind="campaign_closed").data["by"] == researcher.user.pk


def test_what_is_so_already_is_not_told_again(curator: Person, set_up: Campaign):
    release = set_up.releases.get(version=2)
    assert not open_release(Actor(user=curator.user), release, is_public=True)
    assert not Event.objects.filter(kind="release_opened").exists()
    publish_consent_text(OPERATOR, set_up, "Another text.")
    publish_consent_text(OPERATOR, set_up, "Another text.")
    assert Event.objects.filter(kind="consent_text_published").count() == 2, "the first, and this"


def test_commands_act_as_the_operator(set_up: Campaign):
    prompt = set_up.prompts.get(text="yes")
    report_prompt(Participation.objects.get(), prompt, "mistake")
    assert settle_reports(OPERATOR, prompt, ReportStatus.UPHELD)
    assert Event.objects.get(kind="prompt_settled").data["by"] == "operator"
