"""A release with everything that is hard for a loader, and its archives laid out on the disk."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile
from django.utils.translation import override

# Before a loader is imported: none may ask the network for anything.
os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")

from collector.audio.cut import cut_second, whole_wav
from collector.audio.master import make_master
from corpus.archive import Archive
from corpus.datasheet.citation import bibtex, cite_as
from corpus.datasheet.sections import sections_of
from corpus.exporters import EXPORTERS, Audio, Contents, Listed, Row, Shard
from corpus.exporters.readme import readme_file

SPEECH = Path(__file__).parents[2] / "audio"

#: Text, kind, speaker, split, number of samples.
CLIPS = (
    ("null", "keyword", "00000001", "training", 16_000),
    ("null", "keyword", "00000001", "training", 12_001),
    ("NA", "keyword", "0a1b2c3d", "training", 16_037),
    ("seven", "keyword", "0a1b2c3d", "training", 15_999),
    ("42", "keyword", "12345678", "validation", 16_001),
    ('He said "yes", then left.', "sentence", "12345678", "validation", 20_000),
    ("either | or", "sentence", "ffffffff", "training", 31_999),
    ("שלום עולם", "sentence", "ffffffff", "training", 24_000),
    ("x̌ and naïve café", "sentence", "ffffffff", "training", 24_003),
    ("🙂 yes", "sentence", "ffffffff", "training", 17_000),
    ("Keep quiet.", "noise", "ffffffff", "training", 40_000),
    ("off", "keyword", "deadbeef", "testing", 16_000),
)
DETAILS = {
    "age": "thirties",
    "gender": "female_feminine",
    "accent": "from the north",
    "accepts": 2,
    "rejects": 0,
    "match": 0.98,
}


SHEET = {
    "title": "Kitchen words",
    "description": "Words that are said in a kitchen.",
    "licence": "CC-BY-4.0",
    "clips": 12,
    "speakers": 6,
    "hours": 0.004,
    "first_month": "2026-09",
    "last_month": "2026-10",
    "consent_texts": [{"version": 1, "sha256": "ab" * 32}],
    "models": ["moonshine-tiny"],
    "review": {"policy": "two-votes"},
}


class Shelf:
    """The rows of a release and their audio."""

    def __init__(self, clips: tuple[tuple[str, str, str, str, int], ...]) -> None:
        samples, rate = soundfile.read(sorted(SPEECH.glob("an4/*.flac"))[0], dtype="float32")
        assert rate == 16_000
        self.masters: dict[str, bytes] = {}
        takes: dict[tuple[str, str], int] = {}
        numbers: dict[str, int] = {}
        rows = []
        ids = sorted(str(uuid.uuid5(uuid.NAMESPACE_OID, str(n))) for n in range(len(clips)))
        for clip_id, (text, kind, speaker, split, num_samples) in zip(ids, clips, strict=True):
            # Each clip begins elsewhere in the recording: no two have bytes in common.
            spoken = np.resize(np.roll(samples, -1_237 * len(rows)), num_samples)
            master = make_master(spoken.reshape(-1, 1), rate)
            assert master.num_samples == num_samples
            self.masters[clip_id] = master.flac
            take, number = takes.get((speaker, text), 0), numbers.get(speaker, 0)
            takes[speaker, text], numbers[speaker] = take + 1, number + 1
            rows.append(
                Row(
                    clip_id=clip_id,
                    split=split,
                    shard=number % 2 if split == "training" else 0,
                    pseudonym=speaker,
                    speaker_number=number,
                    text=text,
                    kind=kind,
                    language="en",
                    take=take,
                    num_samples=num_samples,
                    master_sha256=master.sha256,
                    master_num_bytes=len(master.flac),
                    loudest_second_offset=0,
                    revised_in=0,
                    details={} if kind == "noise" else DETAILS,
                )
            )
        self.rows = rows

    def contents(self, rows: list[Row] | None = None, revision: int = 0) -> Contents:
        """The release, of all rows or of those that are left."""
        shards = {row.split: 2 if row.split == "training" else 1 for row in self.rows}
        frozen_at, url = datetime(2026, 11, 1, tzinfo=UTC), "https://choir.example/releases/1/"
        with override("en"):
            sheet = tuple(sections_of(SHEET))
        return Contents(
            name=f"kitchen-words-1.{revision}",
            title="Kitchen words",
            description="Words that are said in a kitchen.",
            language="en",
            licence="CC-BY-4.0",
            version=1,
            revision=revision,
            frozen_at=frozen_at,
            url=url,
            sheet=sheet,
            months=("2026-09", "2026-10"),
            citation=cite_as("Kitchen words", 1, frozen_at, url),
            bibtex=bibtex("kitchen-words", "Kitchen words", 1, frozen_at, url),
            shards=tuple(Shard(s, i, n) for s, n in sorted(shards.items()) for i in range(n)),
            rows=Listed(self.rows if rows is None else rows),
        )

    def read(self, row: Row, audio: Audio) -> bytes:
        """What the storage would answer."""
        flac = self.masters[row.clip_id]
        if audio is Audio.LOUDEST_SECOND_WAV:
            return cut_second(flac)
        return whole_wav(flac) if audio is Audio.WHOLE_WAV else flac

    @property
    def speech(self) -> list[Row]:
        """The rows in which somebody says something."""
        return [row for row in self.rows if row.kind != "noise"]


@pytest.fixture(scope="session")
def shelf() -> Shelf:
    """All the hard cases."""
    return Shelf(CLIPS)


@pytest.fixture(scope="session")
def one_speaker() -> Shelf:
    """One speaker, so that two of the three splits are empty."""
    return Shelf(CLIPS[:2])


Lay = Callable[[Shelf, str], Path]


@pytest.fixture
def lay_out(tmp_path: Path) -> Lay:
    """Downloads a release in a format and unpacks it; the folder that comes out."""

    def lay(shelf: Shelf, format_name: str, contents: Contents | None = None) -> Path:
        tar = tar_of(shelf, format_name, contents)
        with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
            archive.extractall(tmp_path, filter="data")
        folder = tmp_path / format_name
        check_sums(folder)
        return folder

    return lay


def tar_of(shelf: Shelf, format_name: str, contents: Contents | None = None) -> bytes:
    """The whole release as the site would send it."""
    exporter, known = EXPORTERS[format_name], contents or shelf.contents()
    archive = Archive(
        format_name,
        lambda: [
            readme_file(known, exporter),
            *exporter.texts(known),
            *(file for shard in known.shards for file in exporter.shard(known, shard)),
        ],
    )
    tar = b"".join(archive.stream(shelf.read))
    assert len(tar) == archive.num_bytes, "the length was known before the first byte"
    return tar


def check_sums(folder: Path) -> None:
    """SHA256SUMS names every file but itself, with its hash."""
    lines = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    sums = {path: digest for digest, path in (line.split("  ", 1) for line in lines)}
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS"]
    assert sums == {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }
