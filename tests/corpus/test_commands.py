"""``manage.py release`` and ``export``: JSON out, and exit codes that scripts can rely on."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from collector.access import Actor
from collector.models import Campaign
from corpus.models import Release
from corpus.services import withdraw
from tests.corpus.rows import accepted_row, join
from tests.people import Person
from tests.pipeline import accepted


def run(*words: str) -> Any:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return json.loads(out.getvalue())


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[Any, Any]:
    with pytest.raises(SystemExit) as left:
        call_command(*words, stdout=io.StringIO())
    return left.value.code, json.loads(capsys.readouterr().err or "null")


@pytest.fixture
def by(curator: Person, campaign: Campaign) -> tuple[str, str]:
    for n in range(4):
        accepted_row(join(campaign, n), "yes")
    assert curator.user is not None
    return "--by", curator.user.email


def test_a_release_is_previewed_cut_listed_and_compared(by: tuple[str, str]):
    recipe = '{"clips_per_prompt_max": 3}'
    shown = run("release", "preview", "words", *by, "--recipe", recipe)
    assert (shown["total"]["clips"], Release.objects.count()) == (3, 0)
    cut = run("release", "cut", "words", *by, "--recipe", recipe)
    assert (cut["name"], cut["clips"], cut["recipe"]["clips_per_prompt_max"]) == ("words:1", 3, 3)
    assert run("release", "list", "words") == [cut]
    clip = Release.objects.get().entries.first().clip  # type: ignore[union-attr]
    withdraw(Actor(speaker=clip.participation.speaker), clip.pk)
    assert run("release", "delta", "words:1@0", "words:1")["went"] == [str(clip.pk)]


def test_refusals_have_a_code_and_an_exit_status(
    by: tuple[str, str], reviewer: Person, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    bad = tmp_path / "recipe.json"
    bad.write_text('{"match_min": 2, "colour": "red"}', "utf-8")
    status, said = refused(capsys, "release", "cut", "words", *by, "--recipe", f"@{bad}")
    assert (status, said["code"], list(said["fields"])) == (3, "recipe_invalid", ["colour"])
    assert reviewer.user is not None
    status, said = refused(capsys, "release", "cut", "words", "--by", reviewer.user.email)
    assert (status, said["code"]) == (3, "role_missing")
    for words in (("release", "list", "nowhere"), ("release", "delta", "words:1", "words:x"),
                  ("export", "words:7", "nemo", "-o", "-")):  # fmt: skip
        status, said = refused(capsys, *words)
        assert (status, said["code"]) == (3, "not_found")
    recipe = '{"split_rule": "fixed", "testing_speakers": ["ffffffff"]}'
    status, _ = refused(capsys, "release", "preview", "words", *by, "--recipe", recipe)
    assert status == 4


def test_an_export_is_what_the_site_sends(
    speaker: Person, reviewer: Person, second_reviewer: Person, curator: Person, researcher: Person,
    campaign: Campaign, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes],
):  # fmt: skip
    accepted(speaker, campaign, "yes", (reviewer, second_reviewer))
    assert curator.user is not None
    release = run("release", "cut", "words", "--by", curator.user.email)
    path = f"releases/{release['id']}/exports/clips"
    sent = b"".join(researcher.get(path))
    written = run("export", "words:1", "clips", "-o", str(tmp_path))
    assert written["num_bytes"] == len(sent)
    assert Path(written["path"]).read_bytes() == sent
    assert [file.name for file in tmp_path.iterdir()] == ["words-1.0-clips.tar"]
    part = b"".join(researcher.get(f"{path}/parts/texts"))
    call_command("export", "words:1", "clips", "--part", "texts", "-o", "-")
    sys.stdout.flush()
    assert capfdbinary.readouterr().out == part
