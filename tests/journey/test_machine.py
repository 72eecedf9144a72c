"""The curator looks at the machine: what it said, and what people found."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.test import Client

from collector.models import Campaign, Clip, Role
from tests.journey.conftest import Visitors, assert_accessible, member, shoot
from tests.people import Person
from tests.validation.test_learning import judged
from validation.services import learn_from_verdicts

pytestmark = pytest.mark.browser
PATIENCE_S = 60.0


def heard(clip: Clip) -> Clip:
    """The clip, when the site's own worker has scored it."""
    deadline = time.monotonic() + PATIENCE_S
    while not clip.pre_scores.exists():
        assert time.monotonic() < deadline, "the worker scores the clip"
        time.sleep(0.1)
    return Clip.objects.get(pk=clip.pk)


def test_a_curator_sees_how_far_the_machine_can_be_trusted(
    visitors: Visitors, make_campaign: Callable[..., Campaign]
):
    campaign = make_campaign("kitchen-machine", ["yes", "no", "stop"])
    speaker = Person(Client())
    speaker.consent(campaign)
    clip = heard(speaker.lend(campaign, "yes"))
    page = visitors.page(user=member(campaign, "curator", Role.CURATOR))
    page.goto(f"/c/{campaign.slug}/machine/")
    assert page.get_by_text("No clip has been both heard and judged yet").is_visible()
    judged(clip, 150, seed=1, misled=True)
    made = learn_from_verdicts(campaign.pk)
    assert made is not None and made.is_active

    page.goto(f"/c/{campaign.slug}/")
    page.get_by_role("link", name="The machine").click()
    assert page.get_by_role("img", name="Reliability diagram").is_visible()
    assert page.get_by_text("its match follows the verdicts on 150 clips").is_visible()
    rows = page.get_by_role("row").all()
    assert len(rows) > 4 and "%" in rows[1].inner_text()
    assert_accessible(page)
    shoot(page, "machine")
    page.emulate_media(color_scheme="dark")
    shoot(page, "machine-dark")
