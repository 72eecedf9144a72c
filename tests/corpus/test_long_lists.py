"""Lists cost the same for many as for few, say the same of each, and come in pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from collector.models import Campaign, CampaignStatus
from corpus.models import Release
from corpus.selectors import counts_of_releases, release_counts
from tests.corpus.rows import accepted_row, another_campaign, join
from tests.corpus.test_releases import cut
from tests.people import Person
from validation.models import CaseStatus, ClipReport, Review, ReviewCase


def num_queries(client: Client, path: str) -> int:
    """How often the database is asked for a page."""
    client.get(path)  # what is read once and kept, such as the signed-in account's session
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


def more_campaigns(count: int) -> None:
    for _ in range(count):
        n = Campaign.objects.count()
        made = Campaign.objects.create(
            slug=f"more-{n}", name=f"More {n:03}", description="-", language="en", status="open"
        )
        made.prompts.create(kind="keyword", text="yes")


def more_releases(campaign: Campaign, count: int) -> None:
    """Without figures that were counted before: so they are counted for the list."""
    first = campaign.releases.count() + 1
    for version in range(first, first + count):
        Release.objects.create(
            campaign=campaign, version=version, validation_percent=10, testing_percent=10,
            licence="CC0-1.0",
        )  # fmt: skip


def more_cases(campaign: Campaign, count: int) -> None:
    first = ReviewCase.objects.count()
    for n in range(first, first + count):
        case = accepted_row(join(campaign, n), "yes").review_case
        ReviewCase.objects.filter(pk=case.pk).update(status=CaseStatus.ADJUDICATE)
        ClipReport.objects.create(case=case, reason="other", note=f"{n}")


def test_the_first_page_asks_as_often_for_many_campaigns_as_for_one(campaign: Campaign):
    few = num_queries(Client(), "/")
    more_campaigns(20)
    assert num_queries(Client(), "/") == few


@pytest.mark.parametrize("path", ["/c/words/releases/", "/api/v1/campaigns/words/releases"])
def test_releases_are_listed_with_as_many_queries_as_one(path: str, campaign: Campaign):
    more_releases(campaign, 1)
    few = num_queries(Client(), path)
    more_releases(campaign, 19)
    assert num_queries(Client(), path) == few


def test_the_curators_cases_are_listed_with_as_many_queries_as_one(
    campaign: Campaign, curator: Person
):
    path = "/api/v1/campaigns/words/review/cases?list=waiting"
    more_cases(campaign, 1)
    few = num_queries(curator.client, path)
    more_cases(campaign, 5)
    assert num_queries(curator.client, path) == few
    told: Any = curator.client.get(path).json()
    assert len(told) == 6
    assert {each["match"] for each in told} == {0.9}
    assert [each["reports"][0]["note"] for each in told] == ["0", "1", "2", "3", "4", "5"]
    assert [vote["verdict"] for vote in told[0]["votes"]] == ["accept", "accept"]
    assert Review.objects.count() == 12


def test_each_campaign_has_its_own_progress(campaign: Campaign):
    for n in range(3):
        accepted_row(join(campaign, n), "yes")
    waiting = accepted_row(join(another_campaign(), 9), "yes").review_case
    ReviewCase.objects.filter(pk=waiting.pk).update(status=CaseStatus.OPEN)
    more_campaigns(1)
    shown = {
        each["campaign"].slug: each["progress"] for each in Client().get("/").context["campaigns"]
    }
    told = {slug: (p["clips"], p["accepted"], p["speakers"]) for slug, p in shown.items()}
    assert told == {"words": (3, 3, 3), "more": (1, 0, 1), "more-2": (0, 0, 0)}


def test_each_release_has_its_own_counts(campaign: Campaign, curator: Person):
    clips = [accepted_row(join(campaign, n), "yes", duration_s=3.6) for n in range(4)]
    cut(curator, campaign)
    more_releases(campaign, 1)
    clips.append(accepted_row(join(campaign, 9), "no", duration_s=3.6))
    cut(curator, campaign)
    releases = list(campaign.releases.order_by("version"))
    counted = counts_of_releases(releases)
    assert [counted[each.pk]["clips"] for each in releases] == [4, 0, 5]
    assert [counted[each.pk]["hours"] for each in releases] == [0.004, 0, 0.005]
    assert sum(counted[releases[0].pk]["splits"].values()) == 4
    assert counted == {each.pk: release_counts(each) for each in releases}


def test_campaigns_come_in_pages(campaign: Campaign):
    more_campaigns(24)
    first, second = Client().get("/"), Client().get("/?page=2")
    assert (len(first.context["campaigns"]), len(second.context["campaigns"])) == (24, 1)
    assert 'href="?page=2"' in first.content.decode()
    assert 'href="?page=1"' in second.content.decode()


def test_releases_are_found_from_the_campaign_once_there_is_one(
    campaign: Campaign, stranger: Person
):
    link = 'href="/c/words/releases/"'
    assert link not in stranger.client.get("/c/words/").content.decode()
    more_releases(campaign, 1)
    assert link in stranger.client.get("/c/words/").content.decode()
    Campaign.objects.update(status=CampaignStatus.CLOSED)
    assert link in stranger.client.get("/c/words/").content.decode()
