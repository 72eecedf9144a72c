"""Accepted clips as rows only: for what is about many of them, and not about their sound."""

from __future__ import annotations

from collections.abc import Sequence

from collector.access import OPERATOR
from collector.models import (
    Campaign,
    Clip,
    ClipStatus,
    ConsentEvent,
    Participation,
    PromptKind,
    Purpose,
    Speaker,
    SpeakerSnapshot,
)
from collector.selectors import current_consent_text
from collector.services import add_prompts, publish_consent_text
from validation.models import CaseStatus, PreScore, Review, ReviewCase, Verdict


def another_campaign() -> Campaign:
    """A second open campaign, with one of the first one's words."""
    made = Campaign.objects.create(
        slug="more", name="More", description="More.", language="en", status="open"
    )
    add_prompts(made, PromptKind.KEYWORD, ["yes"])
    publish_consent_text(OPERATOR, made, "Text of the other one.")
    return made


def join(campaign: Campaign, number: int, **about: str) -> Participation:
    """A speaker of the campaign, with what they say of themselves."""
    speaker = Speaker.objects.create(recovery_hash=f"{campaign.pk}-{number}")
    if about:
        speaker.about = SpeakerSnapshot.objects.create(speaker=speaker, **about)
        speaker.save()
    part = Participation.objects.create(speaker=speaker, campaign=campaign)
    ConsentEvent.objects.create(
        participation=part,
        kind="given",
        text=current_consent_text(campaign),
        purposes=Purpose.values,
    )
    return part


def accepted_row(
    part: Participation,
    text: str,
    *,
    snr_db: float = 30.0,
    duration_s: float = 1.0,
    match: float = 0.9,
    verdicts: Sequence[str] = (Verdict.ACCEPT, Verdict.ACCEPT),
    consent: ConsentEvent | None = None,
) -> Clip:
    """A clip of the text that has been accepted."""
    clip = Clip.objects.create(
        participation=part,
        prompt=part.campaign.prompts.get(text=text),
        consent=consent or part.consent_events.get(),
        about=part.speaker.about,
        status=ClipStatus.TRANSCODED,
        original_sha256="a" * 64,
        original_num_bytes=1,
        master_sha256="b" * 64,
        master_num_bytes=20_000,
        num_samples=round(16_000 * duration_s),
        measurements={"snr_db": snr_db, "loudness_lufs": -23.0, "speech_level_dbfs": None},
        nudge_at=None,
    )
    case = ReviewCase.objects.create(clip=clip, status=CaseStatus.ACCEPTED, nudge_at=None)
    PreScore.objects.create(clip=clip, match=match, model="moon", model_sha256="c" * 64)
    Review.objects.bulk_create(Review(case=case, verdict=verdict) for verdict in verdicts)
    return clip
