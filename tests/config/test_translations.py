"""The interface in every language: all texts are found, and all are translated."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from config import translations

LANGUAGES = [code for code, _ in settings.LANGUAGES if code != translations.SOURCE_LANGUAGE]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with texts in all the places where texts can be."""
    files = {
        "collector/rules.py": 'A = _("Plain")\nB = ngettext("{n} clip", "{n} clips", n)\ncall(_)',
        "collector/migrations/0001_initial.py": 'A = _("Old")',
        "corpus/templates/corpus/page.html": "{% load i18n %}\n<p>{% translate 'Listen' %}</p>"
        "{% blocktranslate count n=n %}{{ n }} take{% plural %}{{ n }} takes"
        "{% endblocktranslate %}",
        "frontend/record/view.ts": 'html`<p>${on ? html`<b>${t("Say {word}", { word })}</b>` : ""}'
        '</p>${tn(\n  "{count} word",\n  "{count} words",\n  n,\n)}${set("no text")}`',
        "frontend/record/view.test.ts": 't("Only a test")',
        "frontend/node_modules/lib/a.ts": 't("Somebody else")',
    }
    for name, code in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(code, encoding="utf-8")
    return tmp_path


def test_texts_are_found_in_python_and_templates(project: Path) -> None:
    found = {text for _, _, text, _ in translations.texts(project, "django")}
    assert found == {
        "Plain",
        ("{n} clip", "{n} clips"),
        "Listen",
        ("%(n)s take", "%(n)s takes"),
    }


def test_texts_are_found_in_scripts_with_templates_inside_templates(project: Path) -> None:
    found = {text for _, _, text, _ in translations.texts(project, "djangojs")}
    assert found == {"Say {word}", ("{count} word", "{count} words")}


def test_what_a_catalogue_lacks_is_said(project: Path) -> None:
    translations.update(project, "de", "djangojs")
    assert len(translations.faults(project, "de", "djangojs")) == 2
    path = translations.catalogue_path(project, "de", "djangojs")
    text = path.read_text(encoding="utf-8")
    done = text.replace('"Say {word}"\nmsgstr ""', '"Say {word}"\nmsgstr "Sag {wort}"')
    done = done.replace('msgstr[0] ""', 'msgstr[0] "ein Wort"')
    path.write_text(done.replace('msgstr[1] ""', 'msgstr[1] "{count} Wörter"'), encoding="utf-8")
    assert translations.faults(project, "de", "djangojs") == [
        "de/djangojs: 'Say {word}' has other placeholders than its translation 'Sag {wort}'"
    ]


def test_an_update_keeps_what_is_translated_and_drops_what_is_gone(project: Path) -> None:
    translations.update(project, "es", "djangojs")
    path = translations.catalogue_path(project, "es", "djangojs")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('}"\nmsgstr ""', '}"\nmsgstr "Di {word}"'), encoding="utf-8")
    (project / "frontend/record/view.ts").write_text('t("Say {word}"); t("New")', encoding="utf-8")
    translations.update(project, "es", "djangojs")
    catalogue = {
        message.id: message.string for message in translations.read(project, "es", "djangojs")
    }
    assert catalogue["Say {word}"] == "Di {word}"
    assert catalogue["New"] == ""
    assert ("{count} word", "{count} words") not in catalogue


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("domain", translations.DOMAINS)
def test_no_text_is_untranslated(language: str, domain: str) -> None:
    assert translations.faults(settings.BASE_DIR, language, domain) == []


@pytest.mark.django_db
def test_the_language_that_a_visitor_chose_stays(client: Client) -> None:
    home = reverse("home")
    answer = client.post(reverse("set_language"), {"language": "de", "next": home})
    assert answer.status_code == 302
    assert answer.headers["Location"] == home
    assert answer.cookies["django_language"]["max-age"] >= 30 * 24 * 3600
    page = client.get(home).content.decode()
    assert '<html lang="de"' in page
    assert "Kampagnen" in page
