"""Taking in what was recorded elsewhere: the rows behind an imported clip.

All of them have ids that follow from where they come from, so twice is once.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max

from collector.locks import lock_speaker
from collector.models import (
    Campaign,
    Clip,
    ConsentBy,
    ConsentEvent,
    ConsentKind,
    ConsentText,
    Event,
    EventKind,
    Participation,
    Prompt,
    PromptKind,
    Speaker,
    SpeakerSnapshot,
)
from collector.models.about import AgeBand, Gender
from collector.selectors import require_not_withdrawn
from collector.services.tallies import count_take, offer_prompts
from collector.storage import audio_store, original_key

NAMESPACE = uuid.UUID("5a7c9b1e-5d0a-5d1b-9d62-3c9a6f0f4a11")
#: Not the campaign's language: so a text about an import is never one that speakers are asked.
IMPORTED = "x-imported"
NOISE_TEXT = "Keep quiet and let the room be heard."
MAX_PROMPT = 300


@dataclass(frozen=True)
class Arrival:
    """A clip from elsewhere. ``speaker`` is whatever the source calls them; ``text`` what is said,
    empty for noise; ``age``, ``gender`` and ``accent`` count where the words are known here."""

    clip_id: uuid.UUID
    path: str
    speaker: str
    kind: str
    text: str
    data: bytes
    age: str = ""
    gender: str = ""
    accent: str = ""


class Intake:
    """One source's clips into one campaign. ``purposes``: what its speakers' consent is for."""

    def __init__(self, campaign: Campaign, source: str, purposes: Sequence[str]) -> None:
        self.campaign, self.source, self.purposes = campaign, source, list(purposes)
        self._parts: dict[str, Participation] = {}

    def clip_id(self, key: str) -> uuid.UUID:
        """The id of the clip that its source knows by ``key``, of now and of any other time."""
        return self._id("clip", key)

    def _id(self, *names: str) -> uuid.UUID:
        return uuid.uuid5(NAMESPACE, "\n".join((self.campaign.slug, self.source, *names)))

    def refuse_withdrawn(self, speaker: str) -> None:
        """Raises ConsentWithdrawn where all of the voice was taken back."""
        id_ = self._id("speaker", speaker)
        for part in Participation.objects.filter(speaker=id_, campaign=self.campaign):
            require_not_withdrawn(part)

    @transaction.atomic
    def agree(self, body: str) -> ConsentText:
        """What stands for the speakers' agreement: where from, by whom, under what, and why."""
        Campaign.objects.select_for_update().get(pk=self.campaign.pk)
        texts = ConsentText.objects.filter(campaign=self.campaign, language=IMPORTED)
        sha256 = ConsentText.hash_of(body)
        newest = texts.aggregate(newest=Max("version"))["newest"] or 0
        return texts.filter(sha256=sha256).first() or ConsentText.objects.create(
            campaign=self.campaign, version=newest + 1, language=IMPORTED, body=body,
            sha256=sha256, purposes=self.purposes,
        )  # fmt: skip

    @transaction.atomic
    def take_in(self, arrival: Arrival, text: ConsentText) -> Clip:
        """Store and write down a new clip; ``text`` is what ``agree`` returned.

        Raises ConsentWithdrawn where all of the voice was taken back.
        """
        part = self._participation(arrival.speaker)
        consent = self._consent(part, text)
        sha256 = hashlib.sha256(arrival.data).hexdigest()
        prompt = self._prompt(arrival.kind, arrival.text)
        audio_store().put(original_key(arrival.clip_id, sha256), arrival.data)
        clip = Clip.objects.create(
            id=arrival.clip_id,
            participation=part,
            prompt=prompt,
            consent=consent,
            about=_about(part.speaker, arrival),
            original_sha256=sha256,
            original_num_bytes=len(arrival.data),
            capture={"imported": {"source": self.source, "path": arrival.path}},
        )
        # Written down, but not announced: it is decoded here and now, and a message for each of a
        # million clips would only keep the workers from those who wait.
        told = {"num_bytes": len(arrival.data), "imported": self.source}
        Event.objects.create(kind=EventKind.CLIP_UPLOADED, clip_id=clip.pk, data=told)
        if prompt is not None:
            count_take(prompt.pk, +1)
        return clip

    def _participation(self, speaker: str) -> Participation:
        """The speaker under a random pseudonym; nobody has a phrase that leads to them."""
        if speaker not in self._parts:
            nobody_knows = hashlib.sha256(secrets.token_bytes(32)).hexdigest()
            person, _is_new = Speaker.objects.get_or_create(
                id=self._id("speaker", speaker), defaults={"recovery_hash": nobody_knows}
            )
            self._parts[speaker], _is_new = Participation.objects.get_or_create(
                speaker=person, campaign=self.campaign
            )
        return self._parts[speaker]

    def _consent(self, part: Participation, text: ConsentText) -> ConsentEvent:
        """The line that covers a new clip, under the lock that taking the voice back takes.

        Who wrote to us that they want no more of it is not brought in anew, by any import.
        """
        lock_speaker(part.speaker_id)
        standing = require_not_withdrawn(part)
        if standing is None or standing.text_id != text.pk:
            given = part.consent_events.exclude(kind=ConsentKind.WITHDRAWN).filter(text=text)
            standing = given.first() or ConsentEvent.objects.create(
                participation=part,
                kind=ConsentKind.GIVEN,
                by=ConsentBy.IMPORTER,
                text=text,
                language=IMPORTED,
                purposes=self.purposes,
            )
        return standing

    def _prompt(self, kind: str, said: str) -> Prompt | None:
        """The prompt with this text; a new one is closed, as nobody here is asked to say it.

        None for a text that is longer than prompts are: then it is the clip's own.
        """
        if len(said) > MAX_PROMPT:
            return None
        noises = self.campaign.prompts.filter(kind=PromptKind.NOISE).order_by("id")
        if kind == PromptKind.NOISE and (known := noises.first()):
            return known
        prompt, is_new = Prompt.objects.get_or_create(
            campaign=self.campaign,
            kind=kind,
            text=said or NOISE_TEXT,
            defaults={"is_open": False, "seconds": 5 if kind == PromptKind.NOISE else None},
        )
        if is_new:
            offer_prompts([prompt])
        return prompt


def _about(speaker: Speaker, arrival: Arrival) -> SpeakerSnapshot | None:
    """What is told of the speaker, as far as it is in words that are known here."""
    told: dict[str, Any] = {
        "age_band": arrival.age if arrival.age in AgeBand.values else "",
        "gender": arrival.gender if arrival.gender in Gender.values else "",
        "accent": " ".join(arrival.accent.split())[:80],
    }
    if not any(told.values()):
        return None
    rest: dict[str, Any] = {"first_languages": [], "environment": "", "device": ""}
    return SpeakerSnapshot.objects.get_or_create(speaker=speaker, **told, **rest)[0]
