"""The storage seam: a folder, and a real S3 protocol."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
import requests

from collector.errors import StorageFailed
from collector.storage import (
    AudioStore,
    BucketStore,
    FolderStore,
    clip_folder,
    clip_id_of,
    original_key,
)


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path, s3: str) -> AudioStore:
    """Each kind of store, empty."""
    if request.param == "folder":
        return FolderStore(tmp_path)
    bucket = f"choir-{uuid.uuid4()}"
    requests.put(f"{s3}/{bucket}", timeout=10).raise_for_status()
    return BucketStore(f"s3://{bucket}/site")


def test_what_is_put_is_there_and_what_is_erased_is_gone(store: AudioStore):
    one, other = uuid.uuid4(), uuid.uuid4()
    keys = [original_key(one, "a" * 64), original_key(one, "b" * 64), original_key(other, "a" * 64)]
    for key in keys:
        store.put(key, key.encode())
        store.put(key, key.encode())
    assert [store.get(key) for key in keys] == [key.encode() for key in keys]
    assert store.get_range(keys[0], 6, 4) == keys[0].encode()[6:10]
    assert store.keys(clip_folder(one)) == sorted(keys[:2])
    assert store.delete_folder(clip_folder(one)) == 2
    assert store.delete_folder(clip_folder(one)) == 0
    with pytest.raises(FileNotFoundError):
        store.get(keys[0])
    store.delete(keys[2])
    store.delete(keys[2])
    assert store.keys("clips") == []


def test_age_tells_what_is_old(store: AudioStore):
    key = original_key(uuid.uuid4(), "a" * 64)
    store.put(key, b"x")
    assert list(store.keys_older_than("clips", -5)) == [key]
    assert list(store.keys_older_than("clips", 3600)) == []


@pytest.mark.parametrize("key", ["clips/aa", "clips/aa/no-uuid/x", "other/aa/b/c", ""])
def test_a_key_outside_any_clips_folder_is_nobodys(key: str):
    assert clip_id_of(key) is None


def test_a_bucket_that_does_not_answer_is_a_clear_error(monkeypatch: pytest.MonkeyPatch):
    for name, value in {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    store = BucketStore("s3://nowhere")
    with pytest.raises(StorageFailed):
        store.put("clips/a", b"x")


def test_a_failed_put_leaves_nothing_under_the_key(tmp_path: Path):
    (tmp_path / "clips").write_text("in the way")
    with pytest.raises(StorageFailed):
        FolderStore(tmp_path).put("clips/aa/x", b"bytes")
    assert [p.name for p in tmp_path.iterdir()] == ["clips"]
