"""choir_sync and a running site: fetching, following and attesting over HTTP."""

from __future__ import annotations

import ast
import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from clients import choir_sync
from collector.access import Actor
from collector.storage import audio_store, master_key
from corpus.exporters import EXPORTERS
from corpus.models import Attestation, Release, RevocationKey
from corpus.revocations import keys
from corpus.scopes import EVERYTHING
from corpus.selectors import attestations_of
from corpus.services import (
    make_token,
    place_hold,
    publish_revocations,
    rotate_key,
    withdraw_all,
)
from tests.corpus.sync.conftest import Place, tree_of
from tests.people import Person


class Killed(BaseException):
    """As if the machine had lost its power."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, str]]]:
    """What is asked of the site from now on: addresses and headers."""
    asked: list[tuple[str, dict[str, str]]] = []
    really = choir_sync.Site.ask

    def ask(site: Any, path: str, body: Any = None, **headers: str) -> Any:
        asked.append((path, dict(headers)))
        return really(site, path, body, **headers)

    monkeypatch.setattr(choir_sync.Site, "ask", ask)
    return asked


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network that breaks the first three downloads off after their first piece."""
    really, broken = choir_sync._next_chunk, []
    monkeypatch.setattr(choir_sync, "CHUNK", 5_000)

    def next_chunk(answer: Any) -> bytes:
        if any(answer is each for each in broken):
            return b""
        if len(broken) < 3:
            broken.append(answer)
        return really(answer)

    monkeypatch.setattr(choir_sync, "_next_chunk", next_chunk)


def test_a_copy_is_fetched_kept_up_to_date_and_attested(
    live_server: LiveServer, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    asked: list[tuple[str, dict[str, str]]], breaking: None, capsys: pytest.CaptureFixture[str],
):  # fmt: skip
    _, token = make_token(Actor(user=place.researcher.user), "sync", 30)
    monkeypatch.setenv("CHOIR_TOKEN", token)
    copy, release = tmp_path / "copy", place.release
    publish_revocations()

    def run(verb: str, *options: str) -> int:
        return choir_sync.main([verb, *options, str(copy)])

    which = ["--site", live_server.url, "--release", str(release.pk), "--format", "nemo"]
    assert run("fetch", *which, "--jobs", "2") == 0
    assert tree_of(copy) == tree_of(place.copy("nemo", "whole"))
    resumed = [headers for _, headers in asked if "Range" in headers]
    assert resumed and all(headers["If-Range"] for headers in resumed)
    assert [run("verify"), run("check")] == [0, 0]

    # Taken back: the list says so, and what prune leaves is what the site gives.
    place.take_back(0, 5)
    publish_revocations()
    assert run("attest") == choir_sync.Found.code
    assert [run("check"), run("prune", "--yes"), run("check")] == [choir_sync.Found.code, 0, 0]
    assert tree_of(copy) == tree_of(place.copy("nemo", "fresh"))
    assert run("attest") == 0
    attested = Attestation.objects.get()
    assert (attested.user, attested.revision, attested.num_removed) == (
        place.researcher.user, place.release.revision, 2,
    )  # fmt: skip
    assert attestations_of([place.clips[0].pk]).get() == attested

    # The next month: only the parts that changed are fetched, with a new key and list.
    split = place.release.entries.get(clip=place.clips[6]).split
    place.take_back(6)
    rotate_key(lambda key: monkeypatch.setattr("corpus.services.revocations._own_key", lambda: key))
    publish_revocations()
    assert run("fetch") == 0
    asked.clear()
    place.take_back(7)
    publish_revocations()
    assert run("fetch") == 0
    changed = place.release.entries.get(clip=place.clips[7]).split
    parts = {path.rsplit("/", 1)[-1] for path, _ in asked if "/parts/" in path}
    assert parts == {"texts", f"{changed}-00000"}, f"of {split} and others nothing"
    assert tree_of(copy) == tree_of(place.copy("nemo", "later"))
    assert [run("check"), run("verify"), run("status")] == [0, 0, 0]
    assert str(release.pk) in capsys.readouterr().out
    newest = RevocationKey.objects.order_by("-pk").first()
    assert newest is not None
    assert newest.public_key in (copy / ".choir-sync" / "state.json").read_text()


@pytest.mark.parametrize("format_name", EXPORTERS)
def test_what_prune_has_made_right_is_not_fetched_again(
    live_server: LiveServer, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    asked: list[tuple[str, dict[str, str]]], format_name: str,
):  # fmt: skip
    _, token = make_token(Actor(user=place.researcher.user), "sync", 30)
    monkeypatch.setenv("CHOIR_TOKEN", token)
    copy = str(tmp_path / "copy")
    publish_revocations()
    which = ["--site", live_server.url, "--release", str(place.release.pk)]
    assert choir_sync.main(["fetch", *which, "--format", format_name, copy]) == 0
    for numbers in ((0, 5), (6,)):
        place.take_back(*numbers)
        publish_revocations()
        assert choir_sync.main(["prune", "--yes", copy]) == 0
        asked.clear()
        assert choir_sync.main(["fetch", copy]) == 0
        of_parts = [headers for path, headers in asked if "/parts/" in path]
        assert of_parts and all(headers.get("Range", "")[:7] == "bytes=-" for headers in of_parts)
        assert tree_of(Path(copy)) == tree_of(place.copy(format_name, f"fresh-{numbers[0]}"))
    asked.clear()
    assert choir_sync.main(["fetch", copy]) == 0
    assert not [path for path, _ in asked if "/parts/" in path]


def test_a_part_that_prune_left_otherwise_is_fetched(
    live_server: LiveServer, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    asked: list[tuple[str, dict[str, str]]],
):  # fmt: skip
    _, token = make_token(Actor(user=place.researcher.user), "sync", 30)
    monkeypatch.setenv("CHOIR_TOKEN", token)
    copy = tmp_path / "copy"
    publish_revocations()
    which = ["--site", live_server.url, "--release", str(place.release.pk), "--format", "nemo"]
    assert choir_sync.main(["fetch", *which, str(copy)]) == 0
    place.take_back(0)
    publish_revocations()
    assert choir_sync.main(["prune", "--yes", str(copy)]) == 0
    place.take_back(5)  # of which this copy knows nothing yet
    asked.clear()
    assert choir_sync.main(["fetch", str(copy)]) == 0
    whole = {path.rsplit("/", 1)[-1] for path, headers in asked
             if "/parts/" in path and not headers.get("Range")}  # fmt: skip
    split = place.release.entries.get(clip=place.clips[5]).split
    assert whole == {"texts", f"{split}-00000"}
    assert tree_of(copy) == tree_of(place.copy("nemo", "fresh"))


@pytest.fixture
def fetched(
    live_server: LiveServer, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., int]:
    """Runs a verb on a copy, ``copy`` unless another is named."""
    _, token = make_token(Actor(user=place.researcher.user), "sync", 30)
    monkeypatch.setenv("CHOIR_TOKEN", token)
    monkeypatch.setattr(os, "fsync", lambda _file: None)
    publish_revocations()
    which = ["--site", live_server.url, "--release", str(place.release.pk)]

    def run(verb: str, *options: str, to: str = "copy") -> int:
        first = [*which, "--format", "webdataset", "--jobs", "1"] if verb == "fetch" else []
        return choir_sync.main([verb, *first, *options, str(tmp_path / to)])

    return run


def test_a_fetch_killed_anywhere_brings_nothing_back_that_was_taken_back_since(
    fetched: Callable[..., int], place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Killed at each third step (CHOIR_EXAMPLES=3: at each) in a copy of its own, then clips are
    taken back, then it is fetched again."""
    stride = 1 if int(os.environ.get("CHOIR_EXAMPLES", "2")) > 2 else 3
    at, steps = 1 - stride, [0]

    def kill() -> None:
        steps[0] += 1
        if steps[0] == at:
            raise Killed

    monkeypatch.setattr(choir_sync, "step", kill)
    while steps[0] >= at:
        at, steps[0] = at + stride, 0
        with contextlib.suppress(Killed):
            fetched("fetch", to=f"copy-{at}")
    monkeypatch.setattr(choir_sync, "step", lambda: None)
    assert at > 30
    voices = [audio_store().get(master_key(c.pk, c.master_sha256)) for c in place.clips[:5]]
    place.take_back(0, 1, 2, 3, 4)
    publish_revocations()
    fresh = tree_of(place.copy("webdataset", "fresh"))
    for number in range(1, at, stride):
        copy = tmp_path / f"copy-{number}"
        if number % 2:
            assert fetched("prune", "--yes", to=copy.name) in (0, choir_sync.Unknown.code)
        assert fetched("fetch", to=copy.name) == 0
        assert tree_of(copy) == fresh, f"killed at step {number}"
        kept = [path.read_bytes() for path in copy.rglob("*") if path.is_file()]
        assert not any(voice in content for voice in voices for content in kept)
    assert [fetched("verify", to=copy.name), fetched("check", to=copy.name)] == [0, 0]


def test_a_site_that_went_back_in_time_gives_nothing(
    fetched: Callable[..., int], place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert fetched("fetch") == 0
    place.take_back(0)
    publish_revocations()
    assert [fetched("prune", "--yes"), fetched("fetch")] == [0, 0]
    before = tree_of(tmp_path / "copy")
    Release.objects.update(revision=0)  # as after the restore of an old backup
    assert fetched("fetch") == choir_sync.RolledBack.code
    # Nor is it given to somebody who is new, as the site's own list tells of the revision.
    monkeypatch.setattr(choir_sync.Site, "json", told_of_old(choir_sync.Site.json))
    assert fetched("fetch", to="new") == choir_sync.RolledBack.code
    assert tree_of(tmp_path / "copy") == before
    assert tree_of(tmp_path / "new") == {}


def told_of_old(really: Any) -> Any:
    """A site that tells of its releases as they were at first, and of all else truly."""

    def json_of(site: Any, path: str) -> Any:
        answer = really(site, path)
        return {**answer, "revision": 0} if "revision" in answer else answer

    return json_of


def test_what_a_hold_takes_out_is_said_though_no_list_tells_of_it(
    fetched: Callable[..., int], place: Place, curator: Person, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):  # fmt: skip
    assert fetched("fetch") == 0
    place_hold(Actor(user=curator.user), place.clips[0].pk, "An order of the court.")
    place.take_back(5)
    publish_revocations()
    assert [fetched("prune", "--yes"), fetched("check")] == [0, 0]
    assert capsys.readouterr().err.count("changed in other ways too: run fetch") == 2
    assert fetched("fetch") == 0
    assert tree_of(tmp_path / "copy") == tree_of(place.copy("webdataset", "fresh"))
    assert fetched("check") == 0
    assert "in other ways" not in capsys.readouterr().err


def test_what_verify_finds_damaged_fetch_brings_back(
    fetched: Callable[..., int], place: Place, tmp_path: Path
):
    assert fetched("fetch") == 0
    whole = tree_of(tmp_path / "copy")
    place.take_back(0)
    publish_revocations()
    assert fetched("prune", "--yes") == 0
    shards = sorted((tmp_path / "copy").rglob("*.tar"))
    shards[0].unlink()
    shards[-1].write_bytes(b"x")
    assert fetched("verify") == choir_sync.Damaged.code
    assert [fetched("fetch"), fetched("verify")] == [0, 0]
    assert tree_of(tmp_path / "copy") == tree_of(place.copy("webdataset", "fresh")) != whole


def test_of_those_who_fetched_only_those_count_who_say_so(
    fetched: Callable[..., int], place: Place, curator: Person
):
    assert fetched("fetch") == 0
    request = withdraw_all(Actor(speaker=place.clips[0].participation.speaker), EVERYTHING)
    newest = publish_revocations()
    assert newest is not None
    said = {
        "format": "nemo", "revision": 1, "num_removed": 0,
        "list_number": newest.number, "list_sha256": newest.sha256,
    }  # fmt: skip
    answer = curator.post(f"releases/{place.release.pk}/attestations", said)
    assert answer.status_code == 201, "it is written down, and counts for nobody"
    receipt = curator.client.get(f"/api/v1/withdrawals/{request.pk}").json()
    assert (receipt["fetched"]["num_people"], receipt["fetched"]["num_pruned"]) == (1, 0)
    assert [fetched("prune", "--yes"), fetched("attest")] == [0, 0]
    receipt = curator.client.get(f"/api/v1/withdrawals/{request.pk}").json()
    assert receipt["fetched"]["num_pruned"] == 1


def test_a_site_that_lost_its_lists_or_its_key_is_not_followed(
    live_server: LiveServer, place: Place, monkeypatch: pytest.MonkeyPatch
):
    copy = place.copy("kaldi", "copy")
    site = ["--site", live_server.url]
    publish_revocations()
    place.take_back(1)
    publish_revocations()
    assert choir_sync.main(["prune", "--yes", *site, str(copy)]) == 0
    really = choir_sync.Site.list
    monkeypatch.setattr(
        choir_sync.Site, "list", lambda self, _query, public: really(self, "?number=1", public)
    )
    assert choir_sync.main(["check", str(copy)]) == choir_sync.RolledBack.code
    other = keys.public_of(keys.make_key())
    monkeypatch.setattr(
        choir_sync.Site, "json", lambda *_: [{"public_key": other, "signature": ""}]
    )
    assert choir_sync.main(["check", str(copy)]) == choir_sync.KeyChanged.code
    gone = ["--site", "http://127.0.0.1:9"]
    monkeypatch.undo()
    monkeypatch.setattr(choir_sync.Site, "TRIES", 1)
    assert choir_sync.main(["check", *gone, str(copy)]) == choir_sync.Unreachable.code


def test_the_site_serves_the_program(client: Client, db: None):
    response: Any = client.get("/choir_sync.py")
    program = b"".join(response)
    assert response["Content-Type"].startswith("text/x-python")
    assert program == Path(choir_sync.__file__).read_bytes()
    assert b'# dependencies = ["cryptography"]' in program
    ast.parse(program, feature_version=(3, 9))  # researchers' machines are older than ours
