"""A release to look at: some hundred clips of two dozen people."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from collector.access import Actor
from collector.models import Campaign, CampaignStatus, Clip, Role
from corpus.models import Release
from corpus.services import cut_release, publish_terms
from tests.corpus.rows import accepted_row, join
from tests.journey.conftest import member

WORDS = ["yes", "no", "go", "stop", "louder", "timer"]
SENTENCES = ["Set a timer for eleven minutes.", "My grandmother never measured the flour."]


def released(make_campaign: Callable[..., Campaign], slug: str) -> Release:
    """Over half a year; the same ones each time."""
    chance = random.Random(7)
    campaign = make_campaign(slug, WORDS, SENTENCES)
    Campaign.objects.filter(pk=campaign.pk).update(name="Kitchen words")
    Campaign.objects.exclude(pk=campaign.pk).update(status=CampaignStatus.DRAFT)
    campaign.refresh_from_db()
    for n in range(24):
        about = {"age_band": chance.choice(["twenties", "thirties"])} if n % 4 else {}
        about |= {"gender": chance.choice(["female_feminine", "male_masculine"])} if n % 4 else {}
        part = join(campaign, n, **about)
        for text in chance.choices(WORDS + SENTENCES, k=chance.choice([2, 4, 7, 12])):
            clip = accepted_row(
                part,
                text,
                snr_db=chance.gauss(28, 8),
                duration_s=0.6 + chance.random() * (0.6 if text in WORDS else 4),
                match=min(1.0, chance.betavariate(8, 1)),
                verdicts=["accept", "accept"] + ["reject", "accept"] * (chance.random() < 0.2),
            )
            loudness = {"speech_level_dbfs": chance.gauss(-26, 5), "snr_db": chance.gauss(28, 8)}
            received_at = datetime(2026, 5, 3, tzinfo=UTC) + timedelta(days=n * 7)
            Clip.objects.filter(pk=clip.pk).update(measurements=loudness, received_at=received_at)
    curator = Actor(user=member(campaign, "curator", Role.CURATOR))
    publish_terms(curator, campaign, "Identify nobody.\n\nBring your copy up to date.")
    return cut_release(curator, campaign)
