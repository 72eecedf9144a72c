"""What holds for the whole site: headers, errors, the documentation, who imports whom."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from openapi_spec_validator import validate

from collector.models import Campaign, EventKind
from config.pipeline import STARTS
from config.problems import all_errors
from tests.run import CHECKS

ROOT = Path(__file__).resolve().parents[2]


def test_imports_run_one_way_between_stages_and_inside_each():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_make_test_runs_every_file_of_tests_once():
    places = [ROOT / check[-1] for check in CHECKS.values() if "pytest" in check]
    for file in (ROOT / "tests").rglob("test_*.py"):
        assert [file.is_relative_to(place) for place in places].count(True) == 1, file


@pytest.mark.parametrize("package", ["collector.audio", "validation.scoring", "corpus.exporters"])
def test_pure_modules_know_no_database_and_no_web(package: str):
    folder = Path(importlib.import_module(package).__file__).parent
    wrong = re.compile(
        r"^(from|import) (rest_framework|django\.db(?!\.models import TextChoices)|"
        r"(collector|validation|corpus)\.(models|services|selectors|access))",
        re.M,
    )
    sources = {path.name: path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    assert sources
    assert [name for name, text in sources.items() if wrong.search(text)] == []


def test_the_policy_allows_nothing_inline(client: Client, campaign: Campaign):
    for path in ("/", "/c/words/", "/c/words/record/", "/me/clips/", "/api/docs/", "/nowhere/"):
        policy = client.get(path)["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/", "/c/words/", "/accounts/login/", "/nowhere/"])
def test_a_page_names_its_stylesheet_before_it_is_read(
    client: Client, campaign: Campaign, path: str
):
    response = client.get(path)
    (href,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', response.content.decode())
    assert response["Link"] == f"<{href}>; rel=preload; as=style"


@pytest.mark.parametrize(
    "path", ["/api/docs/", "/choir_sync.py", "/healthz", "/manifest.webmanifest"]
)
def test_what_does_not_use_it_does_not_name_it(client: Client, campaign: Campaign, path: str):
    response = client.get(path)
    assert (response.status_code, response.headers.get("Link")) == (200, None)


def test_no_page_has_anything_inline(client: Client, campaign: Campaign):
    paths = (
        "/",
        "/c/words/",
        "/c/words/record/",
        "/c/words/releases/",
        "/me/",
        "/me/about/",
        "/me/clips/",
        "/me/devices/",
        "/me/recover/",
        "/me/takeout/",
        "/accounts/login/",
        "/accounts/signup/",
        "/problems/",
        "/offline/",
        "/nowhere/",
    )
    for path in paths:
        html = client.get(path).content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>\s*\S", html), path
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", html), path


def test_cookies_are_for_the_server_only(client: Client, campaign: Campaign):
    client.get("/c/words/record/")
    text = client.get("/api/v1/campaigns/words").json()["consent"]
    body = {"version": text["version"], "sha256": text["sha256"], "adult": True}
    client.post("/api/v1/campaigns/words/consent", body, "application/json")
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/nowhere", 404, "not_found"),
        ("/api/v1/campaigns/nothing", 404, "not_found"),
        ("/api/v1/speakers/recover", 405, "method_not_allowed"),
    ],
)
def test_errors_of_the_api_are_problem_details(client, db, path: str, status: int, code: str):
    response = client.get(path)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"].startswith("/problems/#")
    assert body["detail"]


def test_every_error_has_a_sentence_and_a_code_of_its_own(client: Client, db):
    errors = all_errors()
    codes = [error.code for error in errors]
    assert len(set(codes)) >= 15
    page = client.get("/problems/").content.decode()
    for error in errors:
        assert str(error.detail).endswith("."), error
        assert f'id="{error.code}"' in page


def test_the_schema_is_valid_and_names_every_address(client: Client, db):
    schema = yaml.safe_load(client.get("/api/schema/").content)
    validate(schema)
    documented = {re.sub(r"{\w+}", "*", path) for path in schema["paths"]}
    assert documented == {re.sub(r"<[^>]+>", "*", path) for path in _api_paths()}
    operations = [op for path in schema["paths"].values() for op in path.values()]
    assert all(op.get("summary") for op in operations)


def _api_paths() -> set[str]:
    def walk(patterns, prefix):
        for entry in patterns:
            path = prefix + str(entry.pattern)
            if isinstance(entry, URLResolver):
                yield from walk(entry.url_patterns, path)
            elif isinstance(entry, URLPattern):
                yield path

    return {path for path in walk(get_resolver().url_patterns, "/") if path.startswith("/api/v1/")}


def test_the_schema_is_made_without_a_warning():
    command = [sys.executable, "manage.py", "spectacular", "--validate", "--fail-on-warn"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_event_that_starts_something_is_a_known_fact():
    assert set(STARTS) <= set(EventKind)


def test_migrations_are_complete_and_named():
    command = [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [p for p in ROOT.glob("*/migrations/*.py") if "_auto_" in p.name] == []


def test_every_setting_from_the_environment_is_documented():
    source = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    names = set(re.findall(r"env\.\w+\(\s*\"(\w+)\"", source))
    documented = (ROOT / "deploy" / "env.example").read_text(encoding="utf-8")
    assert len(names) > 10
    assert [name for name in sorted(names) if f"{name}=" not in documented] == []


def test_health_says_that_the_database_answers(client: Client, db):
    assert client.get("/healthz").json()["status"] == "ok"
    assert settings.DEBUG is False
