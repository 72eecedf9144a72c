"""A release goes out in a format, comes into an empty campaign, and goes out again: the same.

Equal is all that a format carries: its sounds to the byte, texts, kinds, splits, votes, and who
spoke together with whom. Pseudonyms and ids are new, as nobody is to be followed from site to site.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path
from typing import Any

import pytest

from collector.access import Actor
from collector.models import Campaign, CampaignStatus, Membership, PromptKind, Role
from collector.services import add_prompt, add_prompts
from corpus.importers import IMPORTERS, Found
from corpus.models import Release
from corpus.recipe import Recipe
from corpus.services import AudioReader, cut_release, export_archive
from corpus.services.import_plans import ImportPlan
from corpus.services.importing import import_corpus
from tests.people import Person, audio_of
from tests.pipeline import process
from validation.services.importing import accept_imported

#: Which of our exports each importer reads; the last is read as NeMo's lines are.
FORMATS = {
    "common-voice": "common-voice",
    "speech-commands": "speech-commands",
    "librispeech": "librispeech",
    "ljspeech": "ljspeech",
    "deepspeech": "deepspeech",
    "nemo": "nemo",
    "open-stt": "open-stt",
    "clips": "nemo",
}


@pytest.fixture
def release(curator: Person, campaign: Campaign, speaker: Person, stranger: Person) -> Release:
    """Two speakers, one of them for testing: three words, a text with quotes, and a noise."""
    add_prompts(campaign, PromptKind.SENTENCE, ['He said "no | nor", then left.'])
    add_prompt(campaign, PromptKind.NOISE, "Keep quiet.", 3.0)
    stranger.consent(campaign)
    for person, text, data in (
        (speaker, "yes", None),
        (speaker, "stop", None),
        (stranger, "go", None),
        (stranger, 'He said "no | nor", then left.', audio_of("no")),
        (stranger, "Keep quiet.", audio_of("")),
    ):
        clip = process(person.lend(campaign, text, data))
        assert curator.user is not None
        assert accept_imported(clip, curator.user, accepts=2, rejects=1, source="here")
    tested = stranger.speaker.participations.get().pseudonym
    recipe = Recipe(split_rule="fixed", testing_speakers=(tested,))
    return cut_release(Actor(user=curator.user), campaign, recipe)


def unpacked(release: Release, format_name: str, into: Path) -> Path:
    tar = b"".join(export_archive(release, format_name).stream(AudioReader()))
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        archive.extractall(into, filter="data")
    (root,) = into.iterdir()
    return root


def told(root: Path, importer: str) -> dict[str, Any]:
    """All that an export says, with sounds by their bytes and speakers by what they said."""
    clips, spoke = {}, {}
    for row in IMPORTERS[importer].rows(root):
        assert isinstance(row, Found), row
        sound = hashlib.sha256((root / row.path).read_bytes()).hexdigest()
        clips[sound] = (row.text, row.kind, row.split, row.accepts, row.rejects)
        spoke.setdefault(row.speaker, set()).add(sound)
    return {"clips": clips, "speakers": sorted(map(sorted, spoke.values()))}


@pytest.mark.parametrize("format_name", FORMATS)
def test_what_goes_out_comes_in_and_goes_out_the_same(
    curator: Person, release: Release, format_name: str, tmp_path: Path
):
    importer = FORMATS[format_name]
    first = unpacked(release, format_name, tmp_path / "first")
    empty = Campaign.objects.create(
        slug="empty", name="Words", description="-", language="en", status=CampaignStatus.CLOSED
    )
    Membership.objects.create(user=curator.user, campaign=empty, role=Role.CURATOR)
    plan = ImportPlan("Words 1", "CC-BY-4.0", "It is our own release.", importer, accept=True)
    report = import_corpus(Actor(user=curator.user), empty, first, plan)
    assert report.refused == []
    again = cut_release(Actor(user=curator.user), empty, Recipe.of(report.recipe))
    second = unpacked(again, format_name, tmp_path / "second")
    expected = told(first, importer)
    assert told(second, importer) == expected
    num_speech = {"speech-commands": 4, "nemo": 5, "clips": 5}.get(format_name, 4)
    assert len(expected["clips"]) == num_speech == report.imported
