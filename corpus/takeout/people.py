"""What is known of the person themselves: their answers, their parts, their consents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypedDict

import orjson
from django.db.models import Case, Count, F, Sum, When
from django.db.models.functions import Coalesce

from collector.access import Actor, own_clips
from collector.findings import Thresholds
from collector.models import (
    LinkedDevice,
    Participation,
    PromptReport,
    PromptSkip,
    Speaker,
    SpeakerSnapshot,
)
from collector.models.clip import GONE
from collector.receipts import receipt_of
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
        thresholds=Thresholds.of(campaign.thresholds),
        receipts=receipts,
        tags={tag.code: str(tag.label) for tag in vocabulary.tags},
    )


def consents_of(participation: Participation) -> tuple[dict[str, str], dict[str, bytes]]:
    """Where each consent event's receipt lies, by its id; and the files, the texts among them.

    The texts are as they were hashed, so that a receipt can be checked with ``sha256sum``.
    """
    paths, files = {}, {}
    events = participation.consent_events.select_related("text").order_by("at", "id")
    stem = f"consents/{participation.campaign.slug}"
    for number, event in enumerate(events, start=1):
        path = f"{stem}-{number:02}-{event.kind}.json"
        paths[str(event.pk)] = path
        files[path] = orjson.dumps(receipt_of(event), option=_PRETTY, default=str)
        text = event.text
        files[f"{stem}-text-{text.version}-{text.language}.txt"] = text.body.encode()
    return paths, files


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
        "devices": [_device(each) for each in part.devices.order_by("linked_at", "pk")],
        "skipped_prompts": list(skips.values_list("prompt__text", flat=True)),
    }


def _device(device: LinkedDevice) -> dict[str, Any]:
    told = ("name", "linked_at", "last_used_at", "revoked_at")
    return {"id": str(device.pk), **{name: getattr(device, name) for name in told}}


class Lent(TypedDict):
    """How much an archive holds."""

    speakers: int
    clips: int
    num_bytes: int


def lent_by(actor: Actor) -> Lent:
    """How many speakers the actor is, how many clips they lend, and how large these are."""
    present = own_clips(actor).exclude(status__in=GONE)
    originals = Case(When(original_erased_at=None, then=F("original_num_bytes")), default=0)
    sizes = Sum(originals + Coalesce("master_num_bytes", 0))
    counts = present.aggregate(clips=Count("pk"), num_bytes=Coalesce(sizes, 0))
    speakers = len(actor.speaker_ids())
    return Lent(speakers=speakers, clips=counts["clips"], num_bytes=counts["num_bytes"])
