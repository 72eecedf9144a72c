"""A release's page: its figures, its words, what stands before a download, and its samples."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from collector.models import Campaign, Clip, ConsentEvent, Purpose
from corpus.exporters import EXPORTERS
from corpus.models import Release, TermsSignature
from corpus.services import count_figures, figures_of_release
from tests.corpus.rows import accepted_row, join
from tests.corpus.test_releases import cut
from tests.people import Person
from tests.pipeline import accepted


@pytest.fixture
def release(curator: Person, campaign: Campaign) -> Release:
    """Twelve speakers with two clips each: six said that they are in their thirties, four in their
    fifties; half of it was lent in March, by all of them, and one clip in April."""
    for n in range(12):
        band = {0: "thirties", 1: "thirties", 2: "fifties"}.get(n % 3, "")
        part = join(campaign, n, age_band=band, gender="non-binary")
        for word, snr_db in (("yes", 10.0 + n), ("no", 30.0)):
            clip = accepted_row(part, word, snr_db=snr_db, duration_s=0.5 + n / 10)
            at = datetime(2026, 4 if (n, word) == (11, "no") else 3, 5, tzinfo=UTC)
            Clip.objects.filter(pk=clip.pk).update(received_at=at)
    cut(curator, campaign)
    return Release.objects.get()


def page(person: Person, release: Release, query: str = "") -> str:
    response: Any = person.client.get(f"/releases/{release.pk}/{query}")
    assert response.status_code == 200
    html: str = response.content.decode()
    return html


def numbers(html: str, code: str) -> dict[str, str]:
    """The table behind a plot."""
    figure = html.partition(f'id="figure-{code}"')[2].partition("</figure>")[0]
    return dict(re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', figure))


def rows(html: str, code: str) -> dict[str, str]:
    figure = html.partition(f'id="figure-{code}"')[2].partition("</figure>")[0]
    return dict(re.findall(r'class="label">(.*?)</span> <span>(.*?)</span>', figure))


def test_each_plot_says_the_same_in_numbers(stranger: Person, release: Release):
    html = page(stranger, release)
    assert rows(html, "keywords") == {"yes": "12", "no": "12"}
    assert numbers(html, "speakers") == {"1": "0", "2\u20135": "12"}
    assert sum(map(int, numbers(html, "durations").values())) == 24
    assert sum(map(int, numbers(html, "snr").values())) == 24
    assert rows(html, "votes") == {"2 for, 0 against": "24"}
    assert "Half of the clips last between" in html
    assert not re.search(r"<style|\sstyle=", html)


def test_groups_of_under_five_people_are_not_told(stranger: Person, release: Release):
    told = rows(page(stranger, release), "ages")
    assert told == {"30 to 39": "16 clips", "Not told, or by under five people": "8 clips"}


def test_a_month_of_under_five_people_is_counted_with_another(stranger: Person, release: Release):
    html = page(stranger, release)
    assert 'id="figure-time"' not in html, "with April in March there is but one month left"


def test_figures_are_counted_once_for_each_revision(release: Release, monkeypatch: Any):
    first = figures_of_release(release)
    assert (first.revision, first.is_counting) == (0, False)
    monkeypatch.setattr("corpus.services.counting.count", None)
    assert figures_of_release(release) == first


def test_figures_of_a_large_release_are_counted_beside_the_web_server(
    stranger: Person, release: Release, monkeypatch: Any
):
    def state() -> dict[str, Any]:
        answer: Any = stranger.get(f"releases/{release.pk}/figures")
        found: dict[str, Any] = answer.json()
        return found

    monkeypatch.setattr("corpus.services.counting.COUNTED_AT_ONCE", 5)
    assert state() == {"revision": 0, "counted_revision": None, "is_counting": True}
    html = page(stranger, release)
    assert "<choir-counting" in html and 'id="figure-' not in html
    assert "<dd>24</dd>" in html, "how much it holds is known from when it was frozen"
    assert count_figures() == 1
    assert count_figures() == 0, "nobody waits any more"
    assert state() == {"revision": 0, "counted_revision": 0, "is_counting": False}
    assert rows(page(stranger, release), "keywords") == {"yes": "12", "no": "12"}
    release.entries.filter(text="no").update(is_withdrawn=True)
    Release.objects.filter(pk=release.pk).update(revision=1)
    html = page(stranger, release)
    assert "These figures are of revision 0." in html
    assert rows(html, "keywords") == {"yes": "12", "no": "12"}, "those before, until then"
    assert count_figures() == 1
    html = page(stranger, release)
    assert "<choir-counting" not in html and rows(html, "keywords") == {"yes": "12"}
    assert "12 clips taken back since" in html


def test_the_datasheet_says_what_was_frozen_also_after_a_withdrawal(
    stranger: Person, release: Release, campaign: Campaign
):
    Campaign.objects.filter(pk=campaign.pk).update(description="Other words.", name="Other")
    release.entries.filter(text="no").update(is_withdrawn=True)
    Release.objects.filter(pk=release.pk).update(revision=1)
    html = page(stranger, release)
    assert "Words. When it was frozen it held 24 clips of 12 speakers" in html
    assert "@misc{words-v1," in html and "12 clips taken back since" in html


def test_each_format_shows_its_three_lines_and_its_command(stranger: Person, release: Release):
    for name, exporter in EXPORTERS.items():
        shown = page(stranger, release, f"?format={name}").partition('id="format"')[2]
        assert escape(exporter.usage) in shown
        assert f"--release {release.pk} --format {name} words-1" in shown, "the one command"


def test_the_terms_are_signed_on_the_page(
    stranger: Person, researcher: Person, curator: Person, release: Release, campaign: Campaign
):
    body = {"body": "Identify nobody."}
    terms: Any = curator.post(f"campaigns/{campaign.slug}/terms", body).json()  # type: ignore[attr-defined]
    assert "Identify nobody." in page(stranger, release)
    assert 'name="sign"' not in page(stranger, release)
    signed = f"{terms['version']}:{terms['sha256']}"
    assert f'value="{signed}"' in page(researcher, release)
    assert "Download NeMo" not in page(researcher, release, "?format=nemo")
    changed = researcher.client.post(f"/releases/{release.pk}/", {"sign": "1:00"}, follow=True)
    assert "The terms have changed" in changed.content.decode()
    assert not TermsSignature.objects.exists()
    done = researcher.client.post(f"/releases/{release.pk}/", {"sign": signed}, follow=True)
    assert "You have signed the terms" in done.content.decode()
    assert TermsSignature.objects.get().sha256 == terms["sha256"]
    assert "Download NeMo" in page(researcher, release, "?format=nemo")


def test_only_what_everybody_may_hear_is_a_sample(
    speaker: Person,
    stranger: Person,
    curator: Person,
    campaign: Campaign,
    reviewer: Person,
    second_reviewer: Person,
):
    clip = accepted(speaker, campaign, "yes", (reviewer, second_reviewer))
    quiet = Person(Client())
    quiet.consent(campaign, Purpose.RESEARCH_RELEASE)
    unheard = accepted(quiet, campaign, "stop", (reviewer, second_reviewer))
    release = Release.objects.get(pk=cut(curator, campaign)["id"])
    path = f"releases/{release.pk}/samples"
    html = page(stranger, release)
    assert f"{path}/{clip.pk}" in html and str(unheard.pk) not in html
    heard: Any = stranger.get(f"{path}/{clip.pk}")
    assert (heard.status_code, heard["Content-Type"]) == (200, "audio/webm")
    assert heard["Cache-Control"] == "private, no-store"
    assert stranger.get(f"{path}/{unheard.pk}").status_code == 404
    ConsentEvent.objects.create(
        participation=clip.participation, kind="withdrawn", text=clip.consent.text,
        purposes=[Purpose.PUBLIC_PLAYBACK],
    )  # fmt: skip
    assert stranger.get(f"{path}/{clip.pk}").status_code == 404, "from this moment on"
    assert str(clip.pk) not in page(stranger, release)
