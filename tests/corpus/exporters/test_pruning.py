"""A withdrawal leaves all else as it was: the untouched shards are the same bytes."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.archive import Archive
from corpus.exporters import EXPORTERS, Contents, Shard
from tests.corpus.exporters.conftest import CLIPS, Shelf


def shards_of(shelf: Shelf, format_name: str, contents: Contents) -> dict[Shard, str]:
    """The hash of each shard's archive."""
    exporter = EXPORTERS[format_name]
    return {
        shard: hashlib.sha256(
            b"".join(
                Archive(
                    "x", lambda shard=shard: exporter.shard(contents, shard)  # type: ignore[misc]
                ).stream(shelf.read)
            )
        ).hexdigest()
        for shard in contents.shards
    }  # fmt: skip


@pytest.mark.parametrize("format_name", EXPORTERS)
@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(gone=st.sets(st.integers(0, len(CLIPS) - 1), min_size=1, max_size=3))
def test_only_the_shards_of_what_was_taken_back_change(
    shelf: Shelf, format_name: str, gone: set[int]
):
    left = [row for number, row in enumerate(shelf.rows) if number not in gone]
    touched = {(shelf.rows[n].split, shelf.rows[n].shard) for n in gone}
    before = shards_of(shelf, format_name, shelf.contents())
    after = shards_of(shelf, format_name, shelf.contents(left, revision=len(gone)))
    for shard, digest in before.items():
        if (shard.split, shard.index) not in touched:
            assert after[shard] == digest, shard.name


@pytest.mark.parametrize("format_name", EXPORTERS)
@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(gone=st.sets(st.integers(0, len(CLIPS) - 1), min_size=1, max_size=3))
def test_each_file_that_stays_in_a_touched_shard_stays_as_it_was(
    shelf: Shelf, format_name: str, gone: set[int]
):
    """Formats of one file for each clip lose files and change none."""
    left = [row for number, row in enumerate(shelf.rows) if number not in gone]
    exporter = EXPORTERS[format_name]

    def clip_files(contents: Contents) -> dict[str, bytes]:
        return {
            file.path: b"".join(file.chunks(shelf.read))
            for shard in contents.shards
            for file in exporter.shard(contents, shard)
            if file.num_bytes is not None
        }

    before, after = clip_files(shelf.contents()), clip_files(shelf.contents(left))
    assert set(after) <= set(before)
    assert all(before[path] == content for path, content in after.items())
    ids = {shelf.rows[number].clip_id for number in gone}
    assert not [path for path in after if any(clip_id in path for clip_id in ids)]
