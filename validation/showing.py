"""What a reviewer's desk shows, read by functions in the database (``show_cases.sql``).

A desk asks for clips after every verdict, so this is read more often than anything else.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from collector.findings import Finding, Thresholds, findings_of
from collector.models import Campaign, PromptKind, User


@dataclass(frozen=True)
class CaseShown:
    """One case with its clip, its prompt and the newest score."""

    id: uuid.UUID
    lease_until: datetime | None
    is_blind: bool
    is_training: bool
    clip_id: uuid.UUID
    num_samples: int | None
    measurements: str
    prompt_id: uuid.UUID | None
    prompt_kind: str | None
    prompt_text: str | None
    prompt_seconds: float | None
    match: float | None
    heard: str | None
    model: str | None
    """None where no model has heard it."""

    @property
    def duration_s(self) -> float | None:
        """The clip's length."""
        return None if self.num_samples is None else self.num_samples / 16_000

    def findings(self, campaign: Campaign) -> list[Finding]:
        """What the measurements say, by the campaign's thresholds."""
        measured: dict[str, Any] = json.loads(self.measurements)
        speech_expected = self.prompt_kind != PromptKind.NOISE
        thresholds = Thresholds.of(campaign.thresholds)
        return findings_of(measured, thresholds, speech_expected=speech_expected)


def cases_shown(ids: Sequence[uuid.UUID], user: User) -> list[CaseShown]:
    """The cases as this reviewer's desk shows them, in this order."""
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM validation_cases_shown(%s::uuid[], %s)", [list(ids), user.pk])
        return [CaseShown(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Sitting:
    """How far a reviewer has come."""

    votes_today: int
    agreement: float | None
    """With others in this campaign, 0 to 1; None until it is measured."""
    training_done: int
    training_of: int


def sitting_of(user: User, campaign: Campaign) -> Sitting:
    """Of a reviewer in a campaign; votes of today in all campaigns."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM validation_sitting(%s, %s, %s)", [user.pk, campaign.pk, midnight]
        )
        return Sitting(*cursor.fetchone())
