"""The review desk in a browser: a whole sitting by keyboard, and clip after clip without a wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from collector.access import Actor
from collector.models import Campaign, Clip, Prompt, Role
from corpus.services import withdraw
from tests.journey.cases import heard_by_the_machine, likeness, practice
from tests.journey.conftest import Visitors, assert_accessible, member, shoot
from validation.models import CaseStatus, ClipReport, Review, ReviewCase, ReviewPolicy
from validation.vocabulary import MYCROFT

pytestmark = pytest.mark.browser

AUDIBLE_WITHIN_MS = 150
#: When a key was pressed, and when the sound that it brought had moved on.
WATCH = """
  window.waits_ms = [];
  let pressed_ms = null;
  addEventListener("keydown", (event) => {
    if (event.key === "a") pressed_ms = performance.now();
  }, true);
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    const since_ms = pressed_ms;
    pressed_ms = null;
    const look = () => {
      if (this.currentTime > 0) window.waits_ms.push(performance.now() - since_ms);
      else requestAnimationFrame(look);
    };
    if (since_ms !== null) requestAnimationFrame(look);
    return play.call(this);
  };
"""

SOON = """(selector) => new Promise((resolve, reject) => {
  const until_ms = performance.now() + 20_000;
  const look = () => {
    if (document.querySelector(selector)) resolve();
    else if (performance.now() > until_ms) reject(new Error(`There is no ${selector}`));
    else requestAnimationFrame(look);
  };
  look();
})"""


def prompt_of(campaign: Campaign, text: str) -> Prompt:
    return Prompt.objects.get(campaign=campaign, text=text)


def only(
    campaign: Campaign, clip: Clip, prompts: list[str], **measured: object
) -> list[ReviewCase]:
    """A case for each prompt, and none for the clip that they are made of."""
    ReviewCase.objects.filter(clip=clip).update(status=CaseStatus.ACCEPTED)
    return [likeness(clip, prompt_of(campaign, text), **measured) for text in prompts]  # type: ignore[arg-type]


def opened(visitors: Visitors, campaign: Campaign, name: str, watch: str = "") -> Page:
    """A reviewer's page at the desk."""
    page = visitors.page(user=member(campaign, name, Role.REVIEWER))
    if watch:
        page.add_init_script(watch)
    page.goto(f"/c/{campaign.slug}/review/")
    return page


def in_hand(page: Page) -> str:
    """The case on the desk."""
    return page.locator("[data-case]").get_attribute("data-case") or ""


def soon(page: Page, selector: str) -> None:
    """Wait for it frame by frame: locators look ever more seldom, which costs half a second."""
    page.evaluate(SOON, selector)


def hear(page: Page) -> Locator:
    """Play the clip to its end; returns the desk."""
    desk = page.locator("choir-review")
    page.keyboard.press("p")
    soon(page, "choir-review[data-heard='true']")
    return desk


@dataclass(frozen=True)
class Sitting:
    """A desk with a clip to practise on, and cases that are judged in a particular way."""

    page: Page
    campaign: Campaign
    #: The machine heard something else.
    doubted: ReviewCase
    #: It has no prompt: what is said is written down.
    wordless: ReviewCase

    @property
    def desk(self) -> Locator:
        return self.page.locator("choir-review")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def says(self, text: str) -> None:
        expect(self.page.get_by_role("status").filter(has_text=text)).to_be_visible()

    def looks_well(self, name: str) -> None:
        shoot(self.page, name)
        assert_accessible(self.page)


@pytest.fixture
def sitting(visitors: Visitors, make_campaign: Callable[..., Campaign]) -> Sitting:
    campaign = make_campaign("desk", ["yes", "no"], ["yes indeed it is", "stop the music"])
    ReviewPolicy.objects.filter(campaign=campaign).delete()
    ReviewPolicy.objects.create(campaign=campaign, gold_share=0, questions=list(MYCROFT))
    clip = heard_by_the_machine(campaign, "yes")
    cases = only(campaign, clip, ["yes indeed it is", "stop the music", "no"], snr_db=4.0)
    wordless = likeness(clip, None)
    # The two that are judged in a particular way come before the others.
    others = [case.pk for case in cases[1:]]
    ReviewCase.objects.filter(pk__in=others).update(rank=9)
    first = likeness(clip, prompt_of(campaign, "no"))
    curator = member(campaign, "curator", Role.CURATOR)
    practice(first, curator, False, "The prompt is “no”, and the voice says “yes”.")
    return Sitting(opened(visitors, campaign, "reviewer"), campaign, cases[0], wordless)


def practise(sitting: Sitting) -> None:
    """Judging sleeps until the clip was heard, and the answer comes at once."""
    page = sitting.page
    expect(sitting.desk).to_have_attribute("data-state", "listening")
    expect(page.get_by_text("Practice: clip 1 of 1")).to_be_visible()
    sitting.press("a")
    sitting.says("Listen to the end")
    assert not Review.objects.filter(case__campaign=sitting.campaign).exists()
    hear(page)
    sitting.press("r")
    expect(page.get_by_role("heading", name="That is right")).to_be_visible()
    expect(sitting.desk).to_contain_text("the voice says “yes”")
    sitting.looks_well("desk-practice")
    sitting.press("Enter")
    expect(sitting.desk).not_to_have_attribute("data-state", "feedback")
    expect(page.locator("[data-case]")).to_be_visible()


def write_down(sitting: Sitting) -> None:
    """Letters and digits are words while somebody types, not keys."""
    sitting.press("a")
    sitting.says("Write down")
    sitting.press("t")
    sitting.page.keyboard.type("yes a1")
    sitting.looks_well("desk-transcript")
    sitting.press("Control+Enter")


def tag_undo_and_judge_anew(sitting: Sitting) -> None:
    """The difference is marked, the machine's proposal taken, and a tag of one's own added.

    After an undo the vote is gone, and the clip is here with its tags.
    """
    page, case = sitting.page, f"[data-case='{sitting.doubted.pk}']"
    assert page.locator(".heard del").count() == 1
    sitting.press("m", "5")
    shoot(page, "desk")
    page.emulate_media(color_scheme="dark")
    shoot(page, "desk-dark")
    page.emulate_media(color_scheme="light")
    assert_accessible(page)
    sitting.press("r")
    expect(page.locator(case)).to_have_count(0)
    sitting.press("z")
    expect(page.locator(case)).to_be_visible()
    expect(page.locator("[data-tag='noise']")).to_have_attribute("aria-pressed", "true")
    sitting.press("u")


def judge_three(sitting: Sitting) -> None:
    """One after the other, in whatever order they come."""
    for number in range(3):
        expect(sitting.desk).to_have_attribute("data-loaded", str(4 - number))
        hear(sitting.page)
        case = in_hand(sitting.page)
        if case == str(sitting.wordless.pk):
            write_down(sitting)
        elif case == str(sitting.doubted.pk):
            tag_undo_and_judge_anew(sitting)
        else:
            sitting.press("a")
        expect(sitting.page.locator(f"[data-case='{case}']")).to_have_count(0)
        expect(sitting.desk).to_have_attribute("data-unsent", "0")


def assert_votes_are_as_judged(sitting: Sitting) -> None:
    votes = Review.objects.filter(case__campaign=sitting.campaign)
    assert votes.count() == 3
    mine, written = votes.get(case=sitting.doubted), votes.get(case=sitting.wordless)
    assert (mine.verdict, mine.tags) == ("unsure", ["noise", "wrong_word"])
    assert (written.verdict, written.transcript) == ("accept", "yes a1")


def judge_by_cards(sitting: Sitting) -> None:
    page = sitting.page
    sitting.press("?")
    sitting.looks_well("desk-help")
    sitting.press("Escape", "c")
    hear(page)
    sitting.looks_well("desk-cards")
    sitting.press("1")
    expect(page.get_by_text("Does the speaker say the keyword?")).to_be_visible()
    sitting.press("Backspace")
    expect(page.get_by_text("Is there any speech?")).to_be_visible()
    sitting.press("2")
    expect(page.get_by_role("button", name="Accept")).to_be_visible()


def report_it(sitting: Sitting) -> None:
    page, case = sitting.page, in_hand(sitting.page)
    sitting.press("!")
    sitting.looks_well("desk-report")
    page.get_by_label("It tells something private").check()
    page.get_by_role("button", name="Report it").click()
    expect(sitting.desk).to_have_attribute("data-state", "empty")
    expect(sitting.desk).to_contain_text("Nobody hears this clip until a curator has looked")
    sitting.looks_well("desk-empty")
    assert ClipReport.objects.get(case=case).reason == "private"


def test_a_sitting_by_keyboard(sitting: Sitting) -> None:
    practise(sitting)
    judge_three(sitting)
    assert_votes_are_as_judged(sitting)
    judge_by_cards(sitting)
    report_it(sitting)


def test_thirty_clips_in_a_row(visitors: Visitors, make_campaign: Callable[..., Campaign]) -> None:
    campaign = make_campaign("thirty", ["yes"])
    ReviewPolicy.objects.filter(campaign=campaign).delete()
    ReviewPolicy.objects.create(campaign=campaign, gold_share=0)
    clip = heard_by_the_machine(campaign, "yes")
    only(campaign, clip, ["yes"] * 31)
    page = opened(visitors, campaign, "reviewer", WATCH)
    page.locator("choir-review[data-loaded='4']").wait_for()
    for _ in range(4):
        page.keyboard.press("]")  # at twice the speed: half the time to fetch what comes next
    hear(page)
    for _ in range(30):
        # No person is that fast, at twice the speed; so a busy machine may catch up first.
        soon(page, "choir-review:not([data-loaded='0'], [data-loaded='1'])")
        case = in_hand(page)
        page.keyboard.press("a")
        another = f":has([data-case]:not([data-case='{case}']))"
        soon(page, f"choir-review[data-state='judging']{another}")
    waits_ms = np.array(page.evaluate("window.waits_ms"))
    median, p95 = np.percentile(waits_ms, [50, 95])
    print(f"\nnext clip audible after the verdict: median {median:.0f} ms, p95 {p95:.0f} ms")
    assert len(waits_ms) == 30
    assert p95 < AUDIBLE_WITHIN_MS
    expect(page.locator("choir-review")).to_have_attribute("data-unsent", "0")
    assert Review.objects.filter(case__campaign=campaign, verdict="accept").count() == 30


def test_a_clip_that_is_taken_back_while_it_waits_is_left_out(
    visitors: Visitors, make_campaign: Callable[..., Campaign]
) -> None:
    campaign = make_campaign("left-out", ["yes"], ["one", "two", "three"])
    ReviewPolicy.objects.filter(campaign=campaign).delete()
    ReviewPolicy.objects.create(campaign=campaign, gold_share=0)
    clip = heard_by_the_machine(campaign, "yes")
    cases = {str(c.pk): c for c in only(campaign, clip, ["one", "two", "three"])}
    page = opened(visitors, campaign, "reviewer")
    desk = page.locator("choir-review[data-loaded='3']")
    desk.wait_for()
    first = in_hand(page)
    gone = next(case for pk, case in cases.items() if pk != first)
    withdraw(Actor(speaker=gone.clip.participation.speaker), gone.clip_id)
    hear(page)
    page.keyboard.press("s")
    notice = page.get_by_role("status").filter(has_text="is left out")
    expect(notice).to_contain_text(gone.clip.prompt.text)  # type: ignore[union-attr]
    expect(page.locator("choir-review")).to_have_attribute("data-loaded", "1")
    assert in_hand(page) not in (first, str(gone.pk))
    assert_accessible(page)


def test_a_verdict_that_does_not_arrive_is_kept_and_sent_again(
    visitors: Visitors, make_campaign: Callable[..., Campaign]
) -> None:
    campaign = make_campaign("unsent", ["yes"])
    ReviewPolicy.objects.filter(campaign=campaign).delete()
    ReviewPolicy.objects.create(campaign=campaign, gold_share=0)
    clip = heard_by_the_machine(campaign, "yes")
    only(campaign, clip, ["yes"] * 2)
    page = opened(visitors, campaign, "reviewer")
    page.locator("choir-review[data-loaded='2']").wait_for()
    hear(page)
    page.context.set_offline(True)
    page.keyboard.press("a")
    expect(page.get_by_role("alert")).to_contain_text("1 verdict is not sent yet")
    shoot(page, "desk-unsent")
    assert_accessible(page)
    page.context.set_offline(False)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert Review.objects.get(case__campaign=campaign).verdict == "accept"
