"""A curator sees what a release would hold before it is cut, on a page without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest

from collector.models import Campaign
from corpus.models import Release
from tests.corpus.rows import accepted_row, join
from tests.people import Person

PAGE = "/c/words/releases/new/"
PLAIN = {"validation_percent": "10", "testing_percent": "10", "split_rule": "speaker"}


@pytest.fixture
def crowd(campaign: Campaign) -> Campaign:
    """Eight speakers who each said yes, for 3.6 seconds; one of them also no, thrice as noisy."""
    parts = [join(campaign, n) for n in range(8)]
    for part in parts:
        accepted_row(part, "yes", duration_s=3.6)
    accepted_row(parts[0], "no", duration_s=3.6, snr_db=5.0)
    return campaign


def post(curator: Person, do: str, **said: Any) -> Any:
    return curator.client.post(PAGE, {**PLAIN, "do": do, **said})


def shown(page: Any) -> dict[str, list[str]]:
    """The preview's table: of each part its clips, speakers and hours."""
    html = page.content.decode()
    found = re.findall(
        r'<th scope="row">(.*?)</th>\s*<td>(.*?)</td>\s*<td>(.*?)</td>\s*<td>(.*?)</td>', html
    )
    return {label: numbers for label, *numbers in found}


def seen(page: Any) -> str:
    """The mark of the recipe whose figures are shown."""
    return page.content.decode().partition('name="seen" value="')[2].partition('"')[0]


def test_only_curators_come_here(
    crowd: Campaign, curator: Person, researcher: Person, stranger: Person
):
    assert PAGE in curator.client.get("/c/words/releases/").content.decode()
    assert PAGE not in researcher.client.get("/c/words/releases/").content.decode()
    assert curator.client.get(PAGE).status_code == 200
    assert researcher.client.get(PAGE).status_code == 403
    assert "/accounts/login/" in stranger.client.get(PAGE).url  # type: ignore[attr-defined]


def test_the_figures_come_first_and_the_button_with_them(crowd: Campaign, curator: Person):
    opened = curator.client.get(PAGE)
    assert 'value="cut"' not in opened.content.decode()
    page = post(curator, "preview")
    table = shown(page)
    assert table["In all"] == ["9", "8", "0.009"]
    assert sum(int(table[split][0]) for split in ("Training", "Validation", "Testing")) == 9
    assert Release.objects.count() == 0, "nothing is cut by looking"
    answer = post(curator, "cut", seen=seen(page))
    release = Release.objects.get()
    assert answer.url == f"/releases/{release.pk}/"
    assert release.entries.count() == 9


def test_what_was_not_looked_at_is_not_cut(crowd: Campaign, curator: Person):
    mark = seen(post(curator, "preview"))
    for said in ({}, {"seen": "other"}, {"seen": mark, "snr_db_min": "10"}):
        page = post(curator, "cut", **said)
        assert "look at the new figures" in page.content.decode()
    assert Release.objects.count() == 0
    assert shown(page)["In all"] == ["8", "8", "0.008"], "what the changed recipe would hold"


def test_filters_and_caps_leave_out_what_they_say(crowd: Campaign, curator: Person):
    said = {"kinds": ["keyword"], "clips_per_speaker_max": "1", "split_rule": "strict-speaker"}
    page = post(curator, "preview", **said)
    assert shown(page)["In all"][:2] == ["8", "8"]
    post(curator, "cut", **said, seen=seen(page))
    recipe = Release.objects.get().recipe
    assert (recipe["kinds"], recipe["clips_per_speaker_max"]) == (["keyword"], 1)
    assert recipe["split_rule"] == "strict-speaker"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"match_min": "2"}, "match_min"),
        ({"duration_s_min": "3", "duration_s_max": "2"}, "duration_s_min"),
        ({"validation_percent": "60", "testing_percent": "60"}, "testing_percent"),
        ({"validation_percent": "nan"}, "validation_percent"),
        ({"tags": ["no such tag"]}, "tags"),
        ({"split_rule": "fixed"}, "split_rule"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    said: dict[str, Any], name: str, crowd: Campaign, curator: Person
):
    page = post(curator, "preview", **said)
    assert list(page.context["form"].errors) == [name]
    assert "preview" not in page.context


def test_what_stands_against_it_is_shown_with_its_remedy(campaign: Campaign, curator: Person):
    page = post(curator, "preview").content.decode()
    assert "No clip fits the recipe." in page
    assert "Loosen its limits" in page
    assert 'value="cut"' not in page
    accepted_row(join(campaign, 1), "yes")
    page = post(curator, "preview").content.decode()
    assert "Nobody is in the split" in page, "a warning stops nothing"
    assert 'value="cut"' in page
