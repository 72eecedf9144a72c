"""Which model serves which language."""

from __future__ import annotations

import pytest

from validation.scoring.models.tags import best_tag


@pytest.mark.parametrize(
    ("wanted", "available", "found"),
    [
        ("en", ["en"], "en"),
        ("EN-us", ["en"], "en"),
        ("EN_us", ["en"], "en"),
        ("pt-BR", ["pt", "pt_BR"], "pt_BR"),
        ("de-AT", ["en", "de"], "de"),
        ("de-AT", ["de", "de-AT"], "de-AT"),
        ("de", ["de-AT"], None),
        ("zh-Hant-TW", ["zh", "zh-Hant"], "zh-Hant"),
        ("zh-Hant-x-private", ["zh-Hant"], "zh-Hant"),
        ("de-DE-u-co-phonebk", ["de-de"], "de-de"),
        ("gsw", ["de", "en"], None),
        ("gsw", ["de", "*"], "*"),
        ("de", ["*", "de"], "de"),
        ("deu", ["de"], None),
        ("", ["en"], None),
        ("-", ["en"], None),
    ],
)
def test_subtags_are_taken_off_until_one_fits(wanted: str, available: list[str], found: str | None):
    assert best_tag(wanted, available) == found
