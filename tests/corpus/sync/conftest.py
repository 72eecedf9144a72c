"""A site with a release of everything that is hard, and copies of it as researchers have them."""

from __future__ import annotations

import tarfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from collector.access import Actor
from collector.audio.shipped import wav_hashes
from collector.models import (
    Campaign,
    Clip,
    ClipStatus,
    Participation,
    Prompt,
    PromptKind,
    SpeakerSnapshot,
)
from collector.services import add_prompt, erase_clip
from collector.storage import audio_store, master_key
from corpus.models import Release
from corpus.services import publish_revocations, withdraw
from tests.corpus.exporters.conftest import CLIPS, Shelf
from tests.corpus.rows import join
from tests.people import Person
from validation.models import CaseStatus, PreScore, Review, ReviewCase, Verdict

Tree = dict[str, bytes]


def tree_of(folder: Path) -> Tree:
    """All files of a copy by path, but what choir_sync keeps there for itself."""
    files = (path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    return {path: content for path, content in named.items() if not path.startswith(".choir-sync")}


@dataclass
class Place:
    """The release, and what happens to it."""

    researcher: Person
    clips: list[Clip]
    folder: Path

    @property
    def release(self) -> Release:
        return Release.objects.get()

    def archive(self, format_name: str) -> bytes:
        """The release as it is now, by HTTP."""
        response: Any = self.researcher.get(f"releases/{self.release.pk}/exports/{format_name}")
        assert response.status_code == 200, response.content
        return b"".join(response)

    def copy(self, format_name: str, name: str) -> Path:
        """The release as it is now, unpacked; beside its folder the tar, as ``mine.tar``."""
        to = self.folder / name
        packed = to / "packed" / "mine.tar"
        packed.parent.mkdir(parents=True)
        packed.write_bytes(self.archive(format_name))
        with tarfile.open(packed) as tar:
            tar.extractall(to / "unpacked", filter="data")
        (root,) = (to / "unpacked").iterdir()
        return root

    def take_back(self, *numbers: int) -> None:
        """Clips by their number, erased as well."""
        for number in numbers:
            clip = self.clips[number]
            withdraw(Actor(speaker=clip.participation.speaker), clip.pk)
            erase_clip(clip.pk)

    def publish(self) -> list[str]:
        """The next list in files; what choir_sync is told of them."""
        publish_revocations()
        told = []
        for option, path in (("list", ".json"), ("signature", ".json.sig"), ("key", "/key.pem")):
            file = self.folder / option
            response: Any = self.researcher.get(f"revocations{path}")
            file.write_bytes(b"".join(response))
            told += [f"--{option}", str(file)]
        return told


@pytest.fixture(autouse=True)
def own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test's lists begin with a key of their own, and need not wait for each other."""
    monkeypatch.setattr(settings, "REVOCATION_KEY_FILE", tmp_path / "site-key.pem")
    monkeypatch.setattr("corpus.revocations.timing.QUIET", timedelta(0))


@pytest.fixture(scope="session")
def sounds() -> Shelf:
    """The audio of all the hard cases, made once."""
    return Shelf(CLIPS)


def lent(part: Participation, prompt: Prompt, flac: bytes, **fields: Any) -> Clip:
    """A clip that has been accepted, with its master in the storage."""
    clip = Clip.objects.create(
        id=uuid.uuid4(), participation=part, prompt=prompt, consent=part.consent_events.get(),
        about=part.speaker.about, status=ClipStatus.TRANSCODED, original_sha256="a" * 64,
        original_num_bytes=1, master_num_bytes=len(flac), nudge_at=None,
        measurements={"snr_db": 30.0}, **wav_hashes(flac, 0), **fields,
    )  # fmt: skip
    audio_store().put(master_key(clip.pk, clip.master_sha256), flac)
    case = ReviewCase.objects.create(clip=clip, status=CaseStatus.ACCEPTED, nudge_at=None)
    PreScore.objects.create(clip=clip, match=0.9, model="moon", model_sha256="c" * 64)
    Review.objects.create(case=case, verdict=Verdict.ACCEPT)
    return clip


@pytest.fixture
def place(
    campaign: Campaign, curator: Person, researcher: Person, sounds: Shelf, tmp_path: Path
) -> Iterator[Place]:
    """Every hard text of every kind, by five speakers, in a release with small shards."""
    about = {"age_band": "thirties", "gender": "female_feminine", "accent": "from the north"}
    parts: dict[str, Participation] = {}
    clips = []
    for row in sounds.rows:
        if row.pseudonym not in parts:
            parts[row.pseudonym] = join(campaign, len(parts), **about)
        kind, text = PromptKind(row.kind), row.text
        prompt = campaign.prompts.filter(text=text, kind=kind).first()
        clips.append(
            lent(
                parts[row.pseudonym],
                prompt or add_prompt(campaign, kind, text),
                sounds.masters[row.clip_id],
                master_sha256=row.master_sha256,
                num_samples=row.num_samples,
                loudest_second_offset=0,
            )
        )
    recipe = {"validation_percent": 25, "testing_percent": 25, "shard_num_bytes": 1_000_000}
    made = curator.post("campaigns/words/releases", recipe)
    assert made.status_code == 201, made.content
    assert SpeakerSnapshot.objects.count() == len(parts) == 5
    yield Place(researcher, clips, tmp_path)


Prune = Callable[..., None]
