"""Who is limited: not the neighbours of whoever tries passwords, and nobody while Redis is down."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.core.cache.backends.redis import RedisCacheClient
from django.test import Client
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from rest_framework.throttling import SimpleRateThrottle

from collector.models import Campaign, User
from tests.people import Person

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "a voice of my own 7"
PROXY = "172.18.0.5"


@pytest.fixture(autouse=True)
def nothing_counted(services: None) -> Iterator[None]:
    """The cache as it is at first, and again for those who come after."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """No test waits for a hash that is slow on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def ann(db: None) -> User:
    """Somebody with a password and a confirmed address."""
    user = User.objects.create_user("ann@example.org", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def no_redis() -> Iterator[None]:
    """A Redis that refuses every connection."""

    def refuse(*_: object, **__: object) -> None:
        raise RedisConnectionError("refused")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RedisCacheClient, "get_client", refuse)
        yield


def sign_in(email: str, password: str, forwarded_for: str) -> int:
    """Try it from behind the proxy; 302 in, 200 wrong, 429 limited."""
    form = {"login": email, "password": password}
    answer = Client(REMOTE_ADDR=PROXY).post(
        "/accounts/login/", form, headers={"X-Forwarded-For": forwarded_for}
    )
    # Allauth tells of too many failures in its form, and of too many tries by the status.
    return 429 if b"Too many" in answer.content else answer.status_code


@pytest.mark.parametrize(("behind_proxy", "count"), [("true", 1), ("false", 0)])
def test_the_setting_says_for_all_limits_whose_address_counts(behind_proxy: str, count: int):
    script = (
        "import config.settings as s;"
        "print(s.ALLAUTH_TRUSTED_PROXY_COUNT, s.REST_FRAMEWORK['NUM_PROXIES'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "BEHIND_PROXY": behind_proxy},
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == [str(count)] * 2, done.stderr


def test_behind_the_proxy_who_tries_passwords_locks_out_nobody_else(ann: User, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    tries = [sign_in(f"x{n}@example.org", "wrong", "6.6.6.6") for n in range(35)]
    assert tries[0] == 200 and tries[-1] == 429
    assert sign_in(ann.email, PASSWORD, "1.2.3.4") == 302
    forged = sign_in(ann.email, PASSWORD, "1.2.3.4, 6.6.6.6")
    assert forged == 429, "what the proxy itself wrote counts, not what stood there before"


def test_without_a_proxy_a_forged_header_helps_nobody(db: None):
    tries = [sign_in(f"x{n}@example.org", "wrong", f"6.6.6.{n}") for n in range(35)]
    assert tries[0] == 200 and tries[-1] == 429


def test_the_administration_is_entered_by_the_limited_door_and_by_staff_only(ann: User):
    client = Client()
    form = {"username": ann.email, "password": PASSWORD}
    door = client.post("/admin/login/?next=/admin/collector/", form)
    assert door.url == "/accounts/login/?next=%2Fadmin%2Fcollector%2F"
    assert "_auth_user_id" not in client.session
    client.force_login(ann, "django.contrib.auth.backends.ModelBackend")
    assert client.get("/admin/", follow=True).status_code == 403
    User.objects.filter(pk=ann.pk).update(is_staff=True)
    assert client.get("/admin/").status_code == 200


def test_an_operator_made_on_the_command_line_needs_no_mail_to_sign_in(db: None):
    operator = User.objects.create_superuser("root@example.org", PASSWORD)
    client = Client()
    form = {"login": operator.email, "password": PASSWORD}
    assert client.post("/accounts/login/?next=/admin/", form).url == "/admin/"
    assert client.get("/admin/").status_code == 200


@pytest.fixture
def three_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two reports an hour for each session, three for each address."""
    rates = SimpleRateThrottle.THROTTLE_RATES | {"reports": "2/hour", "reports-address": "3/hour"}
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", rates)


def report(person: Person, campaign: Campaign, *texts: str) -> list[int]:
    prompts = [campaign.prompts.get(text=text) for text in texts]
    paths = [f"prompts/{prompt.pk}/report" for prompt in prompts]
    return [person.post(path, {"reason": "other"}).status_code for path in paths]


def newcomer(campaign: Campaign, address: str) -> Person:
    person = Person(Client(REMOTE_ADDR=address))
    person.consent(campaign)
    return person


@pytest.mark.parametrize(
    ("first", "second", "elsewhere"),
    [("9.9.9.9", "9.9.9.9", "9.9.9.8"), ("2001:db8::1", "2001:db8::2:1", "2001:db8:0:1::1")],
)
def test_a_new_session_does_not_begin_to_count_anew(
    campaign: Campaign, three_reports: None, first: str, second: str, elsewhere: str
):
    assert report(newcomer(campaign, first), campaign, "yes", "no", "go") == [204, 204, 429]
    assert report(newcomer(campaign, second), campaign, "go", "stop") == [204, 429]
    assert report(newcomer(campaign, elsewhere), campaign, "stop") == [204]


def test_who_has_an_account_is_no_part_of_their_address(
    reviewer: Person, campaign: Campaign, three_reports: None
):
    report(newcomer(campaign, "127.0.0.1"), campaign, "yes", "no")
    report(newcomer(campaign, "127.0.0.1"), campaign, "go", "stop")
    reviewer.consent(campaign)
    assert report(reviewer, campaign, "help", "repeat", "start") == [204, 204, 429]


def test_without_redis_people_sign_in_and_lend_and_the_log_says_why(
    ann: User, campaign: Campaign, no_redis: None, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.WARNING, "config.cache"):
        assert sign_in(ann.email, PASSWORD, "1.2.3.4") == 302
    assert "Redis does not answer" in caplog.text
    person = Person(Client())
    assert person.consent(campaign).status_code == 201
    assert person.lend(campaign, "yes")


def test_without_redis_nothing_claims_to_be_forgotten(no_redis: None):
    with pytest.raises(RedisError):
        cache.delete_many(["voice"])
