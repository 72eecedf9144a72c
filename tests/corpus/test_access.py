"""Who may read and fetch a release: terms, tokens, public ones, and every refusal."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from rest_framework.throttling import ScopedRateThrottle

from collector.access import Actor
from collector.models import Campaign
from corpus.models import AccessToken, Download, Release, TermsSignature
from corpus.selectors import delta
from corpus.services import withdraw
from tests.corpus.rows import accepted_row, join
from tests.people import Person


@pytest.fixture
def release(curator: Person, campaign: Campaign) -> Release:
    """Three clips of three speakers."""
    for n in range(3):
        accepted_row(join(campaign, n), "yes")
    assert curator.post(f"campaigns/{campaign.slug}/releases").status_code == 201
    return Release.objects.get()


def texts(release: Release) -> str:
    return f"releases/{release.pk}/exports/clips/parts/texts"


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def publish(curator: Person, campaign: Campaign, body: str) -> dict[str, Any]:
    response: Any = curator.post(f"campaigns/{campaign.slug}/terms", {"body": body})
    assert response.status_code == 201, response.content
    terms: dict[str, Any] = response.json()
    return terms


def sign(person: Person, campaign: Campaign, terms: dict[str, Any]) -> Any:
    said = {name: terms[name] for name in ("version", "sha256")}
    return person.post(f"campaigns/{campaign.slug}/terms/sign", said)


def test_nothing_is_fetched_before_the_present_terms_are_signed(
    curator: Person, researcher: Person, campaign: Campaign, release: Release
):
    path = f"campaigns/{campaign.slug}/terms"
    assert code(researcher.get(path)) == (404, "terms_missing")
    assert researcher.get(texts(release)).status_code == 200, "no terms, nothing to sign"
    first = publish(curator, campaign, "Identify nobody.")
    assert code(researcher.get(texts(release))) == (403, "terms_unsigned")
    assert researcher.get(path).json()["signed"] is False  # type: ignore[attr-defined]
    assert sign(researcher, campaign, first).status_code == 201
    assert sign(researcher, campaign, first).status_code == 200
    assert researcher.get(path).json()["signed"] is True  # type: ignore[attr-defined]
    assert researcher.get(texts(release)).status_code == 200
    signature = TermsSignature.objects.get()
    assert (signature.user, signature.sha256) == (researcher.user, first["sha256"])
    second = publish(curator, campaign, "Identify nobody, and keep up to date.")
    assert second["version"] == 2
    assert code(researcher.get(texts(release))) == (403, "terms_unsigned")
    assert code(sign(researcher, campaign, first)) == (409, "terms_changed")
    assert sign(researcher, campaign, second).status_code == 201
    assert researcher.get(texts(release)).status_code == 200


def test_signing_needs_an_account_and_publishing_a_curator(
    curator: Person, researcher: Person, stranger: Person, campaign: Campaign
):
    terms = publish(curator, campaign, "Identify nobody.")
    assert code(sign(stranger, campaign, terms)) == (403, "account_missing")
    refused = researcher.post(f"campaigns/{campaign.slug}/terms", {"body": "None."})
    assert code(refused) == (403, "role_missing")


def token_of(person: Person, **given: Any) -> str:
    response: Any = person.post("tokens", {"label": "laptop", **given})
    assert response.status_code == 201, response.content
    assert response["Cache-Control"] == "no-store"
    text: str = response.json()["token"]
    return text


def with_token(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


def test_a_token_reads_releases_in_its_owners_name_and_is_kept_as_a_hash(
    researcher: Person, stranger: Person, campaign: Campaign, release: Release
):
    text = token_of(researcher)
    assert text not in str(AccessToken.objects.values().get())
    assert "token" not in researcher.get("tokens").json()[0]  # type: ignore[attr-defined]
    for path in (texts(release), f"releases/{release.pk}", f"releases/{release.pk}/delta",
                 f"releases/{release.pk}/exports/clips/parts"):  # fmt: skip
        assert stranger.get(path, **with_token(text)).status_code == 200, path
    assert Download.objects.get().user == researcher.user
    assert AccessToken.objects.get().last_used_at is not None


def test_a_token_is_good_for_nothing_else(
    curator: Person, stranger: Person, campaign: Campaign, release: Release
):
    text = token_of(curator)
    cut: Any = stranger.client.post(
        f"/api/v1/campaigns/{campaign.slug}/releases", {}, "application/json",
        headers=with_token(text),
    )  # fmt: skip
    assert code(cut) == (403, "token_only_reads")
    assert Release.objects.count() == 1
    assert code(stranger.get("tokens", **with_token(text))) == (403, "account_missing")


def test_unknown_revoked_and_expired_tokens_open_nothing(
    researcher: Person, second_reviewer: Person, stranger: Person, release: Release
):
    path = texts(release)
    unknown = stranger.get(path, **with_token("choir_nothing"))
    assert code(unknown) == (401, "token_invalid")
    text = token_of(researcher, days=1)
    token = AccessToken.objects.get()
    not_mine: Any = second_reviewer.client.delete(f"/api/v1/tokens/{token.pk}")
    assert code(not_mine) == (404, "not_found")
    AccessToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert code(stranger.get(path, **with_token(text))) == (401, "token_invalid")
    AccessToken.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert stranger.get(path, **with_token(text)).status_code == 200
    for _ in range(2):
        assert researcher.client.delete(f"/api/v1/tokens/{token.pk}").status_code == 204
    assert code(stranger.get(path, **with_token(text))) == (401, "token_invalid")
    assert code(researcher.get(path, **with_token(text))) == (401, "token_invalid")


def test_a_token_has_the_roles_of_its_owner_and_no_more(
    reviewer: Person, stranger: Person, release: Release
):
    refused = stranger.get(texts(release), **with_token(token_of(reviewer)))
    assert code(refused) == (403, "role_missing")


def test_a_public_release_needs_no_account_and_follows_withdrawals(
    curator: Person, researcher: Person, stranger: Person, campaign: Campaign, release: Release
):
    publish(curator, campaign, "Identify nobody.")
    assert code(stranger.get(texts(release))) == (403, "role_missing")
    path = f"/api/v1/releases/{release.pk}"
    refused: Any = researcher.client.patch(path, {"is_public": True}, "application/json")
    assert code(refused) == (403, "role_missing")
    opened: Any = curator.client.patch(path, {"is_public": True}, "application/json")
    assert (opened.status_code, opened.json()["is_public"]) == (200, True)
    before = b"".join(stranger.get(texts(release)))
    clip = release.entries.first().clip  # type: ignore[union-attr]
    withdraw(Actor(speaker=clip.participation.speaker), clip.pk)
    after = b"".join(stranger.get(texts(release)))
    assert str(clip.pk).encode() in before
    assert str(clip.pk).encode() not in after
    assert [(d.user, d.revision) for d in Download.objects.order_by("at")] == [(None, 0), (None, 1)]


def test_downloads_are_limited(
    researcher: Person, release: Release, monkeypatch: pytest.MonkeyPatch
):
    cache.clear()
    rates = {**ScopedRateThrottle.THROTTLE_RATES, "downloads": "2/min"}
    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", rates)
    for _ in range(2):
        assert researcher.get(texts(release)).status_code == 200
    limited = researcher.get(texts(release))
    assert limited.status_code == 429
    assert int(limited["Retry-After"]) > 0
    cache.clear()


def test_the_page_makes_a_token_shows_it_once_and_revokes_it(researcher: Person):
    page = "/me/tokens/"
    assert Client().get(page).status_code == 302, "somebody without an account signs in first"
    made = researcher.client.post(page, {"make": "1", "label": "laptop", "days": "30"})
    assert (made.status_code, made.headers["Location"]) == (302, page), "a reload makes no other"
    shown = researcher.client.get(page)
    assert "choir_" in shown.content.decode()
    assert shown["Cache-Control"].startswith("max-age=0")
    assert "choir_" not in str(dict(researcher.client.session)), "and it is kept nowhere"
    again = researcher.client.get(page).content.decode()
    assert "laptop" in again
    assert "choir_" not in again
    token = AccessToken.objects.get()
    assert (
        "Revoked"
        in researcher.client.post(page, {"revoke": token.pk}, follow=True).content.decode()
    )
    assert researcher.client.post(page, {"revoke": uuid.uuid4()}).status_code == 404
    assert researcher.client.post(page, {"revoke": "?"}).status_code == 404


def test_a_delta_says_what_came_went_and_changed(
    curator: Person, researcher: Person, campaign: Campaign, release: Release
):
    path = f"releases/{release.pk}/delta"
    gone = release.entries.order_by("clip_id")[0].clip
    withdraw(Actor(speaker=gone.participation.speaker), gone.pk)
    since: Any = researcher.get(f"{path}?revision=0")
    assert since.json() == {"came": [], "went": [str(gone.pk)], "changed": []}
    now: Any = researcher.get(path)
    assert now.json() == {"came": [], "went": [], "changed": []}
    assert code(researcher.get(f"{path}?revision=9")) == (404, "revision_unknown")
    fresh = accepted_row(join(campaign, 9), "no")
    curator.post(f"campaigns/{campaign.slug}/releases")
    newer = Release.objects.get(version=2)
    query = f"releases/{newer.pk}/delta?release={release.pk}&revision=0"
    both: Any = researcher.get(query)
    assert both.json() == {"came": [str(fresh.pk)], "went": [str(gone.pk)], "changed": []}


def test_releases_of_two_campaigns_are_not_compared(
    researcher: Person, campaign: Campaign, release: Release
):
    other = Campaign.objects.create(slug="o", name="O", description="-", language="de",
                                    status="open")  # fmt: skip
    foreign = Release.objects.create(
        campaign=other, version=1, validation_percent=10, testing_percent=10, licence="CC0-1.0"
    )
    query = f"releases/{foreign.pk}/delta?release={release.pk}"
    assert code(researcher.get(query)) == (422, "releases_unrelated")
    assert delta(foreign, foreign) == {"came": [], "went": [], "changed": []}
