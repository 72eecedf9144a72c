"""What is known of the person themselves: their answers, their parts, their consents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson
from django.utils.timezone import localtime

from collector.models import (
    Participation,
    PromptReport,
    PromptSkip,
    Speaker,
    SpeakerSnapshot,
    User,
)
from corpus.takeout.records import Part
from validation.models import ReviewPolicy

_PRETTY: Final = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS


def part_of(participation: Participation, receipts: Mapping[str, str]) -> Part:
    """A part in a campaign, with its receipts' files by their events."""
    campaign = participation.campaign
    vocabulary = ReviewPolicy.of(campaign.pk).vocabulary
    return Part(
        campaign=campaign.slug,
        name=campaign.name,
        language=campaign.language,
        thresholds=campaign.thresholds,
        receipts=receipts,
        tags={tag.code: str(tag.label) for tag in vocabulary.tags},
    )


def receipts_of(participation: Participation) -> dict[str, tuple[str, bytes]]:
    """By each consent event's id: its receipt's file, and the receipt."""
    events = participation.consent_events.select_related("text").order_by("at", "id")
    return {
        str(event.pk): (
            f"consents/{participation.campaign.slug}-{number:02}-{event.kind}.json",
            orjson.dumps(_receipt(event), option=_PRETTY, default=str),
        )
        for number, event in enumerate(events, start=1)
    }


def _receipt(event: Any) -> dict[str, Any]:
    return {
        "id": str(event.pk),
        "kind": event.kind,
        "by": event.by,
        "at": event.at,
        "text": {"version": event.text.version, "sha256": event.text.sha256, "body": event.text.body},
    }


def speaker_json(speaker: Speaker) -> bytes:
    """The speaker, all that they ever said of themselves, and what they did besides speaking."""
    snapshots = speaker.snapshots.order_by("created_at", "pk")
    parts = speaker.participations.select_related("campaign").order_by("pk")
    known = {
        "id": str(speaker.pk),
        "label": speaker.label,
        "since": speaker.created_at,
        "asked_about_at": speaker.asked_about_at,
        "about_now": speaker.about_id and str(speaker.about_id),
        "about": [_snapshot(each) for each in snapshots],
        "campaigns": [_part_json(part) for part in parts],
    }
    return orjson.dumps(known, option=_PRETTY)


def _snapshot(snapshot: SpeakerSnapshot) -> dict[str, Any]:
    said = {name: getattr(snapshot, name) for name in SpeakerSnapshot.ASKED}
    return {"id": str(snapshot.pk), "said_at": snapshot.created_at, **said}


def _part_json(part: Participation) -> dict[str, Any]:
    reports = PromptReport.objects.filter(participation=part).order_by("at", "pk")
    skips = PromptSkip.objects.filter(participation=part).order_by("at", "pk")
    return {
        "campaign": part.campaign.slug,
        "name": part.campaign.name,
        "pseudonym": part.pseudonym,
        "joined_at": part.joined_at,
        "reported_prompts": list(reports.values("prompt__text", "reason", "note", "status", "at")),
        "skipped_prompts": list(skips.values_list("prompt__text", flat=True)),
    }


def account_json(user: User) -> bytes:
    """The account that the speakers are in."""
    roles = user.memberships.select_related("campaign").order_by("campaign__slug", "role")
    known = {
        "email": user.email,
        "since": localtime(user.date_joined),
        "roles": [{"campaign": each.campaign.slug, "role": each.role} for each in roles],
    }
    return orjson.dumps(known, option=_PRETTY)
