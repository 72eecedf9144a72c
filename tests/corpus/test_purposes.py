"""What speakers opted into, and what releases may hold for it."""

from __future__ import annotations

import pytest
from django.test import Client

from collector.access import Actor
from collector.licences import allows_commercial_use, for_research_only
from collector.models import Campaign, Clip, ClipStatus, ConsentEvent, Purpose
from collector.models.clip import LIVE
from collector.services import erase_clip
from collector.storage import audio_store, clip_folder
from corpus import drawing
from corpus.models import Release, ReleaseEntry, Withdrawal
from corpus.recipe import Recipe, ReleasePurpose
from corpus.services import cut_release
from tests.corpus.rows import accepted_row, join
from tests.people import Person, audio_of

RESEARCH = Recipe(purpose=ReleasePurpose.RESEARCH)


@pytest.mark.parametrize(
    ("licence", "allows", "research"),
    [
        ("CC-BY-4.0", True, "CC-BY-NC-4.0"),
        ("CC-BY-SA-4.0", True, "CC-BY-NC-SA-4.0"),
        ("CC0-1.0", True, "CC-BY-NC-4.0"),
        ("CC-BY-NC-4.0", False, "CC-BY-NC-4.0"),
        ("CC-BY-NC-SA-4.0", False, "CC-BY-NC-SA-4.0"),
    ],
)
def test_a_licence_says_whether_products_may_be_made(licence: str, allows: bool, research: str):
    assert allows_commercial_use(licence) is allows
    assert for_research_only(licence) == research
    assert not allows_commercial_use(research)


@pytest.fixture
def giver(speaker: Person, campaign: Campaign) -> Person:
    """A speaker who agreed to everything, with two accepted clips."""
    part = speaker.speaker.participations.get(campaign=campaign)
    for text in ("yes", "stop"):
        accepted_row(part, text)
    return speaker


@pytest.fixture
def scholar(campaign: Campaign) -> Clip:
    """An accepted clip of somebody who agreed to research and nothing else."""
    person = Person(Client())
    person.consent(campaign, "research-release")
    return accepted_row(person.speaker.participations.get(campaign=campaign), "help")


def cut(curator: Person, campaign: Campaign, recipe: Recipe) -> Release:
    return cut_release(Actor(user=curator.user), campaign, recipe)


def held_by(release: Release) -> set[str]:
    """The texts of the clips that the release holds today."""
    return set(release.entries.filter(is_withdrawn=False).values_list("text", flat=True))


def opt_out(person: Person, *purposes: str) -> None:
    """Take purposes back, as the page does it."""
    (agreement,) = person.get("me/consents").json()
    path = f"me/consents/{agreement['id']}/opt-out"
    assert person.post(path, {"purposes": list(purposes)}).status_code == 200


def test_a_release_holds_what_its_licence_was_agreed_to_for(
    giver: Person, scholar: Clip, curator: Person, campaign: Campaign
):
    path = f"campaigns/{campaign.slug}/releases"
    response = curator.post(path)
    assert response.status_code == 201
    sold = Release.objects.get(pk=response.json()["id"])
    assert (sold.licence, held_by(sold)) == ("CC-BY-4.0", {"yes", "stop"})
    response = curator.post(path, {"purpose": "research-release"})
    research = Release.objects.get(pk=response.json()["id"])
    assert (research.licence, research.recipe["purpose"]) == ("CC-BY-NC-4.0", "research-release")
    assert held_by(research) == {"yes", "stop", "help"}
    licences = {entry.details["licence"] for entry in research.entries.all()}
    assert licences == {"CC-BY-NC-4.0"}


def test_under_a_licence_without_products_the_base_is_enough(
    scholar: Clip, curator: Person, campaign: Campaign
):
    campaign.licence = "CC-BY-NC-4.0"
    campaign.save()
    assert held_by(cut(curator, campaign, Recipe())) == {"help"}


def test_without_commercial_use_clips_leave_the_releases_that_allow_it(
    giver: Person, scholar: Clip, curator: Person, campaign: Campaign
):
    other = join(campaign, 1)
    accepted_row(other, "go")
    sold = cut(curator, campaign, Recipe())
    research = cut(curator, campaign, RESEARCH)
    opt_out(giver, Purpose.COMMERCIAL_USE)
    sold.refresh_from_db()
    research.refresh_from_db()
    assert (held_by(sold), sold.revision) == ({"go"}, 1)
    assert (held_by(research), research.revision) == ({"yes", "stop", "help", "go"}, 0)
    gone = ReleaseEntry.objects.filter(release=sold, is_withdrawn=True)
    assert set(gone.values_list("text", "pseudonym")) == {("", "")}
    assert held_by(cut(curator, campaign, Recipe())) == {"go"}
    assert not Withdrawal.objects.exists(), "the recordings themselves were not taken back"


def test_a_purpose_taken_back_while_a_release_is_cut_is_heeded(
    giver: Person,
    scholar: Clip,
    curator: Person,
    campaign: Campaign,
    monkeypatch: pytest.MonkeyPatch,
):
    """Between the drawing and the locks, as when the cut has waited for the narrowing."""
    accepted_row(join(campaign, 1), "go")
    part = giver.speaker.participations.get(campaign=campaign)
    lock = drawing.still_agreed

    def late(*args: object) -> None:
        ConsentEvent.objects.create(
            participation=part,
            kind="withdrawn",
            text=part.consent_events.get().text,
            purposes=["commercial-use"],
        )
        lock(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(drawing, "still_agreed", late)
    assert held_by(cut(curator, campaign, Recipe())) == {"go"}


def test_withdrawing_the_base_takes_every_clip_back_and_erases_it(
    speaker: Person, curator: Person, campaign: Campaign
):
    clip = speaker.lend(campaign, "yes")
    part = speaker.speaker.participations.get(campaign=campaign)
    accepted_row(part, "stop")
    release = cut(curator, campaign, RESEARCH)
    opt_out(speaker, Purpose.RESEARCH_RELEASE)
    event = ConsentEvent.objects.get(kind="withdrawn")
    assert set(event.purposes) == set(Purpose.values)
    release.refresh_from_db()
    assert (held_by(release), release.revision) == (set(), 1)
    assert set(Clip.objects.values_list("status", flat=True)) == {ClipStatus.WITHDRAWN}
    assert Withdrawal.objects.count() == 2
    assert erase_clip(clip.pk)
    assert audio_store().keys(clip_folder(clip.pk)) == []
    refused = speaker.put(audio_of("yes"), campaign.prompts.get(text="yes"))
    assert (refused.status_code, refused.json()["code"]) == (403, "consent_missing")
    # Whoever agrees again begins anew: nothing of before comes back.
    assert speaker.consent(campaign).status_code == 201
    assert not Clip.objects.filter(status__in=LIVE).exists()


def test_the_page_shows_every_answer_and_takes_them_back(
    giver: Person, campaign: Campaign, curator: Person
):
    page = giver.client.get("/me/consent/").content.decode()
    assert "products that are sold" in page
    part = giver.speaker.participations.get(campaign=campaign)
    form = {"part": part.pk, "purpose": "commercial-use", "do": "take-back"}
    after = giver.client.post("/me/consent/", form, follow=True).content.decode()
    assert "Taken back, for all your recordings." in after
    assert "Agree, for my earlier ones too" in after
    form["do"] = "agree-for-all"
    giver.client.post("/me/consent/", form)
    assert held_by(cut(curator, campaign, Recipe())) == {"yes", "stop"}
    # Without the box ticked, nothing is withdrawn.
    assert giver.client.post("/me/consent/", {"part": part.pk, "do": "withdraw"}).status_code == 404
    sure = {"part": part.pk, "do": "withdraw", "sure": "yes"}
    after = giver.client.post("/me/consent/", sure, follow=True).content.decode()
    assert "Receipt of a withdrawal" in after
    assert not Clip.objects.exclude(status=ClipStatus.WITHDRAWN).exists()


def test_the_page_is_nobody_elses(giver: Person, stranger: Person, campaign: Campaign):
    part = giver.speaker.participations.get(campaign=campaign)
    sure = {"part": part.pk, "do": "withdraw", "sure": "yes"}
    assert stranger.client.post("/me/consent/", sure).status_code == 404
    assert "agreed to nothing" in stranger.client.get("/me/consent/").content.decode()
    assert ConsentEvent.objects.count() == 1
