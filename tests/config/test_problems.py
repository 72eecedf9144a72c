"""What somebody is told who is not answered: problems for programs, pages for people."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from rest_framework.exceptions import APIException

from collector.models import Campaign
from config.problems import OF_THE_PLATFORM
from tests.people import Person

CONFIG = Path(__file__).resolve().parents[2] / "config"
RECOVER = "/api/v1/speakers/recover"
JSON = "application/json"
GERMAN = {"Accept-Language": "de"}
TOO_LONG = json.dumps({"recovery_phrase": "a" * 3_000_000})
DIGITS = "9" * 5_000


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """No test waits for a hash that is slow on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def explained_codes() -> set[str]:
    page = Client().get("/problems/").content.decode()
    return set(re.findall(r'<dt id="(\w+)">', page))


def codes_in_the_source() -> set[str]:
    """Every code that the one handler, and who proves who one is, name themselves."""
    names = ("exceptions.py", "authentication.py")
    source = "".join((CONFIG / name).read_text(encoding="utf-8") for name in names)
    named = re.findall(r'(?:\d{3}, |\d{3}: |code=)"(\w+)"', source)
    assert len(named) > 5
    return set(named)


def codes_of_the_framework() -> set[str]:
    return {error.default_code for error in (APIException, *APIException.__subclasses__())}


def test_every_code_that_is_answered_is_explained(db: None):
    emitted = codes_in_the_source() | codes_of_the_framework()
    assert {"invalid", "csrf_failed", "throttled", "server_error"} <= emitted
    assert emitted - explained_codes() == set()


def test_every_explanation_says_what_to_do():
    for each in OF_THE_PLATFORM:
        assert re.fullmatch(r".+[.;] .+\.", str(each.detail)), each.code


@pytest.mark.parametrize(
    ("ask", "status", "code"),
    [
        (lambda client: client.post(RECOVER, {}, JSON), 400, "invalid"),
        (lambda client: client.post(RECOVER, "{", JSON), 400, "parse_error"),
        (lambda client: client.delete(RECOVER), 405, "method_not_allowed"),
        (lambda client: client.post(RECOVER, "x", "text/plain"), 415, "unsupported_media_type"),
        (
            lambda client: client.get("/api/v1/clips", headers={"Accept": "application/xml"}),
            406,
            "not_acceptable",
        ),
        (lambda client: client.get("/api/v1/clips", headers={"Host": "evil"}), 400, "bad_request"),
        (lambda client: client.post(RECOVER, TOO_LONG, JSON), 413, "too_large"),
        (
            lambda client: Client(enforce_csrf_checks=True).post(RECOVER, {}, JSON),
            403,
            "csrf_failed",
        ),
    ],
)
def test_what_the_platform_refuses_is_a_problem_too(
    client: Client, db: None, ask: Any, status: int, code: str
):
    response = ask(client)
    assert (response.status_code, response.headers["Content-Type"]) == (
        status,
        "application/problem+json",
    )
    body = json.loads(response.content)
    assert (body["status"], body["code"]) == (status, code)
    assert body["code"] in explained_codes()


def test_too_long_a_body_is_no_recording_and_is_answered_in_the_reader_s_language(
    client: Client, db: None
):
    answer = client.post(RECOVER, TOO_LONG, JSON, headers=GERMAN)
    assert "Aufnahme" not in answer.json()["detail"]
    assert "größer" in answer.json()["detail"]


def page(response: HttpResponse) -> str:
    """The page's text; it is one of ours."""
    html = response.content.decode()
    assert 'class="site-header"' in html
    return html


def test_a_page_for_what_cannot_be_read_is_calm_and_translated(client: Client, db: None):
    wrong = client.get("/", headers={"Host": "evil.example", **GERMAN})
    assert wrong.status_code == 400
    assert "Das hat nicht geklappt" in page(wrong)
    long = client.post("/accounts/login/", {"login": "a" * 3_000_000}, headers=GERMAN)
    assert long.status_code == 413
    form = "login=" + "a" * 3_000_000
    long = client.post("/accounts/login/", form, "application/x-www-form-urlencoded")
    assert long.status_code == 413
    assert "larger than this site takes" in page(long)


def test_a_page_for_who_tries_too_often_is_ours(client: Client, db: None):
    for number in range(31):
        form = {"login": f"x{number}@example.org", "password": "wrong"}
        answer = client.post("/accounts/login/", form, REMOTE_ADDR="7.7.7.7", headers=GERMAN)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert "Das war zu oft" in page(answer)


def test_numbers_of_thousands_of_digits_are_nobody_s(
    speaker: Person, curator: Person, campaign: Campaign
):
    clip = speaker.lend(campaign, "yes")
    whole = speaker.get(f"clips/{clip.pk}/audio", Range=f"bytes={DIGITS}-")
    assert whole.status_code == 200
    asked = {"part": DIGITS, "do": "agree"}
    assert speaker.client.post("/me/consent/", asked).status_code == 404
    people = f"/c/{campaign.slug}/people/"
    remove = {"action": "remove", "member": DIGITS, "sure": "yes"}
    told = curator.client.post(people, remove, follow=True)
    assert "There is nothing here" in told.content.decode()
    reviewers = f"/c/{campaign.slug}/reviewers/"
    told = curator.client.post(reviewers, {"action": "pause", "reviewer": DIGITS}, follow=True)
    assert "There is nothing here" in told.content.decode()
