"""The services and the cast of every test: a campaign, a speaker, reviewers, a curator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management.color import Style
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client
from moto.server import ThreadedMotoServer
from playwright.sync_api import Playwright, sync_playwright
from pytest_django import DjangoDbBlocker

from collector.access import OPERATOR
from collector.models import Campaign, CampaignStatus, Membership, PromptKind, Role, User
from collector.services import add_prompts, publish_consent_text
from config import embedded
from tests.people import Person
from validation.models import PolicyName, ReviewPolicy

AUDIO = Path(__file__).parent / "audio"
WORTH_TRUNCATING_NUM_BYTES = 500_000
CONSENT = "You lend your voice; it stays yours, and you can take it back at any time."


@pytest.fixture(scope="session")
def services(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Real PostgreSQL and Redis for the run; what they hold need not survive a loss of power."""
    with embedded.services(settings.VAR_DIR):
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("ALTER SYSTEM SET fsync = off")
            cursor.execute("SELECT pg_reload_conf()")
        connection.close()
        yield


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Nothing is dropped at the end: the whole server is the run's own, and goes with it."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(services: None) -> None:
    """The test database is made in the run's own PostgreSQL."""


def largest_num_bytes(tables: list[str]) -> int:
    """The size of the largest of these tables, with the places of rows that are gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(pg_relation_size(oid)) FROM pg_class WHERE relname = ANY(%s)", [tables]
        )
        return int(cursor.fetchone()[0])


@pytest.fixture(scope="session", autouse=True)
def emptied_between_tests() -> Iterator[None]:
    """Let the run empty tables that refuse it, after tests that commit: as a superuser may.

    By DELETE, which takes a twentieth of the time of TRUNCATE where few rows are. Like TRUNCATE,
    it waits for whoever writes at that moment, as nothing may be left of what they write. It leaves
    the rows' places, through which every later query would go: too many are truncated after all.
    """
    truncate = DatabaseOperations.sql_flush
    as_replica = "SET LOCAL session_replication_role = replica"

    def sql_flush(
        self: DatabaseOperations, style: Style, tables: list[str], **options: bool
    ) -> list[str]:
        if largest_num_bytes(tables) > WORTH_TRUNCATING_NUM_BYTES:
            return [as_replica, *truncate(self, style, tables, **options)]
        names = [self.quote_name(table) for table in tables]
        return [
            f"LOCK TABLE {', '.join(names)} IN EXCLUSIVE MODE",
            as_replica,
            "; ".join(f"DELETE FROM {name}" for name in names),
        ]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
        yield


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """An S3 server on this machine (moto); its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The S3 server, named in the environment as a cloud's would be."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    return s3_server


@pytest.fixture
def campaign(db: None) -> Campaign:
    """An open campaign with keywords, sentences and a text to agree to.

    Two agreeing votes decide in it, whatever the machine says, and no gold is mixed in: so a test
    says all that it hangs on. Those of the other policies set them.
    """
    made = Campaign.objects.create(
        slug="words", name="Words", description="Words.", language="en", status=CampaignStatus.OPEN
    )
    add_prompts(made, PromptKind.KEYWORD, ["yes", "no", "go", "stop", "help", "repeat", "start"])
    publish_consent_text(OPERATOR, made, CONSENT)
    ReviewPolicy.objects.create(
        campaign=made, name=PolicyName.TWO_VOTES, blind_share=0, gold_share=0
    )
    return made


@pytest.fixture
def speaker(campaign: Campaign) -> Person:
    """Somebody without an account who has agreed to the campaign's text."""
    person = Person(Client())
    person.consent(campaign)
    return person


@pytest.fixture
def stranger(db: None) -> Person:
    """Somebody with no rights at all."""
    return Person(Client())


def member(campaign: Campaign, name: str, role: Role) -> Person:
    """Somebody signed in, with a role."""
    user = User.objects.create_user(f"{name}@example.org")
    Membership.objects.create(user=user, campaign=campaign, role=role)
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return Person(client, user)


@pytest.fixture
def reviewer(campaign: Campaign) -> Person:
    """A reviewer of the campaign."""
    return member(campaign, "reviewer", Role.REVIEWER)


@pytest.fixture
def second_reviewer(campaign: Campaign) -> Person:
    """Another one."""
    return member(campaign, "second-reviewer", Role.REVIEWER)


@pytest.fixture
def curator(campaign: Campaign) -> Person:
    """The campaign's curator."""
    return member(campaign, "curator", Role.CURATOR)


@pytest.fixture
def researcher(campaign: Campaign) -> Person:
    """A researcher of the campaign."""
    return member(campaign, "researcher", Role.RESEARCHER)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One for the whole run: a second one in the same thread would not start."""
    with sync_playwright() as started:
        yield started


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what drives a browser try twice more, and what drives threads and workers once.

    A busy machine starves them now and then. What is broken fails each time; the report names what
    needed another try.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=2, reruns_delay=2))
        elif (database := item.get_closest_marker("django_db")) and database.kwargs:
            item.add_marker(pytest.mark.flaky(reruns=1, reruns_delay=2))
