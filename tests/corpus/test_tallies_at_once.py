"""Tallies stay right when everybody says the same word at the same moment."""

from __future__ import annotations

import hashlib
import uuid

import pytest

from collector.access import OPERATOR, Actor
from collector.models import (
    Campaign,
    Clip,
    Participation,
    PromptReport,
    PromptTally,
    ReportReason,
    ReportStatus,
    Speaker,
)
from collector.selectors import current_consent_text
from collector.services import (
    give_consent,
    join_as_speaker,
    receive_clip,
    recount,
    report_prompt,
    settle_reports,
)
from corpus.services import withdraw
from tests.corpus.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)

TAKE = b"any bytes: nobody decodes them here"


def joined(campaign: Campaign) -> tuple[Speaker, Participation]:
    text, (speaker, _) = current_consent_text(campaign), join_as_speaker()
    consent, _ = give_consent(
        speaker, campaign, version=text.version, sha256=text.sha256, adult=True
    )
    return speaker, consent.participation


def test_every_take_of_one_word_is_counted_and_every_withdrawal(campaign: Campaign):
    yes, sha256 = campaign.prompts.get(text="yes"), hashlib.sha256(TAKE).hexdigest()
    speakers = [joined(campaign)[0] for _ in range(6)]

    def say_thrice_and_take_one_back(speaker: Speaker) -> None:
        for _ in range(3):
            clip, _ = receive_clip(speaker, uuid.uuid4(), yes, TAKE, sha256, {})
        withdraw(Actor(speaker=speaker), clip.pk)

    answers = at_once(*[lambda s=s: say_thrice_and_take_one_back(s) for s in speakers])
    assert answers == [None] * 6
    assert Clip.objects.filter(prompt=yes).count() == 18
    assert PromptTally.objects.get(prompt=yes).takes == 12
    assert recount() == 0


def test_a_report_is_not_lost_while_a_curator_dismisses_another(campaign: Campaign):
    yes = campaign.prompts.get(text="yes")
    for _ in range(5):
        (_, one), (_, other) = joined(campaign), joined(campaign)
        report_prompt(one, yes, ReportReason.MISTAKE)
        at_once(
            lambda part=other: report_prompt(part, yes, ReportReason.OFFENSIVE),
            lambda: settle_reports(OPERATOR, yes, ReportStatus.DISMISSED),
        )
        waiting = PromptReport.objects.filter(status=ReportStatus.WAITING).exists()
        assert PromptTally.objects.get(prompt=yes).is_offered is not waiting
        settle_reports(OPERATOR, yes, ReportStatus.DISMISSED)
        assert PromptTally.objects.get(prompt=yes).is_offered
