"""Copies and lists without a site: rows, bytes that stand for audio, a key."""

from __future__ import annotations

import hashlib
import io
import tarfile
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from clients import choir_sync
from corpus.archive import Archive
from corpus.exporters import EXPORTERS, Audio, Contents, Listed, Row, Shard
from corpus.exporters.files import audio_num_bytes
from corpus.revocations import document, keys
from tests.corpus.exporters.conftest import CLIPS, DETAILS

RELEASE = "9a1f5c1e-0000-4000-8000-000000000001"


def rows_of(count: int) -> list[Row]:
    """So many clips of the hard texts, by a speaker for each ten of them."""
    rows: list[Row] = []
    takes: Counter[tuple[int, str]] = Counter()
    for number in range(count):
        text, kind, _, _, num_samples = CLIPS[number % len(CLIPS)]
        speaker = number // 10
        clip_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{number}"))
        rows.append(
            Row(
                clip_id=clip_id,
                split=("training", "training", "validation", "testing")[speaker % 4],
                shard=number % 2 if speaker % 4 < 2 else 0,
                pseudonym=f"{speaker:07x}f",
                speaker_number=number % 10,
                text=text,
                kind=kind,
                take=takes[speaker, text],
                num_samples=200 + num_samples // 100,
                master_sha256=hashlib.sha256(_bytes(clip_id, "master", 400 + number)).hexdigest(),
                master_num_bytes=400 + number,
                loudest_second_offset=0,
                revised_in=0,
                language="en",
                details={} if kind == "noise" else DETAILS,
            )
        )
        takes[speaker, text] += 1
    return sorted(rows, key=lambda row: row.clip_id)


def _bytes(clip_id: str, shape: str, num_bytes: int) -> bytes:
    seed = hashlib.sha256(f"{clip_id} {shape}".encode()).digest()
    return (seed * (num_bytes // len(seed) + 1))[:num_bytes]


def read(row: Row, audio: Audio) -> bytes:
    """What stands for a clip's audio: of the right length, and like no other."""
    shape = "master" if audio is Audio.MASTER_FLAC else str(audio)
    return _bytes(row.clip_id, shape, audio_num_bytes(row, audio))


def lay_out(rows: list[Row], format_name: str, folder: Path, revision: int = 0) -> Path:
    """A release of these rows in a format, unpacked."""
    with tarfile.open(fileobj=io.BytesIO(packed(rows, format_name, revision))) as tar:
        tar.extractall(folder, filter="data")
    return folder / f"words-1.{revision}-{format_name}"


def packed(rows: list[Row], format_name: str, revision: int = 0) -> bytes:
    """The same as the tar that is downloaded."""
    parts = (("training", 2), ("validation", 1), ("testing", 1))
    contents = Contents(
        name=f"words-1.{revision}",
        title="Words",
        description="Words.",
        language="en",
        licence="CC0-1.0",
        version=1,
        revision=revision,
        frozen_at=datetime(2026, 11, 1, tzinfo=UTC),
        url=f"https://choir.example/releases/{RELEASE}/",
        shards=tuple(Shard(split, index, of) for split, of in parts for index in range(of)),
        rows=Listed(rows),
    )
    exporter = EXPORTERS[format_name]
    archive = Archive(
        f"words-1.{revision}-{format_name}",
        lambda: [
            *(file.measured(contents.sums, has_audio=False) for file in exporter.texts(contents)),
            *(file for shard in contents.shards for file in exporter.shard(contents, shard)),
        ],
        contents.sums,
    )
    return b"".join(archive.stream(read))


@dataclass
class Lists:
    """A site that only makes lists."""

    folder: Path
    key: Any = field(default_factory=keys.make_key)
    number: int = 0
    sha256: str = document.NO_LIST
    entries: list[document.Entry] = field(default_factory=list)
    revision: int = 0
    at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    def publish(self, gone: Iterable[Row] = (), valid: timedelta = timedelta(days=1)) -> list[str]:
        """The next list in files; what choir_sync is told of them."""
        self.number += 1
        for row in gone:
            self.revision += 1
            names = zip(("flac", "wav", "second_wav"), _SHAPES, strict=True)
            hashes = {name: hashlib.sha256(read(row, audio)).hexdigest() for name, audio in names}
            self.entries.append(
                document.Entry(uuid.UUID(row.clip_id), hashes, self.at, "words-1", "withdrawn")
            )
        content = self.content(valid)
        self.sha256 = document.sha256_of([content])
        return self.told(content)

    def content(self, valid: timedelta = timedelta(days=1)) -> bytes:
        """The present list."""
        release = {"name": "words-1", "revision": self.revision, "changed_otherwise_in": 0}
        head = document.Head(
            self.number, self.at, self.at + valid, self.sha256, len(self.entries),
            {RELEASE: release},
        )  # fmt: skip
        return b"".join(document.whole(head, map(document.entry_line, self.entries)))

    def told(self, content: bytes, signature: bytes | None = None) -> list[str]:
        """These bytes in files, signed."""
        folder = self.folder / f"list-{self.number}-{hashlib.sha256(content).hexdigest()[:8]}"
        folder.mkdir(exist_ok=True, parents=True)
        (folder / "list").write_bytes(content)
        (folder / "signature").write_bytes(signature or self.key.sign(content))
        (folder / "key").write_text(keys.public_pem(keys.public_of(self.key)))
        return [
            part
            for name in ("list", "signature", "key")
            for part in (f"--{name}", str(folder / name))
        ]


_SHAPES = (Audio.MASTER_FLAC, Audio.WHOLE_WAV, Audio.LOUDEST_SECOND_WAV)


def tree_of(folder: Path) -> dict[str, bytes]:
    """All files of a copy by path, but what choir_sync keeps there for itself."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    files = {name: path for name, path in found.items() if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if choir_sync.OWN not in name}
