"""Files that are read ahead: in any order the right ones, and nothing that was taken back."""

from __future__ import annotations

import random
import uuid
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collector.storage import ahead as files
from collector.storage import audio_store, original_key
from collector.storage.ahead import FilesAhead
from collector.vault import ahead as keys
from collector.vault import destroy_key

NUM_FILES = 60


@pytest.fixture(params=[False, True], ids=["near", "far"])
def voices(
    db: None, settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request
) -> dict[str, bytes]:
    """What lies in the storage, by its key there; as if it were a folder, and a bucket."""
    monkeypatch.setattr(audio_store().inner, "is_far", request.param, raising=False)
    settings.SITE_KEYS_DIR = tmp_path / "keys"
    monkeypatch.setattr(audio_store().inner, "root", tmp_path / "audio")
    # A busy machine must not make them old.
    monkeypatch.setattr(keys, "LONGEST_S", 60)
    monkeypatch.setattr(files, "LONGEST_S", 60)
    made = {original_key(uuid.uuid4(), "a" * 64): f"voice {n}".encode() for n in range(NUM_FILES)}
    for name, data in made.items():
        audio_store().put(name, data)
    return made


def clip_of(name: str) -> uuid.UUID:
    return uuid.UUID(name.split("/")[2])


def test_all_that_is_expected_comes_with_one_query(voices: dict[str, bytes]):
    reader = FilesAhead()
    reader.expect(list(voices))
    with CaptureQueriesContext(connection) as queries:
        assert [reader.get(name) for name in voices] == list(voices.values())
    assert len(queries) == 1


@pytest.mark.parametrize("seed", range(3))
def test_any_order_repeats_and_the_unexpected_are_right_too(voices: dict[str, bytes], seed: int):
    names, chance = list(voices), random.Random(seed)
    reader = FilesAhead()
    reader.expect(names[:40])
    asked = chance.choices(names, k=50) + names[10:30] + [names[-1]] * 2
    for name in asked:
        assert reader.get(name) == voices[name]
    reader.expect(names[40:])
    assert [reader.get(name) for name in names[38:]] == list(voices.values())[38:]


def test_what_is_gone_is_said_to_who_asks_for_it_alone(voices: dict[str, bytes]):
    names = list(voices)
    destroy_key(clip_of(names[3]))
    audio_store().delete(names[5])
    reader = FilesAhead()
    reader.expect(names)
    for position, name in enumerate(names):
        if position in (3, 5):
            with pytest.raises(FileNotFoundError):
                reader.get(name)
        else:
            assert reader.get(name) == voices[name]


def test_a_withdrawal_stops_a_slow_reader(
    voices: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
):
    names, reader = list(voices), FilesAhead()
    reader.expect(names)
    assert reader.get(names[0]) == voices[names[0]]
    destroy_key(clip_of(names[2]))
    for module in (keys, files):
        monkeypatch.setattr(module, "LONGEST_S", -1.0)  # as if that time had passed
    assert reader.get(names[1]) == voices[names[1]]
    with pytest.raises(FileNotFoundError):
        reader.get(names[2])
