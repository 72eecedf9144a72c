"""A curator decides on the release's page who may fetch it, and is asked twice."""

from __future__ import annotations

from typing import Any

import pytest

from collector.models import Campaign, Event
from corpus.models import Release
from tests.corpus.rows import accepted_row, join
from tests.corpus.test_releases import cut
from tests.people import Person


@pytest.fixture
def release(curator: Person, campaign: Campaign) -> Release:
    """Of one clip, for researchers."""
    accepted_row(join(campaign, 1), "yes")
    cut(curator, campaign)
    return Release.objects.get()


def decide(person: Person, release: Release, action: str, **said: str) -> str:
    """Post the page's form; what follows."""
    page = f"/releases/{release.pk}/"
    answer: Any = person.client.post(page, {"action": action, **said}, follow=True)
    release.refresh_from_db()
    html: str = answer.content.decode()
    return html


def fetched(person: Person, release: Release) -> int:
    return person.get(f"releases/{release.pk}/exports/clips/parts/texts").status_code


def test_a_release_is_opened_to_everybody_and_closed_again(
    curator: Person, stranger: Person, release: Release
):
    assert "nobody has to give back" in decide(curator, release, "open"), "not without the box"
    assert (release.is_public, fetched(stranger, release)) == (False, 403)
    assert "Everybody can fetch it now." in decide(curator, release, "open", sure="yes")
    assert (release.is_public, fetched(stranger, release)) == (True, 200)
    assert "Tick the box" in decide(curator, release, "close")
    assert release.is_public
    decide(curator, release, "close", sure="yes")
    assert (release.is_public, fetched(stranger, release)) == (False, 403)
    told = Event.objects.filter(kind__startswith="release_").order_by("id")
    assert list(told.values_list("kind", flat=True)) == [
        "release_frozen",
        "release_opened",
        "release_closed",
    ]


def test_only_curators_are_offered_it_and_may_do_it(
    curator: Person, researcher: Person, stranger: Person, release: Release
):
    assert 'id="opening"' in curator.client.get(f"/releases/{release.pk}/").content.decode()
    for person in (researcher, stranger):
        assert 'id="opening"' not in decide(person, release, "open", sure="yes")
        decide(person, release, "retire", sure="yes")
        assert (release.is_public, release.status) == (False, "published")


def test_a_release_that_was_a_mistake_is_retired_and_brought_back(
    curator: Person, researcher: Person, stranger: Person, campaign: Campaign, release: Release
):
    page, lists = f"/releases/{release.pk}/", f"/c/{campaign.slug}/releases/"
    decide(curator, release, "open", sure="yes")
    decide(curator, release, "retire")
    assert release.status == "published", "not without the box"
    decide(curator, release, "retire", sure="yes")
    assert release.status == "retired"
    for person in (researcher, stranger):
        assert person.client.get(page).status_code == 404
        assert page not in person.client.get(lists).content.decode()
        assert fetched(person, release) == 404
    assert "Retired" in curator.client.get(page).content.decode()
    assert page in curator.client.get(lists).content.decode()

    decide(curator, release, "restore")
    assert fetched(stranger, release) == 200, "it is public, as it was before"
    kinds = Event.objects.filter(kind__in=["release_retired", "release_restored"])
    assert [event.data["by"] for event in kinds] == [curator.user.pk] * 2  # type: ignore[union-attr]


def test_a_curator_of_another_campaign_does_not_see_it(
    curator: Person, reviewer: Person, release: Release
):
    decide(curator, release, "retire", sure="yes")
    other = Campaign.objects.create(
        slug="more", name="More", description="-", language="en", status="open"
    )
    other.memberships.create(user=reviewer.user, role="curator")
    assert reviewer.client.get(f"/releases/{release.pk}/").status_code == 404
