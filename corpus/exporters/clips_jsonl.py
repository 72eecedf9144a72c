"""Everything that is known of each clip, one JSON object a line, and Croissant's description of it.

Croissant 1.1 (MLCommons) with the fields of its RAI vocabulary. The audio comes from the file set
by its file name and refers to the manifest's column: the reverse loads without an error and gives
the manifest's bytes as audio.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from corpus.exporters.contents import SAMPLING_RATE_HZ, Contents, Row, json_line
from corpus.exporters.croissant import describe
from corpus.exporters.files import (
    ArchiveFile,
    Exporter,
    clip_files,
    master_file,
    master_path,
    sha256_of,
    silence,
)

MANIFEST = "clips.jsonl"


def clip_line(row: Row) -> str:
    """All that is known of one clip."""
    fields = {
        "id": row.clip_id,
        "audio_filepath": master_path(row),
        "file_name": f"{row.clip_id}.flac",
        "split": row.split,
        "text": row.text,
        "kind": row.kind,
        "language": row.language,
        "speaker": row.pseudonym,
        "take": row.take,
        "duration": row.duration_s,
        "num_samples": row.num_samples,
        "sampling_rate": SAMPLING_RATE_HZ,
        "loudest_second_offset": row.loudest_second_offset,
        "sha256": row.master_sha256,
    }
    return json_line(fields, row.details)


def texts(contents: Contents) -> Iterator[ArchiveFile]:
    """The manifest, and what Croissant's readers need to find their way in it."""
    manifest = ArchiveFile.of_lines(MANIFEST, partial(_lines, contents))
    yield manifest
    _, known = contents.sums.get(MANIFEST, (0, None))
    described = describe(contents, MANIFEST, known or sha256_of(manifest, silence))
    yield ArchiveFile.of_lines("croissant.json", lambda: [described])


def _lines(contents: Contents) -> Iterator[str]:
    return map(clip_line, contents.rows())


EXPORTER = Exporter(
    format="clips",
    label="clips.jsonl and Croissant",
    description="All that is known of each clip in one file, with Croissant metadata.",
    usage=(
        "import mlcroissant as mlc\n"
        'clips = mlc.Dataset(jsonld="croissant.json").records("clips")\n'
        "print(next(iter(clips)))"
    ),
    texts=texts,
    shard=clip_files(master_file),
)
