"""A curator's pages in a browser: found from the campaign, used by keyboard, and accessible."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from collector.access import Actor
from collector.models import Campaign, Role
from tests.journey.cases import heard_by_the_machine, likeness
from tests.journey.conftest import Visitors, assert_accessible, member, shoot
from validation.models import (
    CaseStatus,
    ClipReason,
    PolicyName,
    Review,
    ReviewCase,
    ReviewerStanding,
    ReviewPolicy,
    Verdict,
)
from validation.services import (
    decide_as_curator,
    estimate_standings,
    lease_cases,
    pin_gold,
    quarantine_reviewer,
    report_clip,
)
from validation.services.deciding import decide_case

pytestmark = pytest.mark.browser


def test_a_curator_settles_what_waits(
    visitors: Visitors, make_campaign: Callable[..., Campaign]
) -> None:
    campaign = make_campaign("curating", ["yes", "no", "stop"])
    ReviewPolicy.objects.filter(campaign=campaign).update(name=PolicyName.EVIDENCE)
    clip = heard_by_the_machine(campaign, "yes")
    ReviewCase.objects.filter(clip=clip).update(status=CaseStatus.REJECTED)
    prompts = {prompt.text: prompt for prompt in campaign.prompts.all()}
    people = [member(campaign, f"listener-{n}", Role.REVIEWER) for n in range(3)]
    judged = likeness(clip, prompts["stop"], heard="stop", match=0.2)
    for person, verdict in zip(
        people, (Verdict.REJECT, Verdict.ACCEPT, Verdict.ACCEPT), strict=True
    ):
        Review.objects.create(case=judged, reviewer=person, verdict=verdict, tags=["noise"])
    decide_case(judged)
    estimate_standings(campaign)
    reported = likeness(clip, prompts["no"], heard="no", match=0.91)
    lease_cases(Actor(user=people[0]), campaign)
    report_clip(Actor(user=people[0]), reported.pk, ClipReason.PRIVATE, "A name is said.")

    curator = member(campaign, "curator", Role.CURATOR)
    page = visitors.page(user=curator)
    page.goto(f"/c/{campaign.slug}/")
    page.get_by_role("link", name="See to the clips").click()
    expect(page.get_by_text("Reported", exact=True)).to_be_visible()
    assert_accessible(page)
    shoot(page, "curator-waiting")
    page.locator(f"[data-case='{reported.pk}']").get_by_role("link", name="Look closer").press(
        "Enter"
    )
    expect(page.get_by_text("A name is said.")).to_be_visible()
    assert_accessible(page)
    shoot(page, "curator-reported")
    page.get_by_role("button", name="It is fine: put it back").press("Enter")
    expect(page.get_by_role("status").filter(has_text="in circulation again")).to_be_visible()

    page.goto(f"/cases/{judged.pk}/")
    expect(page.get_by_text("Person 3: Accept")).to_be_visible()
    assert_accessible(page)
    shoot(page, "curator-case")
    page.emulate_media(color_scheme="dark")
    shoot(page, "curator-case-dark")
    page.emulate_media(color_scheme="light")
    decide_as_curator(Actor(user=curator), reported.pk, CaseStatus.REJECTED)
    pin_gold(Actor(user=curator), reported.pk, is_right=False, is_training=True)
    quarantine_reviewer(Actor(user=curator), campaign, people[2].pk)
    drift = {"num_clips": 120, "expected": 0.99, "observed": 0.81, "lowest": 0.7, "highest": 0.9}
    ReviewPolicy.objects.filter(campaign=campaign).update(trusts_machine=False, distrust=[drift])
    for name in ("cases/?list=hard", "cases/?list=gold", "reviewers/", "policy/"):
        page.goto(f"/c/{campaign.slug}/{name}")
        assert_accessible(page)
        shoot(page, f"curator-{name.rpartition('=')[2].strip('/')}")
    expect(page.get_by_text("people found 81 % (between 70 and 90 %)")).to_be_visible()
    page.get_by_role("button", name="earlier clips anew").press("Enter")
    expect(page.get_by_text("Last done")).to_be_visible()
    shoot(page, "curator-policy-redecided")
    page.goto("/me/languages/")
    assert_accessible(page)
    shoot(page, "my-languages")
    assert ReviewerStanding.objects.filter(campaign=campaign).count() == 3
