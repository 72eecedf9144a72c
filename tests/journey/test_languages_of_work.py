"""What curators, reviewers and researchers work with, in the language that they chose."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from collector.access import Actor
from collector.models import Campaign, Membership, Role
from corpus.models import Release
from tests.journey.cases import heard_by_the_machine
from tests.journey.conftest import Visitors, member
from tests.journey.releases import released
from tests.journey.test_languages import LANGUAGES, choose, look_at
from validation.models import ClipReason, ReviewCase
from validation.services import lease_cases, report_clip

pytestmark = pytest.mark.browser

PAGES = {
    "waiting": "/c/{slug}/cases/",
    "hard": "/c/{slug}/cases/?list=hard",
    "gold": "/c/{slug}/cases/?list=gold",
    "case": "/cases/{case}/",
    "desk": "/c/{slug}/review/",
    "reviewers": "/c/{slug}/reviewers/",
    "policy": "/c/{slug}/policy/",
    "machine": "/c/{slug}/machine/",
    "letters": "/c/{slug}/letters/",
    "new-campaign": "/campaigns/new/",
    "set-up": "/c/{slug}/set-up/",
    "prompts": "/c/{slug}/prompts/",
    "texts": "/c/{slug}/texts/",
    "people": "/c/{slug}/people/",
    "releases": "/c/{slug}/releases/",
    "cut": "/c/{slug}/releases/new/",
    "release": "/releases/{release}/",
    "spoken-languages": "/me/languages/",
    "tokens": "/me/tokens/",
    "transparency": "/transparency/",
    "problems": "/problems/",
}


@pytest.fixture
def release(make_campaign: Callable[..., Campaign], request: pytest.FixtureRequest) -> Release:
    return released(make_campaign, f"work-{request.node.callspec.params['language']}")


@pytest.fixture
def reported(release: Release) -> ReviewCase:
    clip = heard_by_the_machine(release.campaign, "yes")
    reviewer = Actor(user=member(release.campaign, "reviewer", Role.REVIEWER))
    lease_cases(reviewer, release.campaign)
    case = ReviewCase.objects.get(clip=clip)
    report_clip(reviewer, case.pk, ClipReason.PRIVATE, "A name is said.")
    return case


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_english_is_left_at_work_and_nothing_sticks_out(
    visitors: Visitors, release: Release, reported: ReviewCase, language: str
) -> None:
    campaign = release.campaign
    user = member(campaign, "everything", Role.CURATOR)
    for role in (Role.REVIEWER, Role.RESEARCHER):
        Membership.objects.create(user=user, campaign=campaign, role=role)
    page = visitors.page(user=user)
    page.goto("/")
    choose(page, language)
    for name, path in PAGES.items():
        address = path.format(slug=campaign.slug, case=reported.pk, release=release.pk)
        look_at(page, language, name, address)
