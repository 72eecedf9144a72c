"""A curator sets a campaign up on its pages, and everybody else cannot."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from collector.models import (
    Campaign,
    ConsentText,
    Event,
    Membership,
    Prompt,
    PromptReport,
    ReportReason,
    Role,
    User,
)
from collector.models.campaign import QUOTAS, RECORDING_RANGES
from tests.people import Person

PAGES = ("set-up", "prompts", "texts", "people")


def page_of(campaign: Campaign, name: str) -> str:
    return f"/c/{campaign.slug}/{name}/"


def fields_of(campaign: Campaign) -> dict[str, object]:
    """What the settings' form holds as it is opened."""
    names = ("name", "description", "language", "licence", "goal_clips", *RECORDING_RANGES)
    quotas = {name: getattr(campaign, name) or "" for name in QUOTAS}
    return {name: getattr(campaign, name) for name in names} | quotas


def words(*texts: str, **fields: str) -> dict[str, str]:
    """What the list's form holds."""
    said = {"texts": "\n".join(texts), "kind": "keyword", "source": "Our own"}
    return said | {"licence": "CC0-1.0"} | fields


@pytest.fixture
def founder(db: None) -> Person:
    """Somebody whom the operator lets make campaigns."""
    user = User.objects.create_user("founder@example.org")
    user.user_permissions.add(Permission.objects.get(codename="add_campaign"))
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return Person(client, user)


@pytest.mark.parametrize("name", PAGES)
def test_only_a_curator_sees_it(
    name: str, campaign: Campaign, curator: Person, reviewer: Person, stranger: Person
):
    assert curator.client.get(page_of(campaign, name)).status_code == 200
    assert reviewer.client.get(page_of(campaign, name)).status_code == 403
    assert "/accounts/login/" in stranger.client.get(page_of(campaign, name)).url


def test_a_campaign_comes_into_being_without_the_administration(founder: Person, stranger: Person):
    said = {"name": "Rain", "slug": "rain", "description": "Words for rain.", "language": "de",
            "licence": "CC0-1.0"}  # fmt: skip
    assert b"Begin a campaign" in founder.client.get("/").content
    assert founder.client.post("/campaigns/new/", said).url == "/c/rain/set-up/"
    campaign = Campaign.objects.get(slug="rain")
    assert stranger.client.get("/c/rain/").status_code == 404

    founder.client.post("/c/rain/set-up/", {"action": "open"})
    campaign.refresh_from_db()
    assert campaign.status == "draft", "it has neither prompts nor a text"
    founder.client.post("/c/rain/prompts/", words("Regen", "Niesel"))
    founder.client.post(
        "/c/rain/texts/", {"publish": "consent", "consent-body": "We collect rain."}
    )
    founder.client.post("/c/rain/set-up/", {"action": "open"})
    campaign.refresh_from_db()
    assert campaign.status == "open"
    assert stranger.consent(campaign).status_code == 201
    offered = stranger.get("campaigns/rain/prompts?limit=5").json()
    assert {prompt["text"] for prompt in offered} == {"Regen", "Niesel"}


def test_nobody_makes_campaigns_unasked(curator: Person, campaign: Campaign):
    assert curator.client.get("/campaigns/new/").status_code == 403
    assert b"Begin a campaign" not in curator.client.get("/").content
    said = {"name": "-", "slug": "mine", "description": "-", "language": "en", "licence": "-"}
    assert curator.client.post("/campaigns/new/", said).status_code == 403
    assert not Campaign.objects.filter(slug="mine").exists()


def test_a_short_name_that_is_taken_is_said_beside_its_field(founder: Person, campaign: Campaign):
    said = {"name": "-", "slug": "words", "description": "-", "language": "en", "licence": "-"}
    page = founder.client.post("/campaigns/new/", said)
    assert page.status_code == 200
    assert page.context["form"].errors["slug"]


def test_settings_are_saved_and_written_down(curator: Person, campaign: Campaign):
    said = fields_of(campaign) | {"name": "More words", "prompts_per_set": 12, "wanted_takes": 3}
    answer = curator.client.post(page_of(campaign, "set-up"), said)
    assert answer.status_code == 302
    campaign.refresh_from_db()
    assert (campaign.name, campaign.prompts_per_set, campaign.wanted_takes) == ("More words", 12, 3)
    assert campaign.prompts.filter(tally__wanted=3).count() == campaign.prompts.count()
    event = Event.objects.get(kind="campaign_changed")
    assert sorted(event.data["fields"]) == ["name", "prompts_per_set", "wanted_takes"]


@pytest.mark.parametrize(
    "name, value", [("silence_keyword_s", 0), ("prompts_per_set", 51), ("wanted_takes", 0)]
)
def test_a_value_that_does_not_hold_is_said_beside_its_field(
    name: str, value: float, curator: Person, campaign: Campaign
):
    said = fields_of(campaign) | {name: value, "name": "Lost"}
    page = curator.client.post(page_of(campaign, "set-up"), said)
    assert page.context["form"].errors[name]
    campaign.refresh_from_db()
    assert campaign.name == "Words", "nothing of it is saved"


def test_language_and_licence_are_fixed_once_it_is_open(curator: Person, campaign: Campaign):
    said = fields_of(campaign) | {"language": "de", "licence": "CC0-1.0"}
    curator.client.post(page_of(campaign, "set-up"), said)
    campaign.refresh_from_db()
    assert (campaign.language, campaign.licence) == ("en", "CC-BY-4.0")


def test_a_campaign_is_closed_and_opened_again(curator: Person, campaign: Campaign):
    for action, status in (("close", "closed"), ("close", "closed"), ("reopen", "open")):
        curator.client.post(page_of(campaign, "set-up"), {"action": action})
        campaign.refresh_from_db()
        assert campaign.status == status
    assert Event.objects.filter(kind="campaign_closed").count() == 1


def test_a_list_is_added_and_what_is_refused_is_listed(curator: Person, campaign: Campaign):
    page = curator.client.post(
        page_of(campaign, "prompts"), words("maybe", "yes", "see https://x.org", "maybe")
    )
    report = page.context["report"]
    assert report.added == 1
    assert [line.code for line in report.refused] == ["has_an_address", "duplicate", "present"]
    assert campaign.prompts.get(text="maybe").origin.source == "Our own"


def test_a_table_is_read_as_a_file(curator: Person, campaign: Campaign):
    table = "text\tkind\ttopic\nper\u0301haps not\tsentence\tdoubt\n".encode()
    said = words() | {"file": SimpleUploadedFile("list.tsv", table)}
    assert curator.client.post(page_of(campaign, "prompts"), said).context["report"].added == 1
    assert campaign.prompts.get(text="peŕhaps not").topic.name == "doubt"


def test_neither_texts_nor_file_and_a_foreign_licence_are_said(curator: Person, campaign: Campaign):
    assert (
        curator.client.post(page_of(campaign, "prompts"), words()).context["form"].errors["texts"]
    )
    said = words("perhaps", licence="GPL-3.0")
    assert curator.client.post(page_of(campaign, "prompts"), said).context["form"].errors["licence"]
    assert not campaign.prompts.filter(text="perhaps").exists()


def test_prompts_are_found_closed_and_offered_again(curator: Person, campaign: Campaign):
    yes = campaign.prompts.get(text="yes")
    found = curator.client.get(page_of(campaign, "prompts"), {"q": "YE"}).context["page"]
    assert list(found) == [yes]
    for action, is_open in (("close", False), ("open", True)):
        said = {"action": action, "prompt": yes.pk}
        curator.client.post(page_of(campaign, "prompts"), said)
        yes.refresh_from_db()
        assert (yes.is_open, yes.tally.is_offered) == (is_open, is_open)
        yes = Prompt.objects.get(pk=yes.pk)


@pytest.mark.parametrize("action, is_open", [("dismiss", True), ("uphold", False)])
def test_a_report_of_a_prompt_is_settled(
    action: str, is_open: bool, curator: Person, speaker: Person, campaign: Campaign
):
    yes = campaign.prompts.get(text="yes")
    speaker.post(f"prompts/{yes.pk}/report", {"reason": ReportReason.MISTAKE, "note": "Typo"})
    page = curator.client.get(page_of(campaign, "prompts"), {"list": "reported"})
    assert "Typo" in page.content.decode()
    curator.client.post(page_of(campaign, "prompts"), {"action": action, "prompt": yes.pk})
    yes.refresh_from_db()
    assert yes.is_open == is_open
    assert not PromptReport.objects.filter(status="waiting").exists()


def test_another_campaigns_prompt_is_out_of_reach(curator: Person, campaign: Campaign):
    other = Campaign.objects.create(slug="other", name="-", description="-", language="en")
    prompt = Prompt.objects.create(campaign=other, kind="keyword", text="no")
    said = {"action": "close", "prompt": prompt.pk}
    page = curator.client.post(page_of(campaign, "prompts"), said, follow=True)
    assert "not yours to see" in page.content.decode()
    prompt.refresh_from_db()
    assert prompt.is_open


def test_a_text_is_published_once_and_followed_by_the_next(curator: Person, campaign: Campaign):
    said = {"publish": "consent", "consent-body": "A new text."}
    said["consent-purposes"] = "public-playback"
    for _again in range(2):
        curator.client.post(page_of(campaign, "texts"), said)
    assert list(ConsentText.objects.order_by("version").values_list("version", flat=True)) == [1, 2]
    newest = ConsentText.objects.get(version=2)
    assert sorted(newest.purposes) == ["public-playback", "research-release"]
    curator.client.post(page_of(campaign, "texts"), {"publish": "terms", "terms-body": "Be kind."})
    assert campaign.release_terms.get().body == "Be kind."


def test_people_are_let_in_by_address_and_let_go(curator: Person, campaign: Campaign):
    User.objects.create_user("listener@example.org")
    said = {"email": "Listener@example.org ", "role": "reviewer"}
    for _again in range(2):
        curator.client.post(page_of(campaign, "people"), said)
    member = Membership.objects.get(user__email="listener@example.org")
    assert (member.campaign, member.role) == (campaign, Role.REVIEWER)
    said = {"action": "remove", "member": member.pk}
    page = curator.client.post(page_of(campaign, "people"), said, follow=True)
    assert "Tick the box" in page.content.decode()
    assert Membership.objects.filter(pk=member.pk).exists(), "one click takes nothing away"
    curator.client.post(page_of(campaign, "people"), said | {"sure": "yes"})
    assert not Membership.objects.filter(pk=member.pk).exists()
    kinds = Event.objects.filter(kind__startswith="role_").order_by("id")
    assert list(kinds.values_list("kind", flat=True)) == ["role_given", "role_taken"]


def test_an_unknown_address_and_the_last_curator_are_refused(curator: Person, campaign: Campaign):
    said = {"email": "nobody@example.org", "role": "reviewer"}
    page = curator.client.post(page_of(campaign, "people"), said)
    assert "sign up" in str(page.context["form"].errors["email"])
    own = Membership.objects.get(user=curator.user)
    said = {"action": "remove", "member": own.pk, "sure": "yes"}
    page = curator.client.post(page_of(campaign, "people"), said, follow=True)
    assert "at least one curator" in page.content.decode()
    assert Membership.objects.filter(pk=own.pk).exists()
