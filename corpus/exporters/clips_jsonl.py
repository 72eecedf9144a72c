"""Everything that is known of each clip, one JSON object a line, and Croissant's description of it.

Croissant 1.1 (MLCommons) with the fields of its RAI vocabulary. The audio comes from the file set
by its file name and refers to the manifest's column: the reverse loads without an error and gives
the manifest's bytes as audio.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext_noop

from corpus.exporters.contents import (
    RAW,
    SAMPLING_RATE_HZ,
    Contents,
    open_template,
    quoted,
    rest_of,
    seconds,
)
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


_COLUMNS = (
    "clip_id", "split", "text", "kind", "pseudonym", "take", "num_samples",
    "loudest_second_offset", "master_sha256", "revised_in", "details",
)  # fmt: skip


def template(language: str) -> str:
    """All that is known of each clip, but for the details, which come last."""
    fields = {
        "id": "%s",
        "audio_filepath": master_path("%s"),
        "file_name": "%s.flac",
        "split": "%s",
        "text": RAW,
        "kind": "%s",
        "language": language,
        "speaker": "%s",
        "take": RAW,
        "duration": RAW,
        "num_samples": RAW,
        "sampling_rate": SAMPLING_RATE_HZ,
        "loudest_second_offset": RAW,
        "sha256": "%s",
        "revision": RAW,
    }
    return open_template(fields)


def texts(contents: Contents) -> Iterator[ArchiveFile]:
    """The manifest, and what Croissant's readers need to find their way in it."""
    manifest = ArchiveFile.of_lines(MANIFEST, partial(_lines, contents))
    yield manifest
    _, known = contents.sums.get(MANIFEST, (0, None))
    described = describe(contents, MANIFEST, known or sha256_of(manifest, silence))
    yield ArchiveFile.of_lines("croissant.json", lambda: [described])


def _lines(contents: Contents) -> Iterator[str]:
    line = template(contents.language)
    for (
        clip_id, split, text, kind, speaker, take, num_samples, loudest_second_offset, sha256,
        revised_in, details,
    ) in contents.rows.columns(*_COLUMNS):  # fmt: skip
        yield line % (
            clip_id, clip_id, clip_id, split, quoted(text), kind, speaker, take,
            seconds(num_samples), num_samples, loudest_second_offset, sha256, revised_in,
            rest_of(details),
        )  # fmt: skip


EXPORTER = Exporter(
    format="clips",
    label="clips.jsonl and Croissant",
    description=gettext_noop(
        "All that is known of each clip in one file, with Croissant metadata."
    ),
    usage=(
        "import mlcroissant as mlc\n"
        'clips = mlc.Dataset(jsonld="croissant.json").records("clips")\n'
        "print(next(iter(clips)))"
    ),
    texts=texts,
    shard=clip_files(master_file),
)
